import { conceptsByWord, conceptsOf } from './concepts.ts'
import { isFunctionWord, stemOf, stemsOf, wordsOf } from './words.ts'

const WORDS_SHARE = 0.5
const CONCEPT_CREDIT = 0.8
const MISSPELLING_CREDIT = 0.8
const SHORTEST_MISSPELLED = 5
const ALIKE = 0.6

/** The query's informative words with how much each tells, ready to be held against passages. */
export interface QueryWords {
  words: { stem: string; concepts: string[]; weight: number }[]
}

/**
 * Reads the words of a query that say what it is about. Words with digits (order numbers, dates) weigh nothing: no
 * article has them.
 * @param weight how much a stem tells passages apart
 */
export function readQuery(query: string, weight: (stem: string) => number): QueryWords {
  const seen = new Map<string, QueryWords['words'][number]>()
  const words = wordsOf(query)
  const concepts = conceptsByWord(words)
  for (const [index, word] of words.entries()) {
    if (isFunctionWord(word) || /\p{N}/u.test(word)) continue
    const stem = stemOf(word)
    seen.set(stem, { stem, concepts: concepts[index]?.meant ?? [], weight: weight(stem) })
  }
  return { words: [...seen.values()] }
}

/**
 * How far a passage covers a query, 0 to 1, comparable between searches: the share of the query's informative words
 * (by what they tell) that the passage or its article's labels have, in part for another word of the same concept or
 * one that is spelt almost alike; and, at the rest of the weight, how much nearer its vector is than any passage's.
 * @param nearness 0 to 1; undefined where there is no vector
 */
export function supportOf(query: QueryWords, text: string, nearness: number | undefined): number {
  const covered = coverageOf(query, text)
  return nearness === undefined ? covered : WORDS_SHARE * covered + (1 - WORDS_SHARE) * nearness
}

function coverageOf({ words }: QueryWords, text: string): number {
  const stems = new Set(stemsOf(text))
  const concepts = new Set(conceptsOf(text))
  let covered = 0
  let all = 0
  for (const { stem, concepts: meant, weight } of words) {
    all += weight
    if (stems.has(stem)) covered += weight
    else if (meant.some((concept) => concepts.has(concept))) covered += weight * CONCEPT_CREDIT
    else if (stem.length >= SHORTEST_MISSPELLED && hasAlike(stem, stems)) covered += weight * MISSPELLING_CREDIT
  }
  return all === 0 ? 0 : covered / all
}

function hasAlike(stem: string, stems: Set<string>): boolean {
  const pairs = pairsOf(stem)
  for (const other of stems) {
    if (Math.abs(other.length - stem.length) > 2 || other[0] !== stem[0]) continue
    const others = pairsOf(other)
    const common = pairs.filter((pair) => others.includes(pair)).length
    if ((2 * common) / (pairs.length + others.length) >= ALIKE) return true
  }
  return false
}

function pairsOf(word: string): string[] {
  return Array.from({ length: word.length - 1 }, (_, start) => word.slice(start, start + 2))
}
