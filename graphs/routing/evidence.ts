import { probabilities, type Weights } from './classifier.ts'
import { featuresOf } from './features.ts'
import { normalise, words } from './text.ts'

/** One line that names the words of a text that spoke most for a target, by leaving each out. */
export function evidence(text: string, to: string, known: ReadonlySet<string>, weights: Weights): string {
  const at = weights.classes.indexOf(to)
  const read = [...new Set(words(normalise(text)))].slice(0, 12)
  if (at < 0) return `like the examples of ${to}`
  const chance = (part: readonly string[]) => probabilities(weights, featuresOf(part.join(' '), known))[at] ?? 0
  const strongest = read
    .map((word) => ({ word, alone: chance([word]) }))
    .filter(({ word, alone }) => word.length > 2 && !word.startsWith('0') && alone > 0.3)
    .sort((left, right) => right.alone - left.alone)
    .slice(0, 3)
    .map(({ word }) => word)
  return strongest.length > 0 ? `words: ${strongest.join(', ')}` : `nearest by the whole sentence`
}
