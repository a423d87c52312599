import type { Industry } from './industry.ts'

/** What customers of insurers write. */
export const insurance: Industry = {
  billing: [
    '(when|what day) (is|does) my (premium|next premium|instalment|policy payment) (due|go out|get taken|come out)',
    '(why (has|did|is)|) my (premium|policy|renewal|quote|rate|insurance) (went up|gone up|increased|risen|doubled|higher|cost more|so expensive)( this year| at renewal| after the claim| without a claim|)',
    '(pay|settle|make) (my |the |a |)(premium|policy|insurance|renewal|excess|deductible|policy payment|instalment)( online| by card| monthly| yearly| in full|)',
    '(switch|change|move) (from|to) (monthly|annual|quarterly|yearly) (payments|premiums|instalments|billing)',
    '(missed|late|failed|bounced|double) (premium|payment|instalment|direct debit)( on my policy| for my (car|home|health|pet) insurance|)',
    '(cancel|terminate|end|stop|not renew) (my|the|our) (policy|insurance|cover|car insurance|travel insurance|pet insurance|renewal)( because i sold the car| and stop the payments|)',
    '(refund|repay|return) (of |)(the |my |)(unused |overpaid |)(premium|premiums)( after cancelling|)',
    '(no claims|loyalty|multi car|safe driver|good driver|family) (bonus|discount) (is |)(missing|not applied|lost|gone|not on my (quote|bill|renewal))',
    '(proof|receipt|certificate|confirmation) (of|for) (premium |)(payment|payments|premiums paid)( for (tax|my employer|the lender)|)',
    '(charged|billed|debited) (for|after) (a policy i cancelled|two policies|the wrong car|a vehicle i sold|renewal without asking|the old premium)',
    '(update|change|add) (my|the) (payment details|bank details|card|billing address|direct debit) (for|on) (my |the |)(policy|premium|insurance)',
    '(copay|co pay|deductible|excess|out of pocket|coinsurance) (on my bill|was wrong|too high|already met|how much do i owe|charged twice)',
    '(outstanding|overdue|unpaid|due) (premium|balance|amount)( on (my|the) policy|)',
    'my (doctor|hospital|dentist|clinic) (sent|billed) me (for|a bill for) what (the insurance|you) should (pay|cover)',
    'grace period for (paying|late) (the |)(premium|payment)',
    'admin (fee|charge) for changing (my|the) (address|car|policy)',
    'premium (due|amount|payment|receipt|schedule|increase|calculation)',
  ],
  returns: [
    '(the|my) (replacement|loaner|repaired) (phone|bike|laptop|watch|device|tablet) (you sent|from the claim|under my cover) (is|came|arrived) (faulty|broken|scratched|the wrong (one|model|colour)|used|cracked)',
    '(send|want|need) (me |)(another|a different|a new) (replacement|one) (for|instead of) the (faulty|wrong|broken) (phone|device|dash cam|tracker) (you|that) (sent|gave me|came)',
    '(return|send back) the (tracker|black box|dash cam|telematics device|smoke alarm|loan car seat)( you sent| because it does not fit|)',
  ],
  'tech-support': [
    '(cannot|can not|unable to|not able to) (log in to|open|access|register on|get into|see my policy in|download my policy from|upload documents to) (the |your |my |)(portal|member area|customer area|app|website|policy account|online account)',
    '(upload|uploading|attaching|sending) (photos|documents|my claim|the estimate|receipts|the form|pictures of the damage) (fails|does not work|gets stuck|times out|shows an error|is rejected)',
    '(the |your |)(claim|quote|online|renewal|registration) form (does not|will not|keeps|says) (submit|load|invalid|resetting|go to the next page|error|jumping back|save)',
    '(telematics|black box|tracker|dongle|driving app|mileage app) (does not|is not|stopped|shows) (record|recording|connecting|syncing|offline|trips|flash|no trips)',
    '(digital|insurance|green|member|id) card (does not|will not|not) (download|show|open|load|add to my wallet)( in the app|)',
    '(never |not |did not )(got|received|get|receive|receiving) (the |a |)(activation|verification|registration|password|confirmation) (code|link|email|mail)( for the (portal|member area|app)|)',
    '(the |your |)(website|portal|app) (says|tells me|thinks) my (date of birth|policy number|postcode|email|customer number) (is wrong|does not exist|is not found|is invalid|does not match)',
  ],
}
