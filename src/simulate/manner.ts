import type { Manner } from './scenario.ts'

/**
 * How somebody in a manner writes what the test says they write: fixed rules of spelling and layout, nobody's
 * character. The same seed gives the same text.
 * @returns the messages, sent one right after the other
 */
export function inManner(text: string, manners: Manner[], seed: number): string[] {
  let texts = [text]
  if (manners.includes('terse')) texts = texts.map(terse)
  if (manners.includes('typos')) texts = texts.map((one) => withTypos(one, seed))
  if (manners.includes('changes-mind')) texts = [...texts.slice(0, -1), ...changingMind(texts.at(-1) ?? '')]
  if (manners.includes('several-messages')) texts = texts.flatMap(inParts)
  if (manners.includes('shouting')) texts = texts.map((one) => `${one.toUpperCase().replace(/[.!?]+$/, '')}!!!`)
  return texts
}

const FILLERS =
  /\b(?:hello|hi|hey|dear team|good (?:morning|evening|day)|please|thanks|thank you|could you|can you|would you|i(?:'d| would) like to|i want to|i need to|just|actually|kindly)\b[,!.]?\s*/gi

/** Without greetings, courtesies and full stops. */
function terse(text: string): string {
  const short = text
    .replace(FILLERS, '')
    .replace(/[.!]+$/, '')
    .trim()
  return short === '' ? text : short.charAt(0).toLowerCase() + short.slice(1)
}

const WORD = /\b[a-z]{5,}\b/g

/** In about every third longer word two letters inside change places; names of things with digits or capitals stay. */
function withTypos(text: string, seed: number): string {
  let count = seed
  return text.replace(WORD, (word) => {
    count += 1
    if (count % 3 !== 0) return word
    const at = 1 + ((seed + word.length) % (word.length - 3))
    return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
  })
}

/** Asks for something else first and takes it back at once. */
function changingMind(text: string): string[] {
  return ['What are your opening hours?', `No, forget that. ${text}`]
}

/** A message a sentence, or a message a clause where there is but one. */
function inParts(text: string): string[] {
  const sentences = text.split(/(?<=[.!?])\s+/)
  if (sentences.length > 1) return sentences
  return text.split(/(?<=,)\s+|\s+(?=(?:and|but|because|so)\s)/)
}
