/** How a customer answered the question whether something should be done. */
export interface Answer {
  /** `other`: neither, or not clearly enough. Only a `yes` may ever set something going. */
  answer: 'yes' | 'no' | 'other'
  /** What the message says besides; empty where it says nothing else. */
  rest: string
}

const ENGLISH_YES = words(
  'yes yeah yep yup yess yea ya y ok okay okey k sure certainly absolutely definitely confirm confirmed confirming agreed agree proceed affirmative',
)
const YES = new Set([...ENGLISH_YES, ...words('ja oui si sí sim da tak evet')])
const YES_PHRASES =
  /\b(?:go ahead|do it|do that|please do|of course|go for it|sounds good|that(?:'s| is) (?:right|fine|correct|ok|okay)|make it so)\b/g
const NO = words('no nope nah n never nein non não nie')
const NO_PHRASES =
  /\b(?:don'?t(?: do (?:it|that))?|do not(?: do (?:it|that))?|stop|never ?mind|forget (?:it|about it|that)|leave it(?: (?:as it is|be))?|not now|no thanks?(?: you)?|changed my mind)\b/g
/** Said along with a yes or a no without changing it. */
const FILLER = words(
  'please thanks thank you it that this now then the a do go ahead with i am im want to would like you can may will all both them for me my right just very much kindly so well hi hello great perfect good fine',
)
/** Whatever else is said: with one of these the customer may mean something else. */
const DOUBT =
  /\b(?:no|not|nope|don'?t|doesn'?t|won'?t|can'?t|never|wait|stop|hold|but|except|only|instead|rather|actually|unless|if|however|change|different|other|another|wrong|maybe|perhaps|later|before|first|unsure|cancel|less|more|half|part|hypothetically|would|what happens)\b|\?/i
/** A question of its own after a yes. “when it has arrived” is none, “the blue one” neither: they say to what the yes is. */
const QUESTION =
  /^(?:(?:please|thanks|thank you|oh|then|so|btw|by the way) )*(?:when|where|who|why|what(?: (?:time|day|else))?|how(?: (?:long|soon|fast|quickly|much|many \w+))?)(?:'s| (?:is|are|was|were|will|do|does|did|can|could|should|has|have))\b/

/**
 * Reads an answer in code: no model has a say in whether a customer agreed. A yes is a yes only when nothing else in
 * the message could mean something else; otherwise it is asked again.
 * @param about what the customer was asked, one by one, such as “refund EUR 7.90 …”: the words that all of it has may
 * be repeated in the answer; those of a part of it would agree to that part
 */
export function readAnswer(text: string, about: string[]): Answer {
  const plain = text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/\p{Extended_Pictographic}/gu, emoji)
    .trim()
  const echoes = echoesOf(about)
  const [first = '', ...others] = plain.split(/(?<=[^\d])[.!,;:\n]+|[.!,;:\n]+(?=\s|$)|\band\b|\balso\b/)
  const rest = others.join(' ').replace(/\s+/g, ' ').trim()
  const other: Answer = { answer: 'other', rest: text.trim() }
  const head = kindOf(first, echoes)
  if (head === 'no') {
    if (rest.match(YES_PHRASES) || wordsOf(rest).some((word) => YES.has(word))) return other
    const tail = kindOf(rest, echoes)
    return { answer: 'no', rest: tail === 'no' || tail === 'filler' ? '' : rest }
  }
  if (head !== 'yes') return other
  const tail = rest === '' ? 'yes' : kindOf(rest, echoes)
  if (tail === 'yes' || tail === 'filler') return { answer: 'yes', rest: '' }
  // What narrows a yes, takes it back or names another number is found by English words: other languages are asked again.
  const english = wordsOf(first).every((word) => ENGLISH_YES.has(word) || !YES.has(word))
  const number = wordsOf(rest).some((word) => /\d/.test(word) && !echoes.has(word))
  if (!english || number || !QUESTION.test(rest) || DOUBT.test(rest.replace(/\?\s*$/, ''))) return other
  return { answer: 'yes', rest }
}

/** A word that may mean something else does so although it was in the question: “yes, not all”. */
function echoesOf(about: string[]): Set<string> {
  const [first = new Set<string>(), ...others] = about.map((one) => new Set(wordsOf(one.toLowerCase())))
  const shared = [...first].filter((word) => others.every((words) => words.has(word)))
  return new Set(shared.filter((word) => word === 'cancel' || !DOUBT.test(word)))
}

function kindOf(part: string, echoes: Set<string>): 'yes' | 'no' | 'filler' | 'other' {
  if (part.includes('?')) return 'other'
  // First what says no: “don't do it” holds “do it”.
  const noPhrases = part.match(NO_PHRASES) ?? []
  const rest = part.replace(NO_PHRASES, ' ')
  const yesPhrases = rest.match(YES_PHRASES) ?? []
  const left = wordsOf(rest.replace(YES_PHRASES, ' '))
  // “cancel it” agrees to a cancellation, and takes back anything else.
  const isNo = (word: string) => NO.has(word) || (word === 'cancel' && !echoes.has('cancel'))
  const yes = yesPhrases.length + left.filter((word) => YES.has(word)).length
  const no = noPhrases.length + left.filter(isNo).length
  const known = left.every((word) => YES.has(word) || isNo(word) || FILLER.has(word) || echoes.has(word))
  if (yes > 0 && no === 0) return known ? 'yes' : 'other'
  if (no > 0 && yes === 0) return known ? 'no' : 'other'
  return yes === 0 && no === 0 && left.every((word) => FILLER.has(word) || echoes.has(word)) ? 'filler' : 'other'
}

function emoji(character: string): string {
  if (['👍', '✅', '👌', '🆗'].includes(character)) return ' yes '
  return ['👎', '❌', '🚫'].includes(character) ? ' no ' : ' '
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'-]*(?:[.]\d+)?/gu) ?? []
}

function words(list: string): Set<string> {
  return new Set(list.split(' '))
}
