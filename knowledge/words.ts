import { stemmer } from 'stemmer'

/** English words that carry grammar or politeness and say nothing about the subject of a question. */
const FUNCTION_WORDS = new Set(
  `a about after again all also am an and any anybody anyone anything are as at be because been before being but by can
  cannot could did do does doing done don each either else ever every for from further get gets getting give go going got
  had has have having he hello help her here hers hey hi him his how however i if in into is isn it its itself just know
  let like ll lot make many may maybe me might more most much must my need no nor not now of off ok okay on once one only
  or other our ours out over own please possible quite rather re really right same say see shall she should so some
  somebody somehow someone something such sure tell than thank thanks that the their theirs them then there these they
  thing things this those through to too try trying under until up us use used using ve very want wants was way we well
  were two three four five six seven eight nine ten what whats when where whether which while who whom whose why will with would yes yet you your yours`.split(
    /\s+/,
  ),
)

/** The words of a text in lower case, in order; letters and digits of any script, apostrophes dropped. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/(\p{L})['’](\p{L})/gu, '$1 $2')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

/** Whether a lower-case word says nothing about a subject ("how", "please"). */
export function isFunctionWord(word: string): boolean {
  return word.length === 1 ? !/\p{N}|[^\p{ASCII}]/u.test(word) : FUNCTION_WORDS.has(word)
}

const stems = new Map<string, string>()
const STEMS_KEPT = 50_000

/** Porter's stem of a lower-case English word; words of other languages pass almost unchanged. */
export function stemOf(word: string): string {
  const known = stems.get(word)
  if (known !== undefined) return known
  if (stems.size >= STEMS_KEPT) stems.clear()
  const stem = stemmer(word)
  stems.set(word, stem)
  return stem
}

/** The stems of a text's informative words, in order and with repeats. */
export function stemsOf(text: string): string[] {
  return wordsOf(text)
    .filter((word) => !isFunctionWord(word))
    .map(stemOf)
}
