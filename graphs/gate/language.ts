import { eld } from 'eld/extrasmall'
import { LRUCache } from 'lru-cache'

/** Small words that give a language away, and are of no other one in this list. */
const TELLING: Record<string, Set<string>> = Object.fromEntries(
  Object.entries({
    en: 'the is are you your this that with for and can what when how where have not please my it of to does',
    de: 'der die das ist sind sie ich nicht und mit für wie wann wo kann mein meine wird ein eine bitte haben es zu von den dem auf',
    fr: 'le les est sont vous je ne pas et avec pour comment quand où votre mon ma une des du il dans combien',
    es: 'el los las es son usted no y con para cómo cuándo dónde mi una del cuánto puedo qué por tarda',
    it: 'il gli è sono lei non e con per come quando dove mio una del della quanto posso che',
    nl: 'het is zijn u ik niet en met voor hoe wanneer waar mijn een van kan wat',
    pt: 'o os é são você não e com para como quando onde meu uma do da quanto posso que',
  }).map(([language, words]) => [language, new Set(words.split(' '))]),
)
const MIN_WORDS = 4
const MIN_LETTERS = 20
const LATIN = /\p{Script=Latin}/gu

/**
 * The language of a text, where it is certain enough to hold a reply for it: the detector is sure of it, and so are the
 * small words of the text. Short texts, names and codes have none.
 */
export function languageOf(text: string): string | undefined {
  const known = kept.get(text) ?? { language: detect(text) }
  kept.set(text, known)
  return known.language
}

/** What a customer wrote is asked about at each reply. */
const KEPT = 200
const kept = new LRUCache<string, { language: string | undefined }>({ max: KEPT })

function detect(text: string): string | undefined {
  const plain = text
    .replace(/https?:\/\/\S+|\S+@\S+|\S*\d\S*|“[^”]*”|"[^"]*"/g, ' ')
    .replace(/\S+ › [^.,\n]*/g, ' ')
    .toLowerCase()
  const words = plain.match(/\p{L}+/gu) ?? []
  const letters = words.join('').length
  const latin = plain.match(LATIN)?.length ?? 0
  // Another script needs no second proof.
  if (latin < letters / 2) return letters >= 6 ? sure(plain) : undefined
  if (words.length < MIN_WORDS || letters < MIN_LETTERS) return undefined
  const told = Object.entries(TELLING).map(([language, telling]) => ({
    language,
    count: words.filter((word) => telling.has(word)).length,
  }))
  const [best, second] = told.sort((left, right) => right.count - left.count)
  if (!best || best.count < 2) return undefined
  if (best.count === second?.count) return undefined
  // English words in English texts: the common case needs no detector.
  if (best.language === 'en' && best.count >= 3 && best.count >= 3 * (second?.count ?? 0)) return 'en'
  return sure(plain) === best.language ? best.language : undefined
}

function sure(text: string): string | undefined {
  const found = eld.detect(text)
  return found.isReliable() ? found.language : undefined
}
