import { LRUCache } from 'lru-cache'
import { datesIn, isoDay, weekdayOf, weekdaysIn } from './dates.ts'
import { durationsIn } from './durations.ts'
import { NUMBER, numberOf } from './numbers.ts'

/** What kind of thing a text states. */
export type ValueKind =
  | 'money'
  | 'percentage'
  | 'date'
  | 'weekday'
  | 'time'
  | 'duration'
  | 'identifier'
  | 'e-mail'
  | 'link'
  | 'phone'
  | 'number'

/** A value that a text states. */
export interface Value {
  kind: ValueKind
  /** As it is written. */
  text: string
  /** Two values are the same when they share one. */
  keys: string[]
}

const CURRENCY = 'EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|€|\\$|£'
const NAMES = `${CURRENCY}|euros?|dollars?|pounds?|cents?`
/** “A month” behind a price is a rate, not a span. */
const RATE =
  '(?:\\s*(?:/|per|an?|each|every|im|pro|par|al|por)\\s*(?:month|year|week|day|monat|jahr|mois|an|mes|año)(?!\\p{L}))?'
const MONEY_AFTER = new RegExp(`(?<![\\p{L}\\d])(${CURRENCY})\\s?(\\d+(?:[.,]\\d+)*)${RATE}`, 'giu')
const MONEY_BEFORE = new RegExp(
  `(?<![\\p{L}\\d.,])(${NUMBER})[\\s-]?(${NAMES})(?!\\p{L})(?:\\s(\\d{2}|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?![\\p{L}\\d]))?${RATE}`,
  'giu',
)
const SYMBOLS: Record<string, string> = {
  ...{ '€': 'EUR', $: 'USD', '£': 'GBP', euro: 'EUR', euros: 'EUR', dollar: 'USD', dollars: 'USD' },
  ...{ pound: 'GBP', pounds: 'GBP', cent: 'EUR', cents: 'EUR' },
}
const PERCENTAGE = new RegExp(
  `(?<![\\p{L}\\d])(${NUMBER})\\s?(?:%|percent|per cent|prozent|pour cent|por ciento)`,
  'giu',
)
const TIME =
  /(?<![\d:.,-])([01]?\d|2[0-3]):([0-5]\d)(?:\s?([ap])\.?m\b\.?)?|(?<![\d:.,-])(1[0-2]|[1-9])(?:\.([0-5]\d))?\s?([ap])\.?m\b\.?|(?<![\d:.,-])([01]?\d|2[0-3])(?:[.:]([0-5]\d))?\s?uhr\b/gi
