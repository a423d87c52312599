import type { Weights } from './classifier.ts'
import { placeOfWord } from './features.ts'
import type { Reading } from './text.ts'

/** One line that names the words of a text whose own weights speak most for a target. */
export function evidence({ words }: Reading, to: string, { classes, table }: Weights): string {
  const at = classes.indexOf(to)
  if (at < 0) return `like the examples of ${to}`
  const strongest = [...new Set(words.slice(0, 80))]
    .filter((word) => word.length > 2 && !word.startsWith('0'))
    .map((word) => ({ word, weight: table[placeOfWord(word) * classes.length + at] ?? 0 }))
    .filter(({ weight }) => weight > 0.5)
    .sort((left, right) => right.weight - left.weight)
    .slice(0, 3)
    .map(({ word }) => word)
  return strongest.length > 0 ? `words: ${strongest.join(', ')}` : 'no single word: the sentence as a whole'
}
