import { isFunctionWord, stemOf } from '../words.ts'
import { withDigits, worthOf } from './numbers.ts'

/** A number in a sentence with what it measures. */
export interface Quantity {
  /** What can be compared: `duration`, `money:EUR`, `percent`, `clock`, `date`, `kg`, `count:devic` … */
  dimension: string
  /** In the dimension's smallest unit; of a single number both are the same. */
  low: number
  high: number
  bound: 'exactly' | 'about' | 'at most' | 'at least'
  /** Counted in working days. */
  working: boolean
  /** `day`, `month` or `year` of a rate such as "EUR 5 a month". */
  per?: string | undefined
}

/** The quantities of a sentence, and the sentence with `§` in place of each. */
export interface ReadSentence {
  quantities: Quantity[]
  rest: string
}

const MINUTES: Record<string, number> = {
  second: 1 / 60,
  minute: 1,
  min: 1,
  hour: 60,
  hr: 60,
  day: 1440,
  week: 10_080,
  month: 43_200,
  quarter: 129_600,
  year: 525_600,
}
const SIZES: Record<string, [string, number]> = {
  kb: ['byte', 1e3],
  mb: ['byte', 1e6],
  gb: ['byte', 1e9],
  tb: ['byte', 1e12],
  g: ['weight', 1],
  kg: ['weight', 1000],
  mm: ['length', 1],
  cm: ['length', 10],
  m: ['length', 1000],
  km: ['length', 1e6],
  mbit: ['speed', 1],
  gbit: ['speed', 1000],
  '°c': ['temperature', 1],
}
const CURRENCIES: Record<string, string> = {
  '€': 'EUR',
  $: 'USD',
  '£': 'GBP',
  euro: 'EUR',
  dollar: 'USD',
  pound: 'GBP',
}
const MONTHS = 'january february march april may june july august september october november december'.split(' ')

const N = '\\d+(?:[.,]\\d+)*'
const MONTH = `(?:${MONTHS.map((name) => `${name}|${name.slice(0, 3)}\\b`).join('|')})`
const RANGE = `(${N})(?:\\s*(?:to|-|–|and)\\s*(${N}))?`
const MONEY_MARK = 'EUR|USD|GBP|CHF|€|\\$|£'
const PER = '(?:\\s*(?:an?|per|each|every|/)\\s*(day|week|month|year)\\b)?'

const DATE = new RegExp(
  `\\b(\\d{4})-(\\d{2})-(\\d{2})\\b|\\b(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})\\b|` +
    `\\b(\\d{1,2})(?:st|nd|rd|th)?\\.? (${MONTH})(?:,? (\\d{4}))?\\b|\\b(${MONTH}) (\\d{1,2})(?:st|nd|rd|th)?\\b(?:,? (\\d{4}))?`,
  'gi',
)
const CLOCK_ONE = '(\\d{1,2}):(\\d{2})(?: ?([ap])\\.?m\\b\\.?)?|(\\d{1,2}) ?([ap])\\.?m\\b\\.?'
const CLOCK = new RegExp(`(?:\\b(?:${CLOCK_ONE}))(?:\\s*(?:to|-|–|and|until)\\s*(?:${CLOCK_ONE}))?`, 'gi')
const MONEY = new RegExp(
  `(?:(${MONEY_MARK})\\s?${RANGE}|${RANGE}\\s?(€|£|EUR|USD|GBP|CHF|euros?|dollars?|pounds?)\\b)${PER}`,
  'gi',
)
const DURATION = new RegExp(
  `\\b${RANGE}[- ]?(?:(business|working|calendar)[- ])?(${Object.keys(MINUTES).join('|')})s?\\b`,
  'gi',
)
const PERCENT = new RegExp(`\\b${RANGE}\\s?(?:%|per ?cent\\b)`, 'gi')
const SIZE = new RegExp(`\\b${RANGE}\\s?(${Object.keys(SIZES).join('|')})(?![\\p{L}\\d])`, 'giu')
const COUNT = new RegExp(`\\b${RANGE} ((?:\\p{L}+ ){0,2}?)(\\p{L}{2,}s)\\b`, 'giu')

const BOUNDS: [Quantity['bound'], RegExp, RegExp?][] = [
  ['about', /\b(about|around|approximately|roughly|some|usually|typically)\s*$/i],
  ['at least', /\b(at least|from|minimum of|more than|over|above)\s*$/i, /^\s*(or more|at least|minimum)\b/i],
  [
    'at most',
    /\b(up to|within|at most|maximum of|no more than|less than|under|below|after)\s*$/i,
    /^\s*(at most|or less)\b/i,
  ],
]

