import { readText, stem } from '../../graphs/routing/text.ts'
import { conceptsByWord } from '../../knowledge/concepts.ts'
import { isFunctionWord } from '../../knowledge/words.ts'

/**
 * How a clause speaks: it wants something done (`request`), asks or tells of the customer's own case (`question`,
 * `statement`), or asks how things work (`general`), which is for an article whatever it is about.
 */
export type Mood = 'request' | 'question' | 'statement' | 'general'

/** A part of a message that may be one request. */
export interface Clause {
  mood: Mood
  /** Opens with "I want", "can you" and their like. */
  framed: boolean
  /** "Do not …". */
  negated: boolean
  /** Speaks of the customer ("my", "I"), or of one order or charge by its number. */
  personal: boolean
  /** How much each stem and concept of it tells. */
  terms: Map<string, number>
  /** What the customer asks to be allowed ("can I …"), as a stem; empty where they do not. */
  allowed: string
  /** The first word after "please", "I want to" and their like. */
  opening: string
}

const seam = /(?<=[.!?;\n])\s+|\s*[,:]\s+|\s+[-–—]\s+|,?\s+(?:and|but|so|because|since|also)\s+/iu
const leaning = /\b(?:it|them|this|that|these|those|one|ones)\b/i

/** The clauses of a message; one that says "it" comes with what the clause before it spoke of. */
export function clausesOf(text: string): Clause[] {
  const parts = text
    .slice(0, 2000)
    .split(seam)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.flatMap((part, index) => {
    const clause = readClause(part)
    const before = parts[index - 1]
    if (!before || !leaning.test(part)) return [clause]
    const context = readClause(before)
    const terms = new Map([...context.terms, ...clause.terms])
    return [clause, { ...clause, terms, personal: clause.personal || context.personal }]
  })
}

/** Words that only carry a request. */
const courtesy =
  /^(?:(?:hi|hello|hey|ok|okay|oh|so|well|then|yes|now|just|also|and|but|sorry|excuse me|good (?:morning|afternoon|evening|day)|thanks|thank you|kindly|please|actually|go ahead|first of all|there)\b[ ,.!]*)+/
const frame =
  /^(?:(?:can|could|would|will) you (?:please )?(?:just )?(?:help me )?(?:to )?|i (?:would |really |just |now )*(?:want|need|like|wish|demand|request|ask)(?: you)?(?: for)?(?: to)? |help me (?:to )?|let us |i am asking (?:you )?(?:for|to) )/
/** Around what is really asked. */
const wrapping =
  /^(?:(?:can|could|would|will) you |i (?:would |only |just )*(?:want|like|need) to |may i |can i )?(?:please )?(?:tell me|explain(?: to me)?|let me know|know|ask|find out|understand|wondering)(?: about)? (?=how|what|when|where|why|who|which|if|whether|is|are|can|do|does)/
/** A number says what it is the number of, with or without the word. */
const numbers: [RegExp, string][] = [
  [/\b[A-Z]{2,3}-\d{4}-\d+\b/gi, ' invoice code0 '],
  [/\b[A-Z]{2,3}-\d{4,8}\b/gi, ' order code0 '],
  [/\bch_\w+/g, ' charge code0 '],
]
const general = new RegExp(
  [
    '^how (?:do|can|could|should|would|to|long|many|often|far|fast|soon|does|are|is|much (?:is|are|does|do|will|would))\\b',
    '^(?:if|whether|once|before|after|unless|suppose|in case|until when|by when|what (?:happens|if|should|must|(?:do|will|would) i (?:need|have to|lose|keep|get|pay))|where (?:do|can|should|must|would) i|who (?:pays|do|does|can|is|should)|when (?:can|do|does|should|must) (?:i|you|we)\\b)',
    '^(?:do|does|did) (?:you|we|it|the|\\w+ing)\\b',
    '^(?:does|did) an?\\b',
    '^(?:will|would|do) i (?:be|have|get|receive) (?!an?\\b|any\\b)',
    '^do i (?:need|have to|get|lose|pay|keep|still have to)\\b',
    '^(?:can|could|may|should|must) (?:you|one|we|people|customers|someone)\\b',
    '^(?:can|could|may|should) i (?:still |also |just |please )*(?:pay|use|choose|change|see|have both|get (?:a|an) (?!refund))\\b',
    '^i (?:do not|never) (?:want|wish|need|plan|intend) to\\b',
    '^i (?:only |just )?have a question\\b',
    '\\b(?:polic(?:y|ies)|rules|terms|conditions|process)\\b',
  ].join('|'),
)
const question =
  /^(?:(?:in|to|for|of|on|at|until) (?:what|which)|what|which|where|when|why|who|whose|how|is|are|am|was|were|has|have|had|did|do|does|can|could|may|will|would|should)\b/
