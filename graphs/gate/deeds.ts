import { stemOf } from '../../knowledge/words.ts'
import type { Evidence } from './evidence.ts'
import { clausesOf, isConditional, isNegated, isQuestion } from './sentences.ts'

const VERBS =
  'refunded|cancelled|canceled|registered|issued|processed|credited|reset|updated|changed|sent|e-?mailed|booked|scheduled|arranged|created|opened|placed|submitted|forwarded|escalated|filed|removed|deleted|erased|upgraded|activated|deactivated|extended|applied|reported|informed|notified|requested|initiated|approved|waived|blocked|unlocked|transferred|exchanged|replaced|corrected|reserved|saved|added|switched'
const OURS = new RegExp(
  `\\b(?:I|we)(?:['’]ve| have)?(?: (?:just|now|already|also|gone ahead and|successfully))* (${VERBS})\\b`,
  'i',
)
const DONE = new RegExp(`\\b(?:has|have)(?: (?:now|just|already|successfully))* been(?: \\w+ly)? (${VERBS})\\b`, 'i')
const STATE =
  /\b(?:refund|request|return|order|cancellation|exchange)\b[^.]{0,40}\b(?:is|are) (?:now )?(processed|complete[d]?|done|confirmed|approved|cancelled|refunded|registered)\b/i

/** What a sentence says was done, as a verb; undefined where it says no such thing. */
export function deedIn(sentence: string): string | undefined {
  if (isQuestion(sentence) || isConditional(sentence)) return undefined
  for (const clause of clausesOf(sentence.replace(/\b(?:gone|went) ahead and /i, ''))) {
    // “No order that has been sent” says that nothing was.
    const found = isNegated(clause) ? null : (OURS.exec(clause) ?? DONE.exec(clause) ?? STATE.exec(clause))
    if (found) return found[1]?.toLowerCase()
  }
  return undefined
}

/** Whether a tool, an effect, an article or an earlier message says that such a thing was done. */
export function isOnRecord(deed: string, evidence: Evidence): boolean {
  const stem = stemOf(deed.replace('-', '').replace(/^canceled$/, 'cancelled'))
  const perfect = new RegExp(`\\b(?:${deed}|${deed.replace('-', '')})\\b`, 'i')
  return evidence.clauses().some(({ text, stems, negated, source }) => {
    const planned = 'tool' in source && source.planned
    return !planned && !negated && stems.has(stem) && perfect.test(text)
  })
}