/** Reads the numbers of a sentence. Ordinals, list numbers and numbers of nothing are not quantities. */
export function readQuantities(sentence: string): ReadSentence {
  let rest = withDigits(sentence)
  const quantities: Quantity[] = []
  type Read = (groups: (string | undefined)[]) => Omit<Quantity, 'bound'> | undefined
  const take = (pattern: RegExp, read: Read, left: (groups: (string | undefined)[]) => string = () => '') => {
    rest = rest.replace(pattern, (whole, ...more) => {
      const groups = more.slice(0, -2).filter((group) => typeof group !== 'number')
      const offset = more.findLast((value) => typeof value === 'number') as number
      const quantity = read(groups)
      if (!quantity) return whole
      quantities.push({ ...quantity, bound: boundAt(rest, offset, offset + whole.length) })
      return ` § ${left(groups)}`
    })
  }
  take(DATE, (groups) => {
    const day = dayNumber(groups)
    return day === undefined ? undefined : single(day < 400 ? 'day-of-year' : 'date', day)
  })
  take(CLOCK, (groups) => {
    const [from, to] = [clockOf(groups.slice(0, 5)), clockOf(groups.slice(5))]
    return from === undefined ? undefined : { dimension: 'clock', low: from, high: to ?? from, working: false }
  })
  take(MONEY, ([mark, low, high, lowBefore, highBefore, name = '', per]) => {
    const currency = (mark ?? name).toUpperCase()
    const known = CURRENCIES[mark ?? name] ?? CURRENCIES[name.toLowerCase().replace(/s$/, '')] ?? currency
    return { ...ranged(`money:${known}`, low ?? lowBefore, high ?? highBefore, 100), per }
  })
  take(DURATION, ([low, high, kind, unit = '']) => ({
    ...ranged('duration', low, high, MINUTES[unit.toLowerCase()] ?? 1),
    working: /business|working/i.test(kind ?? ''),
  }))
  take(PERCENT, ([low, high]) => ranged('percent', low, high, 1))
  take(SIZE, ([low, high, unit = '']) => {
    const [dimension, factor] = SIZES[unit.toLowerCase()] ?? [unit, 1]
    return ranged(dimension, low, high, factor)
  })
  take(
    COUNT,
    ([low, high, between = '', noun = '']) =>
      `${between}${noun}`.split(' ').some((word) => isFunctionWord(word.toLowerCase()))
        ? undefined
        : ranged(`count:${stemOf(noun.toLowerCase())}`, low, high, 1),
    ([, , between = '', noun = '']) => `${between}${noun}`,
  )
  return { quantities, rest }
}

/**
 * Whether two quantities of one dimension can both be right about one thing: equal (a month is 28 to 31 days, a working
 * week five), one range within the other, about the same where one says "about", or bounds of different sides.
 */
export function agree(a: Quantity, b: Quantity): boolean {
  if (a.per !== b.per && a.per && b.per) return true
  if (near(a.low, b.low, a, b) && near(a.high, b.high, a, b)) return true
  const sides = new Set([a.bound, b.bound])
  if (sides.has('at least') && sides.has('at most')) return true
  if (sides.has('about')) return Math.max(a.high, b.high) <= 1.5 * Math.min(a.high, b.high)
  if (a.dimension === 'clock') return false
  if (a.low === a.high && b.low === b.high) return false
  // "up to 15" and "10 to 15" agree; "up to 15" and "within 10" do not.
  const within = (inner: Quantity, outer: Quantity) => outer.low <= inner.low && inner.high <= outer.high
  return within(a, b) || within(b, a)
}

const WORKING_WEEK = 7 / 5

function near(one: number, other: number, a: Quantity, b: Quantity): boolean {
  if (one === other) return true
  if (a.dimension !== 'duration') return false
  if (a.working !== b.working) {
    const [working, calendar] = a.working ? [one, other] : [other, one]
    return calendar >= Math.floor(working * WORKING_WEEK) && calendar <= working * WORKING_WEEK + 2880
  }
  const [less, more] = [Math.min(one, other), Math.max(one, other)]
  // From here on, a month or a year may be what makes the difference: 12 × 30 days are a year.
  return less >= 40_000 && more / less <= 1.04
}

function boundAt(text: string, start: number, end: number): Quantity['bound'] {
  const [before, after] = [text.slice(0, start), text.slice(end)]
  return BOUNDS.find(([, ahead, behind]) => ahead.test(before) || behind?.test(after))?.[0] ?? 'exactly'
}

function single(dimension: string, value: number) {
  return { dimension, low: value, high: value, working: false }
}

function ranged(dimension: string, low = '', high: string | undefined, factor: number) {
  const from = Math.round(worthOf(low) * factor * 1000) / 1000
  const to = high === undefined ? from : Math.round(worthOf(high) * factor * 1000) / 1000
  return { dimension, low: from, high: to, working: false }
}

function clockOf([hour, minutes, half, hourAlone, halfAlone]: (string | undefined)[]): number | undefined {
  const digits = hour ?? hourAlone
  if (digits === undefined) return undefined
  const afternoon = (half ?? halfAlone)?.toLowerCase() === 'p' && Number(digits) < 12 ? 12 : 0
  return (Number(digits) + afternoon) * 60 + Number(minutes ?? 0)
}

/** Days since 1970, or the day of a leap year where no year is given. */
function dayNumber(groups: (string | undefined)[]): number | undefined {
  const [y1, m1, d1, d2, m2, y2, d3, name3, y3, name4, d4, y4] = groups
  const month =
    Number(m1 ?? m2) || MONTHS.findIndex((full) => full.startsWith((name3 ?? name4 ?? '?').toLowerCase())) + 1
  const day = Number(d1 ?? d2 ?? d3 ?? d4)
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined
  const year = y1 ?? y2 ?? y3 ?? y4
  const since = Date.UTC(Number(year ?? 1972), month - 1, day) / 86_400_000
  return year ? since : since - Date.UTC(1972, 0, 1) / 86_400_000
}
