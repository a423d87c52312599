import { wordsOf } from '../words.ts'

/** The words of texts with how often each is used. */
export interface Vocabulary {
  /** Those that begin with a letter. */
  startingWith(letter: string): ReadonlyMap<string, number>
}

/** Uses by the first letter, then by the word. */
export type WordUses = Map<string, Map<string, number>>

/** Words with digits, and very long ones, are no words that a customer misspells. */
const WORD = /^\p{L}{2,24}$/u

/** Adds the words of a text. */
export function countWords(uses: WordUses, text: string): void {
  for (const word of wordsOf(text)) {
    if (!WORD.test(word)) continue
    const letter = firstOf(word)
    let words = uses.get(letter)
    if (!words) {
      words = new Map()
      uses.set(letter, words)
    }
    words.set(word, (words.get(word) ?? 0) + 1)
  }
}

/** A line of JSON for each letter. */
export function* vocabularyLines(uses: WordUses): Iterable<string> {
  for (const [letter, words] of uses) yield JSON.stringify([letter, [...words].flat()])
}

/** Adds what `vocabularyLines` wrote. */
export function addVocabularyLine(uses: WordUses, line: string): void {
  const [letter, flat]: [string, (string | number)[]] = JSON.parse(line)
  const words = uses.get(letter) ?? new Map<string, number>()
  for (let index = 0; index < flat.length; index += 2) {
    const word = String(flat[index])
    words.set(word, (words.get(word) ?? 0) + Number(flat[index + 1]))
  }
  uses.set(letter, words)
}

/** A vocabulary that reads a letter's line when it is first asked for, so that a large one costs nothing at the start. */
export function openVocabulary(lines: string[]): Vocabulary {
  const unread = new Map(lines.map((line) => [String.fromCodePoint(line.codePointAt(2) ?? 0), line]))
  const uses: WordUses = new Map()
  return {
    startingWith(letter) {
      const line = unread.get(letter)
      if (line !== undefined) {
        unread.delete(letter)
        addVocabularyLine(uses, line)
      }
      return uses.get(letter) ?? new Map()
    },
  }
}

/** The letter that a word is filed under. */
export function firstOf(word: string): string {
  return String.fromCodePoint(word.codePointAt(0) ?? 0)
}
