import { conceptsOf } from './concepts.ts'
import { type Reading, stem } from './text.ts'

const people: ReadonlySet<string> = new Set(['human', 'contact', 'bot'])

/** Whether a text has any word of people at a desk, of reaching them, or of bots. */
export function speaksOfPeople({ words }: Reading): boolean {
  return words.some((word) => conceptsOf(word).some((name) => people.has(name)))
}

const newRequest =
  /^(?:what|who|when|where|why|which|how|is|are|do|does|did|can|could|will|would|should|tell|show|give|play|set|find|book|order|buy|call|turn|write|sing|translate|define|spell|convert|remind|recommend|suggest|please|i (?:want|need|would|wanna)|my )\b/
const backwards =
  /^(?:yes|yeah|yep|yup|no|nope|nah|ok|okay|sure|right|correct|exactly|it|it's|its|they|that|that's|this|those|these|the|both|neither|none|only|just|still|done|already|not|nothing|and|but|so|then|on (?:my|the)|in (?:my|the)|at (?:my|the)|since|yesterday|today|last|i (?:did|do|am|was|have|had|already|tried|never|still|just|think|guess)|my name|we (?:did|have|tried|never))\b/
const codes = /^(?:[a-z]+ ){0,3}(?:is |: ?)?(?:[a-z]{0,4}[#-]?\d[\w-]*|\d[\d ./-]*)$/

/**
 * How much a text looks like a detail given to whoever asked, as a factor: above 1 for codes, names, backward-looking
 * openings and short answers to a question, below 1 for what opens like a request of its own.
 */
export function looksLikeDetail({ plain: read, words }: Reading, lastReply: string | null): number {
  const many = words.length
  let factor = 1
  if (
    /^(?:(?:yes|hi|ok) )?(?:my name|name is|this is|i am) \S+(?: \S+)?(?: and .*)?$/.test(read) &&
    !read.includes('not')
  )
    factor *= 6
  if (codes.test(read)) factor *= 6
  if (backwards.test(read)) factor *= 1.6
  else if (newRequest.test(read) && many > 3) factor *= 0.6
  else if (many <= 3 && !newRequest.test(read) && !words.some((word) => conceptsOf(word).length > 0)) factor *= 10
  if (lastReply?.trimEnd().endsWith('?') && many <= 6 && !newRequest.test(read)) factor *= 2
  return factor
}

const foreignWords = new Set(
  'el la los las una un por para con que mi tu como donde cuando quiero necesito tengo hola gracias pero esta no se puedo del al le les des une est je vous mon ma mes pas avec pour dans sur qui quoi comment ne suis avez der die das und ich nicht mein meine mit ist wie warum wo bitte haben kann auf für zu den dem ein eine il lo gli che di non ho mio mia come perché sono per o os as uma não meu minha eu você como em het een niet mijn ik van hoe waar met voor ve bir bu için nasıl nie jest jak mam moje się på och att inte jag min det'.split(
    ' ',
  ),
)
const shared = new Set('no me a as o in die an con per des sur pour mi come lo al man le den is on di het'.split(' '))

/** Whether a text is, by its script and its commonest words, not in English: the router then knows little. */
export function isForeign({ words }: Reading, known: ReadonlySet<string>): boolean {
  const read = words.slice(0, 60).filter((word) => !word.startsWith('0'))
  if (read.length === 0) return false
  const letters = read.join('')
  if ((letters.match(/[^\p{Script=Latin}]/gu)?.length ?? 0) > letters.length / 3) return true
  const strange = read.filter((word) => !known.has(stem(word)) && conceptsOf(word).length === 0)
  const foreign = read.filter(
    (word) =>
      (foreignWords.has(word) && !(shared.has(word) && known.has(stem(word)))) ||
      (strange.includes(word) && /[^a-z]/.test(word)),
  )
  return (
    foreign.length >= 1 &&
    new Set([...strange, ...foreign]).size >= new Set(read).size * 0.6 &&
    (foreign.length >= 2 || read.length <= 4)
  )
}
