import { conceptsOf } from './concepts.ts'
import { firstOf, type Vocabulary } from './segment/vocabulary.ts'
import { isFunctionWord } from './words.ts'

/** Rewrites misspelt words of a query into words that the articles have. */
export type CorrectSpelling = (query: string) => string

const SHORTEST = 4
/** A word that stands once may itself be a slip. */
const LEAST_USES = 2

/** Words that people type without their apostrophe, which are no slips of "cart" and "done". */
const CONTRACTIONS = new Set(
  `arent cant couldnt didnt doesnt dont hadnt hasnt havent heres isnt ive lets shouldnt thats theres theyre wasnt werent
  whats wont wouldnt youre youve`.split(/\s+/),
)

/**
 * A query's word that none of the vocabularies has, and that no concept knows, becomes the commonest word one slip away:
 * a letter too many, too few, replaced, or two swapped (Damerau 1964), the first letter being right.
 */
export function createSpelling(vocabularies: Vocabulary[]): CorrectSpelling {
  const correct = (word: string): string => {
    if (word.length < SHORTEST || isFunctionWord(word) || CONTRACTIONS.has(word) || conceptsOf(word).length > 0)
      return word
    const known = vocabularies.map((vocabulary) => vocabulary.startingWith(firstOf(word)))
    if (known.some((words) => words.has(word))) return word
    const uses = (candidate: string) => known.reduce((sum, words) => sum + (words.get(candidate) ?? 0), 0)
    let best = word
    let most = LEAST_USES - 1
    for (const words of known) {
      for (const candidate of words.keys()) {
        if (candidate.length < SHORTEST - 1 || !isOneSlipAway(word, candidate) || uses(candidate) <= most) continue
        best = candidate
        most = uses(candidate)
      }
    }
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
