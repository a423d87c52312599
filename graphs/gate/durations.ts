import { NUMBER, numberOf } from './numbers.ts'

const UNITS: [pattern: string, unit: Unit][] = [
  ['seconds?|secs?|sekunden?|secondes?|segundos?', 'second'],
  ['minutes?|mins?|minuten|minutos?', 'minute'],
  ['hours?|hrs?|stunden?|heures?|horas?', 'hour'],
  ['werktagen?|werktage?|arbeitstagen?|arbeitstage?|werkdagen', 'business'],
  ['days?|tagen?|tage?|jours?|d[ií]as?', 'day'],
  ['weeks?|wochen?|semaines?|semanas?', 'week'],
  ['months?|monaten?|monate?|mois|mes(?:es)?', 'month'],
  ['years?|yrs?|jahren?|jahre?|ans|années?|años?', 'year'],
]
type Unit = 'second' | 'minute' | 'hour' | 'business' | 'day' | 'week' | 'month' | 'year'

const ALL = UNITS.map(([pattern]) => pattern).join('|')
const DURATION = new RegExp(
  `(?<![\\p{L}\\d.,])(half an?|${NUMBER}|an?|ein(?:e[rmn]?)?|une?)(?:\\s*(?:-|–|to|bis|à|a|and|or|und|et|y)\\s*(${NUMBER}))?[\\s-]+(?:(?:more|full|whole|further|extra|weiteren?)\\s+)?((?:business|working|work)[\\s-])?(?:calendar[\\s-])?(${ALL})(?!\\p{L})(\\s+(?:ouvr(?:é|able)s?|laborables|h[aá]biles))?|(?<![\\p{L}\\d])fortnight(?!\\p{L})|(?<![\\p{L}\\d.,])(\\d+)(h|d)(?![\\p{L}\\d])`,
  'giu',
)
const EACH = UNITS.map(([pattern, unit]) => [new RegExp(`^(?:${pattern})$`, 'iu'), unit] as const)

const SECONDS: Partial<Record<Unit, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800 }

/** A span of time as a text has it. */
export interface WrittenDuration {
  text: string
  at: number
  /** Any of them is the same span: `s:` seconds, `b:` business days, `m:` months. */
  keys: string[]
}

/** The spans of time of a text; “2 to 4 days” is two of them. */
export function durationsIn(text: string): WrittenDuration[] {
  const found: WrittenDuration[] = []
  for (const match of text.matchAll(DURATION)) {
    const [whole, first, second, business, name, trailing, short, shortUnit] = match
    const span = { text: whole.trim(), at: match.index }
    if (name === undefined) {
      const keys = short ? keysOf(Number(short), shortUnit?.toLowerCase() === 'h' ? 'hour' : 'day') : keysOf(14, 'day')
      found.push({ ...span, keys })
      continue
    }
    // “A minute” is a manner of speaking.
    const article = /^(?:an?|une?|ein\p{L}*)$/iu.test(first ?? '')
    const unit = business || trailing ? 'business' : unitOf(name)
    if (article && (unit === 'second' || unit === 'minute')) continue
    for (const amount of [first, second])
      if (amount !== undefined) found.push({ ...span, keys: keysOf(amountOf(amount), unit) })
  }
  return found
}

/** The keys of so many days. */
export function daysKeys(days: number): string[] {
  return keysOf(days, 'day')
}

function amountOf(text: string): number {
  if (/^half/i.test(text)) return 0.5
  return /^(?:an?|une?|ein\p{L}*)$/iu.test(text) ? 1 : numberOf(text)
}

function unitOf(name: string): Unit {
  return EACH.find(([pattern]) => pattern.test(name))?.[1] ?? 'day'
}

function keysOf(amount: number, unit: Unit): string[] {
  if (unit === 'business') return [`b:${amount}`]
  if (unit === 'month' || unit === 'year') {
    const months = unit === 'year' ? amount * 12 : amount
    return [`m:${months}`, `s:${months * 30 * 86_400}`, ...(unit === 'year' ? [`s:${amount * 365 * 86_400}`] : [])]
  }
  const seconds = amount * (SECONDS[unit] ?? 0)
  const days = seconds / 86_400
  const months = days > 0 && days % 30 === 0 ? [`m:${days / 30}`] : days === 365 ? ['m:12'] : []
  return [`s:${seconds}`, ...months, ...(unit === 'week' ? [`b:${amount * 5}`] : [])]
}
