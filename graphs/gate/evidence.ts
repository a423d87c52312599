import { LRUCache } from 'lru-cache'
import { daysApart, isoDay } from './dates.ts'
import { daysKeys } from './durations.ts'
import { clausesOf, type Reading, readingOf, sentencesOf } from './sentences.ts'
import { ALWAYS, evidenceKeys, minorKey, type Value, valuesIn } from './values.ts'

/** Where a text comes from that a reply may rest on. */
export type Source =
  /** A version of an article. */
  | { article: string; version: number }
  /** The result of a tool that was run for this customer, or what an effect came to; `planned`: nothing is done yet. */
  | { tool: string; planned?: true | undefined }
  /** `customer`: their own words. `said`: what they were told before in this conversation. */
  | { by: 'customer' | 'said' }

/** A text, and data if there are any, with where they come from. */
export interface Exhibit {
  source: Source
  text: string
  data?: unknown
}

/** Everything that a reply may rest on. */
export interface Evidence {
  now: Date
  /** Where a value stands as it is; the best source first: article or tool, what was said, the customer. */
  find(value: Value): Source | undefined
  /** Where it follows from: a sum or difference of two amounts, the days between two dates. */
  derive(value: Value, sentence: string): Source | undefined
  /** The clauses of articles, tools and what was said, with where they stand. */
  clauses(): Clause[]
  /** Whether articles, tools or what was said have this in them. */
  mentions(pattern: RegExp): boolean
  /** Whether anybody has, the customer too. */
  knows(words: string): boolean
}

/** A clause of the evidence. */
export interface Clause extends Reading {
  text: string
  source: Source
}

/** Sums of more values than these would make any amount follow from something. */
const MOST_COMBINED = 24
const COMBINED =
  /\b(?:total|together|altogether|sum|combined|overall|in all|add(?:s|ed)? up|both|plus|minus|less|left|remain\w*|rest|difference|after|deduct\w*|makes|comes? to|leav\w*|not (?:yet )?been|each|so far|zusammen|insgesamt|abzüglich|total|reste)\b/i
const BETWEEN = /\b(?:left|more|ago|since|after|before|until|later|earlier|remain\w*|in \d|still|over|past|leav\w*)\b/i
const NODES = 2_000

/** Reads what a reply may rest on: articles and tools first, and the thread only where those do not answer. */
export function createEvidence(exhibits: Exhibit[], now: Date): Evidence {
  const ranked = [0, 1, 2].map((wanted) => exhibits.filter(({ source }) => rank(source) === wanted))
  const [found = [], said = [], customers = []] = ranked
  const stages = [found, said, customers].map((stage) => lazily(() => indexOf(stage, now)))
  const clauses = lazily(() =>
    [...found, ...said].flatMap(({ source, text }) => readClauses(text).map((clause) => ({ ...clause, source }))),
  )
  const words = lazily(() =>
    exhibits
      .map(({ text, data }) => `${text}\n${data ? JSON.stringify(data) : ''}`)
      .join('\n')
      .toLowerCase(),
  )

  return {
    now,
    find({ keys }) {
      if (keys.includes(ALWAYS)) return { by: 'said' }
      for (const stage of stages)
        for (const key of keys) {
          const source = stage().get(key)
          if (source) return source
        }
      return undefined
    },
    derive({ kind, keys }, sentence) {
      const combined = kind === 'money' && COMBINED.test(sentence)
      if (!combined && kind !== 'duration') return undefined
      const known = stages.flatMap((stage) => [...stage()])
      return combined ? derivedAmount(keys, known) : derivedDuration(keys, known, sentence, now)
    },
    clauses,
    mentions: (pattern) => [...found, ...said].some(({ text }) => pattern.test(text)),
    knows: (asked) => words().includes(asked.toLowerCase()),
  }
}

function indexOf(exhibits: Exhibit[], now: Date): Map<string, Source> {
  const index = new Map<string, Source>()
  for (const { source, text, data } of exhibits) {
    for (const key of readKeys(text, now)) put(index, key, source)
    if (data !== undefined && data !== null) readData(data, now, (key) => put(index, key, source))
  }
  return index
}

/** Articles and earlier messages are read turn after turn: what was in them is kept for a while. */
const KEPT = 500
const keysKept = new LRUCache<string, string[]>({ max: KEPT })
const clausesKept = new LRUCache<string, Omit<Clause, 'source'>[]>({ max: KEPT })

