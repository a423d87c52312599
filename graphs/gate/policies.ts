import { stemOf, wordsOf } from '../../knowledge/words.ts'
import type { Clause, Evidence } from './evidence.ts'
import { clausesOf, isNegated, isQuestion, readingOf, share } from './sentences.ts'

/** What costs us something when it is invented: the word in the reply, and what in the evidence stands for it. */
const FAVOURS: [name: string, said: RegExp, standing: RegExp][] = [
  [
    'a voucher',
    /\b(?:vouchers?|coupons?|store credit|credit note|goodwill)\b/i,
    /\b(?:voucher|coupon|store credit|credit note|goodwill)/i,
  ],
  [
    'a discount',
    /\b(?:discounts?|price reduction|half[ -]price|reduced price|cheaper for you|% off|percent off)\b/i,
    /\b(?:discount|reduc|off\b|promo)/i,
  ],
  ['compensation', /\bcompensat\w*/i, /\bcompensat/i],
  ['a guarantee', /\b(?:guarantee[ds]?|lifetime)\b/i, /\b(?:guarantee|lifetime)/i],
  [
    'price matching',
    /\b(?:price match\w*|match (?:any|the|a) (?:lower )?price|best price)\b/i,
    /\b(?:match|best price)/i,
  ],
  [
    'something free',
    /\b(?:(?:for )?free(?! to\b|ly\b)(?: of charge)?|complimentary|at no (?:extra )?(?:cost|charge)|on the house)\b/i,
    /\b(?:free|no (?:fee|cost|charge|interest)|costs? nothing|at no|included?|gratis)/i,
  ],
  ['a waived fee', /\bwaive[ds]?\b/i, /\bwaiv/i],
  ['a full refund', /\b(?:full|complete|whole) refund\b/i, /\b(?:full|whole|complete)\b/i],
  [
    'no conditions',
    /\b(?:no questions asked|unlimited|no limit|without any conditions?)\b/i,
    /\b(?:no questions|unlimited|no limit)/i,
  ],
  ['insurance', /\binsur(?:ed|ance)\b/i, /\binsur/i],
  ['an upgrade', /\bupgrade\b/i, /\bupgrade/i],
]
const MIN_STEMS = 4
/** The share of a clause's words that a clause of the evidence must have to be about the same. */
const SAME = 0.8
const SUPPORTS = 0.5
const MIN_RULE = 3
const RULE =
  /\b(?:can|cannot|may|must|covered|eligible|allowed|possible|entitled|need(?:s|ed)? to|have to|has to|only|always|never|free|refund\w*|return\w*|replac\w*|policy|rule|include[sd]?|matter|pay|goes?)\b/i

/** Favours that a sentence grants and nothing mentions. */
export function inventedFavours(sentence: string, evidence: Evidence): string[] {
  if (isQuestion(sentence) || isNegated(sentence)) return []
  return FAVOURS.filter(([, said, standing]) => said.test(sentence) && !evidence.mentions(standing)).map(
    ([name]) => name,
  )
}

/** The clause of the evidence that says the opposite of a sentence, if one does. */
export function refutedBy(sentence: string, evidence: Evidence): Clause | undefined {
  if (isQuestion(sentence)) return undefined
  for (const part of clausesOf(sentence)) {
    const { stems, negated, conditional } = readingOf(part.replace(/^(?:yes|no|sure|right|sorry)[,.!]\s*/i, ''))
    if (stems.size < MIN_STEMS || conditional) continue
    const about = evidence.clauses().filter((clause) => !clause.conditional && share(stems, clause.stems) >= SAME)
    // Where one clause says so and another the opposite, they are about different cases.
    if (about.some((clause) => clause.negated === negated)) continue
    const opposite = about.find((clause) => (negated ? denies(part, clause.text) : denies(clause.text, part)))
    if (opposite) return opposite
  }
  return undefined
}

/** Whether what a clause denies is what the other one says: “an amount that is not used” denies only its use. */
function denies(clause: string, other: string): boolean {
  const [, denied = ''] =
    /(?:\b(?:not|no|never|cannot)\b|n['’]t\b)\s+(?:(?:be|been|an?|the|any|yet|also|really)\s+)*(.*)$/i.exec(clause) ??
    []
  const [first] = wordsOf(denied)
  return first !== undefined && wordsOf(other).map(stemOf).includes(stemOf(first))
}

/** Whether a sentence states a rule that no clause of the evidence is clearly behind: only a reader can judge it. */
export function isUndecided(sentence: string, evidence: Evidence): boolean {
  if (isQuestion(sentence) || !RULE.test(sentence)) return false
  return clausesOf(sentence).some((part) => {
    const { stems } = readingOf(part)
    if (stems.size < MIN_RULE || !RULE.test(part)) return false
    return !evidence.clauses().some((clause) => share(stems, clause.stems) >= SUPPORTS)
  })
}
