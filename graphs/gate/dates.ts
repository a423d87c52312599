const MONTHS = new Map<string, number>()
for (const names of [
  'january february march april may june july august september october november december',
  'jan feb mar apr may jun jul aug sep oct nov dec',
  'januar februar märz april mai juni juli august september oktober november dezember',
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
])
  for (const [index, name] of names.split(' ').entries()) MONTHS.set(name, index + 1)
MONTHS.set('sept', 9)

const MONTH = [...MONTHS.keys()].sort((left, right) => right.length - left.length).join('|')
const DAY_FIRST = new RegExp(
  `(?<![\\p{L}\\d.])(\\d{1,2})(?:st|nd|rd|th|er|\\.|º)?\\s+(?:of\\s+|de\\s+)?(${MONTH})\\b\\.?(?:,?\\s+(?:de\\s+)?(\\d{4}))?`,
  'giu',
)
const MONTH_FIRST = new RegExp(
  `(?<![\\p{L}\\d])(${MONTH})\\b\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?(?![\\d.:])(?:,?\\s+(\\d{4}))?`,
  'giu',
)
const ISO = /\b(\d{4})-(\d{2})-(\d{2})(?:T[\d:.]+Z?)?/g
const NUMERIC = /(?<![\d.])(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/g
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const WEEKDAY = /\b(sunday|monday|tuesday|wednesday|thursday|friday|saturday)s?\b/gi
const RELATIVE = /\b(day before yesterday|yesterday|day after tomorrow|tomorrow)\b/gi
const AWAY = { 'day before yesterday': -2, yesterday: -1, tomorrow: 1, 'day after tomorrow': 2 } as const

const DAY = 86_400_000

/** A date as a text has it, with every day that it can mean. */
export interface WrittenDate {
  text: string
  at: number
  /** `2026-11-03`, or `11-03` where no year is written. */
  days: string[]
}

/** The dates of a text; `03/11/2026` may be either of two. */
export function datesIn(text: string, now: Date): WrittenDate[] {
  const found: WrittenDate[] = []
  const add = (match: RegExpMatchArray, ...days: (string | undefined)[]) => {
    const real = days.filter((day) => day !== undefined)
    if (real.length > 0) found.push({ text: match[0], at: match.index ?? 0, days: real })
  }
  if (/\d/.test(text)) {
    for (const match of text.matchAll(ISO)) add(match, dayOf(match[1], match[2], match[3]))
    for (const match of text.matchAll(NUMERIC)) {
      const year = match[4]?.length === 2 ? `20${match[4]}` : match[4]
      add(match, dayOf(year, match[3], match[1]), dayOf(year, match[1], match[3]))
    }
    for (const match of text.matchAll(DAY_FIRST)) add(match, dayOf(match[3], monthOf(match[2]), match[1]))
    for (const match of text.matchAll(MONTH_FIRST)) add(match, dayOf(match[3], monthOf(match[1]), match[2]))
  }
  for (const match of text.matchAll(RELATIVE)) {
    const away = AWAY[match[0].toLowerCase() as keyof typeof AWAY]
    add(match, isoDay(new Date(now.getTime() + away * DAY)))
  }
  return found
}

/** The days of the week that a text names, 0 for Sunday. */
export function weekdaysIn(text: string): { text: string; at: number; weekday: number }[] {
  return [...text.matchAll(WEEKDAY)].map((match) => ({
    text: match[0],
    at: match.index,
    weekday: WEEKDAYS.indexOf((match[1] ?? '').toLowerCase()),
  }))
}

/** 0 for Sunday; undefined without a year. */
export function weekdayOf(day: string): number | undefined {
  return day.length === 10 ? new Date(`${day}T00:00:00Z`).getUTCDay() : undefined
}

export function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10)
}

/** Days between two of them, whatever their order. */
export function daysApart(one: string, other: string): number {
  return Math.abs(Date.parse(one) - Date.parse(other)) / DAY
}

function monthOf(name: string | undefined): string {
  return String(MONTHS.get((name ?? '').toLowerCase()) ?? 0)
}

function dayOf(year: string | undefined, month: string | undefined, day: string | undefined): string | undefined {
  const [m, d] = [Number(month), Number(day)]
  if (!(m >= 1 && m <= 12 && d >= 1 && d <= 31)) return undefined
  const short = `${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`
  return year ? `${year}-${short}` : short
}
