import { conceptsOf } from './concepts.ts'
import { isFunctionWord, wordsOf } from './words.ts'

/** Rewrites misspelt words of a query into words that the articles have. */
export type CorrectSpelling = (query: string) => string

const SHORTEST = 4
/** A word that stands once may itself be a slip. */
const LEAST_USES = 2

/**
 * Learns the words of texts. A query's word that none of them has, and that no concept knows, becomes the commonest
 * word one slip away: a letter too many, too few, replaced, or two swapped (Damerau 1964), the first letter being right.
 */
export function learnSpelling(texts: Iterable<string>): CorrectSpelling {
  const uses = new Map<string, number>()
  for (const text of texts) for (const word of wordsOf(text)) uses.set(word, (uses.get(word) ?? 0) + 1)
  const byStart = new Map<string, string[]>()
  for (const [word, count] of uses) {
    if (word.length < SHORTEST - 1 || count < LEAST_USES || /\p{N}/u.test(word)) continue
    const start = word.slice(0, 1)
    byStart.set(start, [...(byStart.get(start) ?? []), word])
  }
  const correct = (word: string): string => {
    if (word.length < SHORTEST || uses.has(word) || isFunctionWord(word) || /\p{N}/u.test(word)) return word
    if (conceptsOf(word).length > 0) return word
    let best = word
    for (const candidate of byStart.get(word.slice(0, 1)) ?? [])
      if (isOneSlipAway(word, candidate) && (uses.get(candidate) ?? 0) > (uses.get(best) ?? 0)) best = candidate
    return best
  }
  return (query) =>
    query.replace(/\p{L}+/gu, (word) => {
      const corrected = correct(word.toLowerCase())
      return corrected === word.toLowerCase() ? word : corrected
    })
}

function isOneSlipAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}
