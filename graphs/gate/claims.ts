import type { Evidence, Source } from './evidence.ts'
import { numberOf } from './numbers.ts'
import { isNegated, isQuestion } from './sentences.ts'
import { ALWAYS, type Value, type ValueKind, valuesIn } from './values.ts'

/** Something that a customer is told, with what it rests on. */
export interface Claim {
  /** As it is written. */
  text: string
  kind: string
  /** The value in one form, whatever its wording: `money:EUR:790`, `d:2026-11-03`. */
  value: string
  evidence: Source
}

/** What a sentence claims, and what of it nothing supports. */
export interface ClaimsRead {
  claims: Claim[]
  unsupported: Value[]
}

/** Of these, what the customer said says nothing about whether we grant it. */
const GRANTED = new Set<ValueKind>(['money', 'percentage', 'duration', 'date'])
const GRANTS =
  /\b(?:you(?:['’]ll| will| can| may| get| have| receive| are entitled)|we(?:['’]ll| will| can)? (?:refund|give|offer|grant|credit|pay)|I(?:['’]ll| will| can)? (?:refund|give|offer|grant|credit|confirm)|costs?|is (?:free|covered|valid)|confirm(?:ed)?|approved?|guarantee\w*|window)\b/i
const REFERS =
  /\b(?:you (?:paid|said|wrote|ordered|bought|told|mention\w*|waited|were charged|asked)|sorry|if|since|ago|your (?:message|mail))\b/i

/** Holds every value of a sentence against the evidence. Those of what a reply asks are the customer's to judge. */
export function readClaims(sentence: string, evidence: Evidence): ClaimsRead {
  const read: ClaimsRead = { claims: [], unsupported: [] }
  for (const value of valuesIn(sentence, evidence.now)) {
    if (value.keys.includes(ALWAYS) || isSpoken(value, sentence)) continue
    const source = evidence.find(value) ?? evidence.derive(value, sentence)
    if (!source || (isCustomers(source) && grants(value, sentence))) read.unsupported.push(value)
    else read.claims.push({ text: value.text, kind: value.kind, value: value.keys[0] ?? '', evidence: source })
  }
  return read
}

function isCustomers(source: Source): boolean {
  return 'by' in source && source.by === 'customer'
}

function grants({ kind }: Value, sentence: string): boolean {
  return (
    GRANTED.has(kind) &&
    GRANTS.test(sentence) &&
    !REFERS.test(sentence) &&
    !isNegated(sentence) &&
    !isQuestion(sentence)
  )
}

const SPOKEN = 3
const EXAMPLE = /\b(?:form|format|such as|looks? like|begins with|starts with|for example|e\.g\.)/i

/** “Try again tomorrow” states nothing. */
function isSpoken({ kind, text }: Value, sentence: string): boolean {
  // “One of the two” is a manner of speaking; so is a one in digits.
  if (kind === 'number' && (/^[01]$/.test(text) || (!/\d/.test(text) && numberOf(text) <= SPOKEN))) return true
  if (kind === 'identifier' && EXAMPLE.test(sentence)) return true
  return (
    kind === 'date' &&
    /^(?:day|yesterday|tomorrow)/i.test(text) &&
    /\b(?:again|please|could you|can you)\b/i.test(sentence)
  )
}