/** A question whether something may be done is about the customer's own things only if it names one. */
const permission = /^(?:can|could|may|am|is it)\b/
const definite = /\b(?:my|the|this|that|these|those|it|them|order|0code)\b/
const telling =
  /^(?:i|my|we|our|you|your|he|she|it|its|they|there|this|that|these|those|the|a|an|no|not|one|two|some|somebody|someone|all|both|still|only)\b/
/** A word that opens "return policy" as well as "return my bag". */
const nouns = /^(?:return|refund|exchange|order|charge|track|reset|update|ticket|label|invoice|report)s?\b/
const verb =
  /^\S+ (?:my|the|this|that|these|those|it|me|them|both|all|order|charge code0|code0|(?:eur |usd |gbp )?\d\S*|[€$£]\S*)(?:\b|$)/
const self = new Set(['i', 'my', 'me', 'mine', 'we', 'our'])

/** Reads one clause. */
export function readClause(text: string): Clause {
  const { plain } = readText(numbers.reduce((read, [number, name]) => read.replace(number, name), text))
  const bare = plain.replace(courtesy, '').replace(wrapping, '')
  const framed = frame.exec(bare)
  const rest = (framed ? bare.slice(framed[0].length) : bare).replace(courtesy, '').replace(/^to /, '')
  const { words } = readText(rest)
  const all = readText(bare).words
  const coded = all.includes('0code')
  const spoken = all.join(' ')
  return {
    mood: moodOf(bare, spoken, framed !== null),
    framed: framed !== null,
    negated: /^(?:do not|don t|never|stop not)\b/.test(rest),
    personal: coded || all.some((word) => self.has(word)),
    terms: termsOf(words),
    allowed: permission.test(bare)
      ? stem(words.slice(2).find((word) => !silent.has(word) && !isFunctionWord(word)) ?? '')
      : '',
    opening: words[0] ?? '',
  }
}

function moodOf(bare: string, spoken: string, framed: boolean): Mood {
  if (framed && !general.test(bare.replace(frame, ''))) return 'request'
  if (general.test(bare)) return 'general'
  if (question.test(bare) && !/^(?:do|have) (?:not|an?)\b/.test(bare)) {
    if (!permission.test(bare)) return 'question'
    return definite.test(spoken) && !/\bif\b/.test(spoken) ? 'question' : 'general'
  }
  if (nouns.test(bare) && !verb.test(bare)) return 'statement'
  return telling.test(bare) ? 'statement' : 'request'
}

const SMALL_WORD = 0.25
const CONCEPT = 0.6
/** Small words that tell nothing, not even how something is meant. */
const silent = new Set(
  'a an the my me i you your we our us it its this that to of for in on at is are was be been am do does did can could will would please and or with by as so now just 0 0code 0money'.split(
    ' ',
  ),
)

/** Small words that turn what a verb means. */
export const telltale = new Set(['back', 'again', 'two', 'off'])

function termsOf(words: string[]): Map<string, number> {
  const terms = new Map<string, number>()
  const concepts = conceptsByWord(words)
  for (const [index, word] of words.entries()) {
    for (const concept of concepts[index]?.begun ?? []) terms.set(concept, CONCEPT)
    if (!silent.has(word)) terms.set(stem(word), isFunctionWord(word) && !telltale.has(word) ? SMALL_WORD : 1)
  }
  return terms
}
