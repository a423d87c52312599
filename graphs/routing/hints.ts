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

const asksSomething =
  /\?\s*$|^(?:(?:ok|so|and|but|hey|hi|hello|well|please|also|btw|by the way|oh|now|quick question|sorry),? )*(?:what|who|whom|whose|when|where|why|which|how|is|are|am|was|were|do|does|did|can|could|will|would|should|shall|may|has|have|tell|show|give|play|set|find|book|reserve|order|buy|call|turn|write|sing|translate|define|spell|convert|remind|recommend|suggest|add|put|make|read|send|text|email|start|stop|open|close|flip|roll|count|explain|describe|name|calculate|schedule|cancel|wake|dim|switch|skip|shuffle|pause|search|look|check|share|help|let us|lets|teach|compare|list|draw|create|pretend|any|i (?:want|need|would|wanna|feel|like)|my)\b/
const turnsAway =
  /\b(?:by the way|btw|(?:one|another|a|the|my) (?:more|other|different|separate|new|second|next|last|further|unrelated) (?:thing|matter|question|topic|issue|problem|point|request)|(?:another|different|separate|new|next) (?:thing|matter|question|topic|issue|problem|point)|on (?:another|a different) (?:note|subject)|while (?:i|you|we)(?: am| have| are)?(?: have)?(?: you|here|at it|there)?|also|in addition|apart from (?:that|this)|besides|unrelated|something else|somewhere else|forget (?:it|that)|anyway|speaking of|another one|either|as well)\b/
const pointsBack =
  /\b(?:it|its|that|this|these|those|they|them|there|then|another|one|ones|so|both|the same|the other|the rest|the first|the second)\b/

/** Whether a text asks or orders something rather than tells. */
export function isRequest({ plain }: Reading): boolean {
  return asksSomething.test(plain)
}

const opening =
  /^(?:(?:ok|so|and|but|hey|hi|hello|well|please|also|btw|by the way|oh|now|good (?:morning|afternoon|evening|day)),? )*(?:(?:i|we) (?:want|need|would|wanna|wish|have (?:a|an|to|got|problems?|trouble|issues?)|am (?:trying|having|looking|not able|unable|interested)|are (?:trying|having)|cannot|do not know how|must|got|was|were|see|received|bought|ordered|forgot|lost)|help|need|want|trying|looking|having|checking|check|problems?|issues?|trouble|assistance|information|questions?|there (?:is|are|was|were|seems?)|could (?:you|i)|can (?:you|i)|would (?:you|it)|how (?:do|can|to|could|should)|where (?:do|can|is|are)|why|tell me|show me|is (?:there|it possible)|are there|please|cancel|return|refund|reset|pay|report|get|my|your|the [a-z]+ (?:i (?:bought|ordered|received)|you (?:sent|shipped)))\b/

/** Whether a text opens like a request that stands by itself: its subject says more then than who answered before. */
export function standsAlone(text: Reading): boolean {
  return text.words.length >= 4 && opening.test(text.plain) && !(pointsBack.test(text.plain) && matters(text) <= 1)
}

/** Whether a text says itself that it turns to something else. */
export function announcesTurn({ plain }: Reading): boolean {
  return turnsAway.test(plain)
}

/** Words that say what a text is about, to a desk or to anybody. */
function matters({ words }: Reading): number {
  return words.filter((word) => conceptsOf(word).length > 0).length
}

/**
 * How much a text looks like a detail given to whoever asked, as a factor: above 1 for codes, names, backward-looking
 * openings and short answers to a question, below 1 for what opens like a request of its own.
 */
export function looksLikeDetail(text: Reading, lastReply: string | null): number {
  const { plain: read, words } = text
  const many = words.length
  const about = matters(text)
  let factor = 1
  if (
    /^(?:(?:yes|hi|ok) )?(?:my name|name is|this is|i am) \S+(?: \S+)?(?: and .*)?$/.test(read) &&
    !read.includes('not')
  )
    factor *= 6
  if (codes.test(read)) factor *= 6
  if (backwards.test(read)) factor *= 1.6
  else if (newRequest.test(read) && many > 3) factor *= 0.6
  else if (many <= 3 && !newRequest.test(read)) factor *= about === 0 ? 10 : 1.5
  if (pointsBack.test(read) && about <= 2 && many <= 8) factor *= 1.6
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
