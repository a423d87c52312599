import { LRUCache } from 'lru-cache'
import type { Source } from './evidence.ts'
import { clausesOf, isQuestion, readingOf, sentencesOf } from './sentences.ts'
import { type Value, type ValueKind, valuesIn } from './values.ts'

/** Something that the customer was told before. */
export interface Told {
  text: string
  by: 'specialist' | 'agent' | 'system'
  /** What it rested on, as `articleId v3`. */
  rests: string[]
}

/** Something that is said now and does not fit what was said before. */
export interface Contradiction {
  before: string
  now: string
  /** Whether a newer version of an article or a tool says so: then it is a change, and has to be said as one. */
  newer: boolean
}

const COMPARED = new Set<ValueKind>(['money', 'percentage', 'duration', 'date', 'time'])
/** Words that belong to how a thing is said, not to what is meant. */
const NEUTRAL = new Set(
  'day week month hour minut busi work deliveri total actual current still realli exact within up eur euro now earlier correct told chang polici sinc yes cost'.split(
    ' ',
  ),
)
const MIN_SHARED = 2
const ALIKE = 0.75
const SAYS_SO =
  /\b(?:chang\w*|correct\w*|earlier|before|previously|instead of|no longer|different|updat\w*|was told|were told|told you|new(?:er)?|meanwhile|geändert|früher|modifi\w*|antes)\b/i
const FREE = /\b(?:free|costs? nothing|nothing to pay|at no (?:cost|charge)|no charge)\b/i

const RATE = /\p{L}+$/u

interface Said {
  about: Set<string>
  kind: ValueKind | 'whether'
  keys: string[]
  text: string
}

/**
 * Where a reply says another value, or the opposite, of the same thing as before. Two statements are about the same
 * thing when they have nearly the same words beside the value; a list says many things and is not compared.
 * @param sourceOf what a value of the reply rests on
 */
export function contradictionsIn(
  text: string,
  told: Told[],
  now: Date,
  sourceOf: (value: Value) => Source | undefined,
): Contradiction[] {
  if (told.length === 0) return []
  const statements = statementsOf(text, now)
  if (statements.length === 0) return []
  const found: Contradiction[] = []
  for (const { text: earlier, rests, by } of told) {
    const before = earlierStatements(earlier, now)
    for (const statement of statements) {
      const other = before.find((one) => one.kind === statement.kind && differ(one, statement))
      if (!other || before.some((one) => one.kind === statement.kind && same(one, statement))) continue
      const source = statement.value ? sourceOf(statement.value) : undefined
      // Tools tell how things stand at the moment; only what a person said by themselves does not change with them.
      if (source && 'tool' in source && by !== 'agent') continue
      found.push({ before: other.text, now: statement.text, newer: isNewer(source, rests) })
    }
  }
  // What was said again since in the words of now is settled.
  return found.filter(({ now: sentence }) => !told.at(-1)?.text.includes(sentence))
}

/** Whether a reply says itself that something is not as it was told before. */
export function saysChange(text: string): boolean {
  return SAYS_SO.test(text)
}

function isNewer(source: Source | undefined, rests: string[]): boolean {
  if (!source || 'by' in source) return false
  if ('tool' in source) return true
  const known = rests.map((rest) => /^(.*) v(\d+)$/.exec(rest)).find((match) => match?.[1] === source.article)
  return known !== null && known !== undefined && Number(known[2]) < source.version
}

/** What was said is read again at each reply: what it states is kept for a while. */
const KEPT = 500
const statementsKept = new LRUCache<string, Said[]>({ max: KEPT })

function earlierStatements(text: string, now: Date): Said[] {
  const known = statementsKept.get(text)
  if (known) return known
  const statements = statementsOf(text, now)
  statementsKept.set(text, statements)
  return statements
}

function statementsOf(text: string, now: Date): (Said & { value?: Value })[] {
  if (/^\s*\d+\. .*\n\s*\d+\. /m.test(text)) return []
  return sentencesOf(text).flatMap((sentence) => (isQuestion(sentence) ? [] : statementsIn(sentence, now)))
}

function statementsIn(sentence: string, now: Date): (Said & { value?: Value })[] {
  const values = valuesIn(sentence, now)
  const compared = values.filter(({ kind }) => COMPARED.has(kind))
  const about = aboutOf(sentence, compared)
  const valued = compared.flatMap((value) =>
    // Of “30 days, or 60 with Plus” neither is what the sentence says.
    compared.filter(({ kind }) => kind === value.kind).length > 1
      ? []
      : [{ about, kind: value.kind, keys: value.keys, text: sentence, value }],
  )
  const free =
    FREE.test(sentence) && !compared.some(({ kind }) => kind === 'money')
      ? [
          {
            about: new Set([...about].filter((stem) => stem !== 'free' && stem !== 'noth' && stem !== 'charg')),
            kind: 'money' as const,
            keys: ['money:0'],
            text: sentence,
          },
        ]
      : []
  const whether = clausesOf(sentence).flatMap((clause) => {
    const { stems, negated, conditional } = readingOf(clause)
    return conditional || stems.size < MIN_SHARED + 1
      ? []
      : [{ about: stems, kind: 'whether' as const, keys: [negated ? 'not' : 'so'], text: clause }]
  })
  return [...valued, ...free, ...(compared.length === 0 ? whether : [])]
}

function aboutOf(sentence: string, values: Value[]): Set<string> {
  let rest = sentence
  for (const { text } of values) rest = rest.replace(text, ' ')
  // A price a month and one a year are two things.
  const rates = values.flatMap(({ kind, text }) => (kind === 'money' ? (RATE.exec(text)?.[0].toLowerCase() ?? []) : []))
  const stems = [...readingOf(rest).stems].filter((stem) => !NEUTRAL.has(stem) && !/^\d$/.test(stem))
  return new Set([...stems, ...rates.map((rate) => `per ${rate}`)])
}

function differ(one: Said, other: Said): boolean {
  return alike(one, other) && !one.keys.some((key) => other.keys.includes(key))
}

function same(one: Said, other: Said): boolean {
  return alike(one, other) && one.keys.some((key) => other.keys.includes(key))
}

function alike({ about: one }: Said, { about: other }: Said): boolean {
  const shared = [...one].filter((stem) => other.has(stem)).length
  return shared >= MIN_SHARED && shared / new Set([...one, ...other]).size >= ALIKE
}
