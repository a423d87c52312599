import type { Reading } from './text.ts'

const greeting =
  /\b(?:hi+|hello+|helo|hey+|heya|hiya|howdy|yo|sup|greetings|good (?:morning|afternoon|evening|day)|g'?day|morning|evening|hai|hallo|hola|bonjour|namaste|salut|ciao)\b/gu
const thanks =
  /\b(?:(?:many |big |ok |great |perfect )?(?:thanks?|thank ?(?:you|u)|thankyou|ty|tysm|cheers|gracias|merci|danke|obrigad[oa])(?: (?:so|very) much| a (?:lot|bunch|million|ton)| again)?|(?:much |really |i |highly |we )*appreciated?(?: (?:it|that|this|your help|the help|your (?:time|support)))?|you (?:are|were|have been)? ?(?:great|awesome|the best|very helpful|so helpful|helpful|amazing|wonderful)|that (?:helped|helps|was (?:very |really |so )?helpful)(?: a lot| me)?)\b/gu
const farewell =
  /\b(?:(?:good ?|bye[ -]?)?bye+|good ?night|see (?:you|ya)(?: (?:later|soon|around))?|cya|take care|have (?:a|an) (?:\w+ )?(?:day|one|evening|night|weekend|time)|farewell|ciao|adios|until next time|talk (?:to you )?later|so long|that (?:is|was) all|that's all|nothing else)\b/gu
const filler =
  /\b(?:and|for|your|the|you|to|there|all|so|much|very|ok|okay|oh|well|everyone|team|sir|madam|mam|ma'am|dear|guys|friend|bot|again|my|a|is|are|how|doing|today|help|helping|support|assistance|answer|time|info|information|quick|now|then|great|good|perfect|nice|lovely|wonderful|awesome|excellent|cool|day|baton|buddy|mate|folks|lot|me|it|i|this|with|of|in|that|just|yes|alright|bro|man|kind|please|from|everything|service|response|reply|too|same|anyone|hope|well|clear|sweet)\b/gu

/** The kind of courtesy that a message is, when courtesy is all that it is. */
export function courtesyOf({ plain: read }: Reading): 'greeting' | 'thanks' | 'farewell' | undefined {
  if (read.length > 120) return undefined
  const without = (pattern: RegExp, from: string) => from.replace(pattern, ' ')
  const left = without(filler, without(greeting, without(farewell, without(thanks, read))))
  if (/[\p{L}\d?]/u.test(left.replace(/how are you\s*\?|\?\s*$/u, ''))) return undefined
  if (read.search(farewell) >= 0) return 'farewell'
  if (read.search(thanks) >= 0) return 'thanks'
  if (read.search(greeting) >= 0) return 'greeting'
  return undefined
}
