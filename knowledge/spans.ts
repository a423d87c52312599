import { isFunctionWord, wordsOf } from './words.ts'

/** A message this short is one question. */
const LONG_WORDS = 18
/** A sentence that says less by itself belongs to the one before. */
const TELLING_WORDS = 3
const MOST_SPANS = 6

/**
 * What to search a query for: itself, and for a long message also its sentences, since what a customer tells around
 * the question drowns it. The sentences that say most come first to be kept.
 */
export function spansOf(query: string): string[] {
  if (wordsOf(query).length < LONG_WORDS) return [query]
  const spans: string[] = []
  for (const sentence of query.split(/(?<=[.!?;…])\s+|\n+|,?\s+(?:and|but|so|because)\s+/u)) {
    const last = spans.at(-1)
    if (last !== undefined && telling(last) < TELLING_WORDS) spans[spans.length - 1] = `${last} ${sentence}`
    else spans.push(sentence)
  }
  const strong = spans.filter((span) => telling(span) >= TELLING_WORDS)
  return [query, ...strong.toSorted((a, b) => telling(b) - telling(a)).slice(0, MOST_SPANS)]
}

function telling(text: string): number {
  return wordsOf(text).filter((word) => !isFunctionWord(word)).length
}