function readKeys(text: string, now: Date): string[] {
  // A day such as “tomorrow” is another one tomorrow.
  const key = `${isoDay(now)} ${text}`
  const known = keysKept.get(key)
  if (known) return known
  const keys = valuesIn(text, now).flatMap(evidenceKeys)
  keysKept.set(key, keys)
  return keys
}

function readClauses(text: string): Omit<Clause, 'source'>[] {
  const known = clausesKept.get(text)
  if (known) return known
  const clauses = sentencesOf(text)
    .flatMap(clausesOf)
    .map((clause) => ({ ...readingOf(clause), text: clause }))
  clausesKept.set(text, clauses)
  return clauses
}

function lazily<V>(make: () => V): () => V {
  let value: V | undefined
  return () => {
    value ??= make()
    return value
  }
}

function rank(source: Source): number {
  if (!('by' in source)) return 0
  return source.by === 'said' ? 1 : 2
}

function put(found: Map<string, Source>, key: string, source: Source): void {
  if (!found.has(key)) found.set(key, source)
}

/** Amounts are `{ minor, currency }`; how long a list is, is a number too. */
function readData(data: unknown, now: Date, add: (key: string) => void): void {
  let nodes = 0
  const walk = (value: unknown): void => {
    nodes += 1
    if (nodes > NODES) return
    if (typeof value === 'number') add(`n:${value}`)
    else if (typeof value === 'string') {
      if (/\d|@/.test(value)) for (const each of valuesIn(value, now)) for (const key of evidenceKeys(each)) add(key)
    } else if (Array.isArray(value)) {
      add(`n:${value.length}`)
      for (const each of value) walk(each)
    } else if (typeof value === 'object' && value !== null) {
      const { minor, currency } = value as { minor?: unknown; currency?: unknown }
      if (typeof minor === 'number' && typeof currency === 'string') add(minorKey(currency, minor))
      else for (const each of Object.values(value)) walk(each)
    }
  }
  walk(data)
}

/** Sums, differences and small multiples of what tools and articles say; the customer's own figures count with them. */
function derivedAmount(keys: string[], known: [string, Source][]): Source | undefined {
  const amounts = known.filter(([key]) => key.startsWith('money:')).slice(0, MOST_COMBINED)
  const read = amounts.map(([key, source]) => {
    const [, currency = '', minor = ''] = key.split(':')
    return { currency, minor: Number(minor), source }
  })
  const wanted = new Set(keys)
  for (const [index, one] of read.entries()) {
    for (const times of [2, 3, 4]) if (wanted.has(minorKey(one.currency, one.minor * times))) return one.source
    for (const other of read.slice(index + 1)) {
      if (one.currency !== other.currency) continue
      const sums = [one.minor + other.minor, Math.abs(one.minor - other.minor)]
      if (sums.some((minor) => wanted.has(minorKey(one.currency, minor)))) return one.source
    }
  }
  const all = read.filter(({ source, currency }) => 'tool' in source && currency === read[0]?.currency)
  const sum = all.reduce((total, { minor }) => total + minor, 0)
  return all[0] && wanted.has(minorKey(all[0].currency, sum)) ? all[0].source : undefined
}

function derivedDuration(keys: string[], known: [string, Source][], sentence: string, now: Date): Source | undefined {
  const wanted = new Set(keys)
  if (BETWEEN.test(sentence)) {
    const today = isoDay(now)
    const days = known.filter(([key]) => /^d:\d{4}/.test(key)).slice(0, MOST_COMBINED)
    const dated = [...days.map(([key, source]) => ({ day: key.slice(2), source })), { day: today, source: undefined }]
    for (const [index, one] of dated.entries())
      for (const other of dated.slice(index + 1))
        if (daysKeys(daysApart(one.day, other.day)).some((key) => wanted.has(key))) return one.source ?? other.source
  }
  if (!COMBINED.test(sentence)) return undefined
  for (const unit of ['s:', 'b:']) {
    const spans = known.filter(([key]) => key.startsWith(unit)).slice(0, MOST_COMBINED)
    for (const [index, [one, source]] of spans.entries())
      for (const [other] of spans.slice(index + 1)) {
        const [a, b] = [Number(one.slice(2)), Number(other.slice(2))]
        if (wanted.has(`${unit}${a + b}`) || wanted.has(`${unit}${Math.abs(a - b)}`)) return source
      }
  }
  return undefined
}
