import type { Article } from '../passage.ts'
import { sectionsOf } from '../split.ts'
import { isFunctionWord, stemOf, wordsOf } from '../words.ts'
import { type Quantity, readQuantities } from './quantities.ts'

/** What one clause of an article says about a number. */
export interface Statement {
  articleId: string
  /** As it stands in the article. */
  sentence: string
  quantities: Quantity[]
  /** Everything that the whole sentence gives as numbers: one that names the other's number does not contradict it. */
  alsoSaid: Quantity[]
  /** The clause's own content, in order. */
  terms: Term[]
  /** What title and headings are about. */
  titles: Set<string>
  /** The same, and what the sentence's other clauses are about. */
  around: Set<string>
  /** Names and conditions of title and headings, without which the clause does not hold. */
  aroundOnly: Set<string>
  /** It speaks of "the check", which another article may have another of. */
  isDefinite: boolean
  /** A numbered step of a procedure. */
  isStep: boolean
}

/** A word of content. */
export interface Term {
  /** Stem, or the first of words that mean the same here. */
  stem: string
  /** A verb such as "takes" says little. */
  weight: number
  /** The word of content directly before it, if any: "express" of "express delivery". */
  before: string | undefined
  /** It bounds where the clause holds: a name, a negation, or the head of "for …", "with …", "in …". */
  isCondition: boolean
}

const SAME = new Map(
  [
    'goods item article product merchandise',
    'delivery arrival receipt receive deliver',
    'parcel package shipment',
    'send sent',
    'buy purchase bought order',
    'pay paid payment',
    'withdraw withdrawn withdrawal',
    'keep kept',
    'lose lost',
    'leave left',
    'choose chosen',
    'break broken',
    'write written',
    'begin start',
    'email mail',
    'window period deadline limit',
    'price fee charge cost',
    'delete erase',
    'answer reply respond response',
    'customer client',
    'refund reimburse reimbursement',
    'terminate cancel cancellation termination',
    'warranty guarantee',
    'ship dispatch shipping delivery',
    'phone telephone',
    'yearly annual annually',
  ].flatMap((line) => {
    const stems = line.split(' ').map(stemOf)
    return stems.map((stem): [string, string] => [stem, stems[0] ?? stem])
  }),
)
const PHRASES: [RegExp, string][] = [
  [/\b(?:send|sent|give|given|bring|brought)((?: \p{L}+){0,3}) back\b/giu, 'return$1'],
  [/\bmoney back\b/gi, 'refund'],
  // "Since December 2021" and "before December 2021" are two conditions, not two words with one in common.
  [/\b(before|until|since|after|from) (?:(\p{Lu}\p{L}+) )?(\d{4})\b/giu, '$1-$2-$3'],
  [/\b(before|since) {1,2}§/gi, '$1-0 §'],
]
const LITTLE = new Set(
  `cost costs price fee take takes last lasts run runs cover covers include includes stay stays remain remains keep keeps
  come comes arrive arrives valid offer offers provide provides allow allows permit permits apply applies count counts wait press hold window
  period deadline limit time watch please currently always usually current must only soon daily long term want choose
  select available possible number amount total maximum minimum per first`
    .split(/\s+/)
    .map((word) => SAME.get(stemOf(word)) ?? stemOf(word)),
)
const LITTLE_WEIGHT = 0.25
const CONDITIONS = new Set(
  'for in at on to with without if when while during unless except outside abroad as by before since until above below'.split(
    ' ',
  ),
)
const SILENT = new Set('within least most per'.split(' '))
const NEGATIONS = new Set('not no never cannot except without unless'.split(' '))
const PRONOUNS = /\b(?:it|they|them|this|these|those|its|their)\b/i
const PARTS = /(;\s+|:\s+|,\s+(?:and|but|then)\s+|,\s+(?!which|who|that|\d)|\s+(?:and|or|but)\s+)/u
const ALWAYS_PARTS = /^;|^:|^,\s+(?:and|but|then)\s/u

/** Every clause of an article that gives a number, with what it gives it for. */
export function statementsOf(article: Article): Statement[] {
  const found: Statement[] = []
  for (const { headings, text } of sectionsOf(article.text)) {
    const names = [article.title, ...headings]
    const titles = names.flatMap((name) => termsOf(name))
    for (const { sentence, read, isStep } of sentencesOf(text)) {
      found.push(...readSentence(read, { sentence, isStep, titles, articleId: article.id }))
    }
  }
  return found
}

function readSentence(
  text: string,
  from: { sentence: string; isStep: boolean; titles: Term[]; articleId: string },
): Statement[] {
  const { quantities: all, clauses } = clausesOf(text)
  if (all.length === 0) return []
  const { titles, ...rest } = from
  return clauses.flatMap(({ quantities, terms: own, text: clause }, index) => {
    if (quantities.length === 0) return []
    const others = clauses.filter((_, at) => at !== index).flatMap(({ terms }) => terms)
    // "It costs …" is about what the title names.
    const terms = PRONOUNS.test(clause) ? [...own, ...titles] : own
    return {
      ...rest,
      quantities,
      isDefinite: /^\W*(?:the|this|we|your|our|these)\b/i.test(clause),
      alsoSaid: all,
      terms,
      titles: stems(titles),
      around: new Set([...titles, ...others].map(({ stem }) => stem)),
      aroundOnly: new Set(
        titles.filter(({ stem, isCondition }) => isCondition && stem !== 'not').map(({ stem }) => stem),
      ),
    }
  })
}

