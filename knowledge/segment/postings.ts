import { conceptsOf } from '../concepts.ts'
import { stemsOf } from '../words.ts'
import { createNumberList } from './number-list.ts'

/**
 * Which passage has which term how often, as flat arrays, so that it moves between threads and files as it is. Terms are
 * known by 64 bits of hash, in ascending order: among a million terms two share theirs once in thirty million bases.
 */
export interface Postings {
  /** Two halves of a hash for each term. */
  terms: Uint32Array
  /** Where each term's passages begin, and where the last one's end. */
  starts: Uint32Array
  /** Passages' numbers, ascending within a term. */
  passages: Uint32Array
  /** Beside each: occurrences in labels, headings and text, 8 bits each from the lowest. */
  counts: Uint32Array
  /** For each passage the number of different terms in labels, headings and text. */
  lengths: Uint16Array
}

/** The fields of a passage, in the order in which they are counted. */
export const FIELDS = ['labels', 'headings', 'text'] as const

const MOST = 255
const LONGEST = 65_535

/** The terms of a text: stems of informative words, and concepts. */
export function termsOf(text: string): string[] {
  return [...stemsOf(text), ...conceptsOf(text)]
}

/** Collects postings passage by passage, in the order of their numbers. */
export function createPostingsBuilder() {
  const numbers = new Map<string, number>()
  const [terms, passages, counts, lengths] = [
    createNumberList(),
    createNumberList(),
    createNumberList(),
    createNumberList(),
  ]
  const countField = (found: Map<string, number>, fieldTerms: string[], field: number) => {
    const shift = field * 8
    const different = new Set(fieldTerms)
    for (const term of fieldTerms) {
      const before = found.get(term) ?? 0
      if (((before >>> shift) & MOST) < MOST) found.set(term, before + (1 << shift))
    }
    lengths.push(Math.min(LONGEST, different.size))
  }
  return {
    /** @param labels terms of the article's labels, the same for all its passages */
    add(labels: string[], headings: string, text: string): void {
      const passage = lengths.length / FIELDS.length
      const found = new Map<string, number>()
      for (const [field, fieldTerms] of [labels, termsOf(headings), termsOf(text)].entries())
        countField(found, fieldTerms, field)
      for (const [term, packed] of found) {
        let number = numbers.get(term)
        if (number === undefined) {
          number = numbers.size
          numbers.set(term, number)
        }
        terms.push(number)
        passages.push(passage)
        counts.push(packed)
      }
    },
    finish: () =>
      inOrderOfHash([...numbers.keys()], terms.toArray(), passages.toArray(), counts.toArray(), lengths.toArray()),
  }
}

function inOrderOfHash(
  names: string[],
  terms: Uint32Array,
  passages: Uint32Array,
  counts: Uint32Array,
  lengths: Uint32Array,
): Postings {
  const [high, low] = [new Uint32Array(names.length), new Uint32Array(names.length)]
  for (const [term, name] of names.entries()) [high[term], low[term]] = hashOf(name)
  const order = Uint32Array.from(names, (_, term) => term).sort(
    (a, b) => (high[a] as number) - (high[b] as number) || (low[a] as number) - (low[b] as number),
  )
  const sizes = new Uint32Array(names.length)
  for (const term of terms) sizes[term] = (sizes[term] as number) + 1
  const postings = emptyPostings(names.length, terms.length, Uint16Array.from(lengths))
  const next = new Uint32Array(names.length)
  let start = 0
  for (const [place, term] of order.entries()) {
    postings.terms.set([high[term] as number, low[term] as number], place * 2)
    postings.starts[place] = start
    next[term] = start
    start += sizes[term] as number
  }
  postings.starts[names.length] = start
  for (let index = 0; index < terms.length; index += 1) {
    const term = terms[index] as number
    const place = next[term] as number
    postings.passages[place] = passages[index] as number
    postings.counts[place] = counts[index] as number
    next[term] = place + 1
  }
  return postings
}

function emptyPostings(terms: number, size: number, lengths: Uint16Array): Postings {
  return {
    terms: new Uint32Array(terms * 2),
    starts: new Uint32Array(terms + 1),
    passages: new Uint32Array(size),
    counts: new Uint32Array(size),
    lengths,
  }
}

/** Postings of both; the second's passages are numbered on from the first's. */
export function joinPostings(first: Postings, second: Postings): Postings {
  const offset = first.lengths.length / FIELDS.length
  const lengths = new Uint16Array(first.lengths.length + second.lengths.length)
  lengths.set(first.lengths)
  lengths.set(second.lengths, first.lengths.length)
  const size = first.passages.length + second.passages.length
  const joined = emptyPostings((first.terms.length + second.terms.length) / 2, size, lengths)
  let [a, b, term, filled] = [0, 0, 0, 0]
  const take = (from: Postings, index: number, shift: number) => {
    const [begin, end] = [from.starts[index] as number, from.starts[index + 1] as number]
    for (let at = begin; at < end; at += 1) joined.passages[filled + at - begin] = (from.passages[at] as number) + shift
    joined.counts.set(from.counts.subarray(begin, end), filled)
    filled += end - begin
  }
  while (a * 2 < first.terms.length || b * 2 < second.terms.length) {
    const order = compare(termAt(first, a), termAt(second, b))
    joined.terms.set(order <= 0 ? termAt(first, a) : termAt(second, b), term * 2)
    joined.starts[term] = filled
    if (order <= 0) take(first, a++, 0)
    if (order >= 0) take(second, b++, offset)
    term += 1
  }
  joined.starts[term] = filled
  return { ...joined, terms: joined.terms.slice(0, term * 2), starts: joined.starts.slice(0, term + 1) }
}

/** A place behind the last is higher than every term. */
function termAt({ terms }: Postings, place: number): [number, number] {
  return [terms[place * 2] ?? Number.POSITIVE_INFINITY, terms[place * 2 + 1] ?? Number.POSITIVE_INFINITY]
}

function compare(a: [number, number], b: [number, number]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1
  if (a[1] !== b[1]) return a[1] < b[1] ? -1 : 1
  return 0
}

/** Where a term's passages begin and end; the same number twice if no passage has it. */
export function rangeOf({ terms, starts }: Postings, term: string): [number, number] {
  const wanted = hashOf(term)
  let [low, high] = [0, terms.length / 2]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare([terms[middle * 2] as number, terms[middle * 2 + 1] as number], wanted) < 0) low = middle + 1
    else high = middle
  }
  if (terms[low * 2] !== wanted[0] || terms[low * 2 + 1] !== wanted[1]) return [0, 0]
  return [starts[low] as number, starts[low + 1] as number]
}

/** Two FNV-1a hashes of other beginnings, each finished with MurmurHash3's mixer. */
function hashOf(term: string): [number, number] {
  return [mixed(term, 0x811c9dc5), mixed(term, 0x9e3779b9)]
}

function mixed(text: string, beginning: number): number {
  let hash = beginning
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