const LINK = /\bhttps?:\/\/[^\s<>"')\]]+|\b(?:[a-z0-9-]+\.)+(?:[a-z]{2,10})\/[^\s<>"')\]]*/gi
const EMAIL = /[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/gi
const PHONE = /(?<![\w.])\+\d[\d ()/-]{7,}\d|(?<![\w.-])0\d{2,4}[ /-]\d{3,}[\d -]*\d/g
const TOKEN = /(?<![\p{L}\d_])[\p{L}\d][\p{L}\d_-]*[\p{L}\d](?![\p{L}\d_])/gu
const MEASURE = /^-?(\d+)(?:GB|MB|TB|GHz|MHz|Mbit|kg|g|cm|mm|m|km|W|V|mAh|px|p|K|x|st|nd|rd|th|s|min)$/i
const PLAIN = /(?<![\p{L}\d_])\d+(?:[.,]\d+)*(?![\d_])/gu
const NAMED_NUMBER = new RegExp(`(?<![\\p{L}\\d])${NUMBER.replace('\\d+(?:[.,]\\d+)*|', '')}`, 'giu')
/** Numbers of what the reply itself says, and the turn of speech. */
const ABOUT_ITSELF =
  /\b24\/7\b|\b\d+(?= (?:(?:more|short|quick|other|small) )?(?:questions?|things?|options?|steps?|ways?|points?|details?|possibilities|choices|tips|ideas)\b)/gi
/** A name with its number: `Mesh 6`, `Step 2`; small words have a capital only where a sentence begins. */
const NAMED_THING =
  /(?<![\p{L}\d])(?!(?:Only|Just|About|Around|Up|Over|At|Within|After|For|In|By|On|The|Your|My|Our|These|All|Both|Under|Until|From|With|We|You|Then|Exactly|Maximum|Minimum|Roughly|Nearly|Almost|Another|Last|Next|Every|Of|Be|Is|Are|Have|Has|Get|Allow|Wait)\b)\p{Lu}\p{L}+ \d{1,2}(?![\d.,-]*\d)(?=\W|$)/gu

/**
 * Every value of a piece of text: amounts, dates, spans, identifiers and plain numbers, in whatever form they are
 * written. Each part of the text is read once, as the most telling kind that fits.
 */
export function valuesIn(text: string, now: Date): Value[] {
  // A day such as “tomorrow” is another one tomorrow.
  const key = `${isoDay(now)} ${text}`
  const known = kept.get(key)
  if (known) return known
  const values = readValues(text, now)
  kept.set(key, values)
  return values
}

/** Whether there is a number at all, and what a span without one begins with: most sentences have neither. */
const COUNTS = new RegExp(`(?<!\\p{L})${NUMBER}`, 'iu')
const SPANS = /\b(?:an?|half|une?|ein\w*|fortnight)\b/i

/** A sentence is read for each check, and what was said before at each reply. */
const KEPT = 2_000
const kept = new LRUCache<string, Value[]>({ max: KEPT })

function readValues(text: string, now: Date): Value[] {
  const values: Value[] = []
  let rest = text
  const take = (kind: ValueKind, at: number, written: string, keys: string[]) => {
    values.push({ kind, text: written.trim(), keys })
    rest = blank(rest, at, written.length)
  }
  const each = (pattern: RegExp, read: (match: RegExpExecArray | RegExpMatchArray) => void) => {
    for (const match of [...rest.matchAll(pattern)]) read(match)
  }

  if (rest.includes('@'))
    each(EMAIL, (match) => {
      const address = match[0].replace(/\.$/, '')
      take('e-mail', match.index ?? 0, address, [`e:${address.toLowerCase()}`])
    })
  if (rest.includes('/'))
    each(LINK, (match) => {
      const link = match[0].replace(/[.,;:!?]+$/, '')
      take('link', match.index ?? 0, link, [`l:${link.toLowerCase().replace(/^https?:\/\/|\/$/g, '')}`])
    })
  if (/\d/.test(rest))
    each(PHONE, (match) => take('phone', match.index ?? 0, match[0], [`f:${match[0].replace(/\D/g, '')}`]))
  const counts = COUNTS.test(rest)
  if (counts) readMoney(each, take)
  if (counts)
    each(PERCENTAGE, (match) => take('percentage', match.index ?? 0, match[0], [`p:${numberOf(match[1] ?? '')}`]))
  for (const { text: written, at, days } of datesIn(rest, now)) {
    if (rest.slice(at, at + written.length) !== written) continue
    take('date', at, written, days.flatMap(dateKeys))
  }
  if (/\d/.test(rest)) each(TIME, (match) => take('time', match.index ?? 0, match[0], [`t:${minutesOf(match)}`]))
  for (const { text: written, at, keys } of counts || SPANS.test(rest) ? durationsIn(rest) : []) {
    values.push({ kind: 'duration', text: written, keys })
    rest = blank(rest, at, written.length)
  }
  for (const { text: written, at, weekday } of weekdaysIn(rest)) take('weekday', at, written, [`w:${weekday}`])
  if (/\d/.test(rest)) readPlain(rest, each, take)
  if (counts) each(NAMED_NUMBER, (match) => take('number', match.index ?? 0, match[0], [`n:${numberOf(match[0])}`]))
  return values
}

/** The keys by which evidence is found: those of the value itself, and what lies in it. */
export function evidenceKeys({ kind, text, keys }: Value): string[] {
  if (kind === 'date') {
    const weekdays = keys.flatMap((key) => weekdayOf(key.slice(2)) ?? [])
    const year = /\d{4}/.exec(text)?.[0]
    const days = keys.flatMap((key) => (key.startsWith('d:') ? [`o:${Number(key.slice(-2))}`] : []))
    return [
      ...datesAnswering(keys),
      ...weekdays.map((weekday) => `w:${weekday}`),
      ...days,
      ...(year ? [`n:${year}`] : []),
    ]
  }
  if (kind === 'link' || kind === 'e-mail')
    return [...keys, ...[...text.matchAll(TOKEN)].flatMap(([token]) => identifierKey(token) ?? [])]
  return [...keys, ...numbersOf(text)]
}

/** The key of a code such as `LF-10234`, however it is written; undefined for anything else. */
export function identifierKey(token: string): string | undefined {
  if (!/\p{L}/u.test(token) || (token.match(/\d/g)?.length ?? 0) < 3 || MEASURE.test(token)) return undefined
  return `i:${token.replace(/[^\p{L}\d]/gu, '').toUpperCase()}`
}

type Each = (pattern: RegExp, read: (match: RegExpMatchArray) => void) => void
type Take = (kind: ValueKind, at: number, written: string, keys: string[]) => void

function readMoney(each: Each, take: Take): void {
  each(MONEY_AFTER, (match) => {
    const [written, symbol = '', amount = ''] = match
    take('money', match.index ?? 0, written, [moneyKey(symbol, numberOf(amount))])
  })
  each(MONEY_BEFORE, (match) => {
    const [written, amount = '', symbol = '', more] = match
    const cents = /^cents?$/i.test(symbol)
    const whole = numberOf(amount) / (cents ? 100 : 1)
    take('money', match.index ?? 0, written, [moneyKey(symbol, whole + (more ? numberOf(more) / 100 : 0))])
  })
}

function readPlain(text: string, each: Each, take: Take): void {
  for (const [match] of text.matchAll(ABOUT_ITSELF)) if (match) each(escaped(match), (found) => skip(take, found))
  each(NAMED_THING, (found) => skip(take, found))
  each(TOKEN, (match) => {
    const key = identifierKey(match[0])
    const measure = MEASURE.exec(match[0])
    const ordinal = /^(\d{1,2})(?:st|nd|rd|th)$/i.exec(match[0])
    if (key) take('identifier', match.index ?? 0, match[0], [key])
    else if (ordinal) take('number', match.index ?? 0, match[0], [`o:${Number(ordinal[1])}`, `n:${Number(ordinal[1])}`])
    else if (measure) take('number', match.index ?? 0, match[0], [`n:${Number(measure[1])}`])
  })
  each(PLAIN, (match) => take('number', match.index ?? 0, match[0], [`n:${plainNumber(match[0])}`]))
}

function skip(take: Take, match: RegExpMatchArray): void {
  take('number', match.index ?? 0, match[0], [ALWAYS])
}

/** The key of what needs no evidence. */
export const ALWAYS = 'always'

function escaped(text: string): RegExp {
  return new RegExp(`(?<!\\d)${text.replace(/[/.]/g, '\\$&')}(?!\\d)`, 'g')
}

/** The key of an amount in minor units. */
export function minorKey(currency: string, minor: number): string {
  return `money:${currency}:${minor}`
}

function moneyKey(symbol: string, amount: number): string {
  const currency = SYMBOLS[symbol.toLowerCase()] ?? symbol.toUpperCase()
  return minorKey(currency, Math.round(amount * 100))
}

function dateKeys(day: string): string[] {
  // A year that only one of two texts names does not make them differ.
  return day.length === 10 ? [`d:${day}`, `d:*${day.slice(5)}`] : [`d:${day}`]
}

/** What of a date's keys answers a date that names a year, and one that does not. */
function datesAnswering(keys: string[]): string[] {
  return keys.flatMap((key) => {
    if (!key.startsWith('d:')) return [key]
    const day = key.slice(2).replace('*', '')
    return day.length === 10 ? [key, `d:${day.slice(5)}`] : key.includes('*') ? [] : [key, `d:*${day}`]
  })
}

function minutesOf(match: RegExpMatchArray): number {
  const hour = Number(match[1] ?? match[4] ?? match[7])
  const minute = Number(match[2] ?? match[5] ?? match[8] ?? 0)
  const half = (match[3] ?? match[6])?.toLowerCase()
  return ((half ? hour % 12 : hour) + (half === 'p' ? 12 : 0)) * 60 + minute
}

function numbersOf(text: string): string[] {
  const digits = text.match(/\d+(?:[.,]\d+)*/g) ?? []
  return digits.flatMap((number) => {
    const plain = plainNumber(number)
    return number.includes('.') || number.includes(',') ? [`n:${plain}`] : [`n:${plain}`, `n:${Number(number)}`]
  })
}

/** `2.4.1` stays a version, `007` stays as it is, `2,5` is `2.5`. */
function plainNumber(text: string): string {
  const separators = text.match(/[.,]/g)?.length ?? 0
  if (separators !== 1) return text
  return String(numberOf(text))
}

function blank(text: string, at: number, length: number): string {
  return text.slice(0, at) + ' '.repeat(length) + text.slice(at + length)
}