function stems(terms: Term[]): Set<string> {
  return new Set(terms.map(({ stem }) => stem))
}

function clausesOf(text: string) {
  const whole = readQuantities(text)
  const quantities = [...whole.quantities]
  const clauses = splitClauses(text).map((clause) => {
    const read = readQuantities(clause)
    return { text: clause, quantities: read.quantities, terms: termsOf(read.rest) }
  })
  return { quantities, clauses }
}

/**
 * A clause ends where another thing is said: at a semicolon or ", and", and at any comma or "and" behind a number. In
 * front of the number it may be a list of what the number is about, and "for …," waits for what it is said of.
 */
function splitClauses(text: string): string[] {
  const clauses: string[] = ['']
  let separator = ''
  for (const [index, part] of text.split(PARTS).entries()) {
    if (index % 2 === 1) {
      separator = part
      continue
    }
    const open = clauses.at(-1) ?? ''
    const ends =
      index > 0 &&
      !/^\s*(?:for|with|without|if|when|after|before|in|on)\b/i.test(open) &&
      (ALWAYS_PARTS.test(separator) || readQuantities(open).quantities.length > 0)
    // "8 and 9 o'clock", "5 and 10 days": one number of two parts.
    if (ends && !/^\d/.test(part)) clauses.push(part)
    else clauses[clauses.length - 1] = `${open}${separator}${part}`
  }
  return clauses.filter((clause) => clause.trim() !== '')
}

/** The words of content of a text, each once. */
function termsOf(text: string): Term[] {
  const phrased = PHRASES.reduce((read, [pattern, word]) => read.replace(pattern, word), text)
  const terms = new Map<string, Term>()
  let before: string | undefined
  let preposition = false
  const words = phrased.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*|§|[.,;:!?]/gu) ?? []
  for (const [index, word] of words.entries()) {
    const lower = word.toLowerCase()
    if (NEGATIONS.has(lower)) terms.set('not', { stem: 'not', weight: 0, before: undefined, isCondition: true })
    // "How to pack" names no condition, "delivery to islands" does.
    const isOpening = lower === 'to' && isFunctionWord(words[index - 1]?.toLowerCase() ?? 'a')
    if (CONDITIONS.has(lower) && !isOpening && words[index + 1] !== '§') preposition = true
    if (/^[§.,;:!?]$/.test(word)) {
      preposition = false
      before = undefined
    } else if (
      isFunctionWord(lower) ||
      SILENT.has(lower) ||
      (/^\d+$/.test(word) && !/^\p{Lu}/u.test(words[index - 1] ?? ''))
    ) {
      before = undefined
    } else {
      const stem = meaning(lower)
      const next = words[index + 1]
      const isHead = next === undefined || isFunctionWord(next.toLowerCase()) || /^[§.,;:!?]$/.test(next)
      const isName = index > 0 && /^\p{Lu}/u.test(word) && words.some((other) => /^\p{Ll}/u.test(other))
      const isCondition = isName || /\d/.test(word) || (preposition && isHead)
      const weight = LITTLE.has(stem) ? LITTLE_WEIGHT : 1
      if (!terms.has(stem)) terms.set(stem, { stem, weight, before, isCondition: isCondition && weight === 1 })
      if (isHead) preposition = false
      before = stem
    }
  }
  return [...terms.values()]
}

function meaning(word: string): string {
  const stem = stemOf(wordsOf(word).join(''))
  return SAME.get(stem) ?? stem
}

interface Sentence {
  sentence: string
  /** As it is read: marks of Markdown gone, a table's cell under its column's name. */
  read: string
  isStep: boolean
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

function* sentencesOf(text: string): Iterable<Sentence> {
  for (const block of text.split(/\n\s*\n/)) {
    const lines = block.split('\n')
    if (lines[1]?.match(/^\s*\|?[\s:|-]+\|[\s:|-]*$/)) yield* rowsOf(lines)
    else yield* itemsOf(lines)
  }
}

/** Sentences of paragraphs and list items; lines of one paragraph belong together. */
function* itemsOf(lines: string[]): Iterable<Sentence> {
  const items: { text: string; isStep: boolean }[] = []
  for (const line of lines) {
    const item = /^\s*(?:([-*+])|\d+[.)])\s+(.*)$/.exec(line)
    const last = items.at(-1)
    if (item) items.push({ text: item[2] ?? '', isStep: item[1] === undefined })
    else if (last) last.text += ` ${line.trim()}`
    else items.push({ text: line.trim(), isStep: false })
  }
  for (const { text, isStep } of items) {
    for (const { segment } of segmenter.segment(text)) {
      const sentence = segment.trim()
      if (/\d|\p{L}/u.test(sentence)) yield { sentence, read: withoutMarks(sentence), isStep }
    }
  }
}

/** Each cell with a number, as "row: column: cell". */
function* rowsOf(lines: string[]): Iterable<Sentence> {
  const cells = (line: string) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim())
  const columns = cells(lines[0] ?? '')
  for (const line of lines.slice(2)) {
    const [row = '', ...others] = cells(line)
    for (const [index, cell] of others.entries()) {
      if (!/\d/.test(cell)) continue
      const read = withoutMarks(`${row} ${columns[index + 1] ?? ''} ${cell}`)
      yield { sentence: line.trim(), read, isStep: false }
    }
  }
}

function withoutMarks(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*_`]+/g, '')
}
