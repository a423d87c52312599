import { lexicon } from '../../lexicon.ts'
import type { Industry } from './industry.ts'

const entries = (...names: string[]) => [`(${names.flatMap((name) => (lexicon[name] ?? '').split(' ')).join('|')})`]

/** Slots that hold a concept's whole vocabulary, so that each of its words is met beside the others in training. */
export const vocabulary: Record<string, readonly string[]> = {
  ware: entries('household', 'consumable'),
  garment: [
    '(dress|dresses|skirt|shirt|blouse|tshirt|top|sweater|jumper|cardigan|hoodie|jacket|coat|raincoat|suit|trousers|pants|jeans|shorts|leggings|pyjamas|robe|bra|socks|shoes|boots|sneakers|trainers|sandals|slippers|heels|hat|cap|scarf|gloves|belt|wallet|purse|handbag|backpack|suitcase|sunglasses|glasses|watch|bracelet|necklace|earrings|ring|saree|kurta|costume)',
  ],
  gadget: entries('device'),
  program: entries('digital'),
  flaw: [
    '(damaged|broken|cracked|smashed|shattered|snapped|torn|ripped|frayed|worn out|scratched|scuffed|dented|bent|warped|crooked|crushed|crumpled|creased|stained|dirty|mouldy|rotten|stale|expired|leaking|soaked|wet|melted|burnt|faded|peeling|chipped|rusty|loose|wobbly|squeaky|rattling|defective|faulty|fake|flimsy|incomplete|open|used|empty|too small|too big|too tight|too loose|too short|too long|the wrong colour|the wrong size|the wrong model|the wrong flavour|not as described|not real leather|of poor quality|missing a part)',
  ],
  trouble: [
    '(crashes|freezes|hangs|lags|is slow|is stuck|stalls|flickers|blinks red|beeps|buzzes|overheats|keeps rebooting|restarts by itself|shut down|is dead|went dark|is blank|stopped|stopped working|does not work|does not respond|will not start|will not turn on|does not connect|disconnects|drops out|shows an error|says invalid|says try again|does not load|keeps spinning|times out|is offline|is down|is not detected|does not sync|does not save|does not open|is corrupted|is greyed out|has no sound|has no picture|does not print|does not charge|cannot be installed|cannot be found|fails|rejects my password|logs me out|asks for a code|sends no code)',
  ],
  service: [
    '(gym|fitness class|school meals|parking|toll|dentist|doctor visit|electricity|gas|water|heating|rent|broadband|phone|mobile|data|roaming|tv|cable|streaming|music|newspaper|magazine|cloud storage|hosting|domain|software|licence|seats|insurance|car insurance|pet cover|travel cover|card|account|overdraft|loan|mortgage|hotel|flight|seat|baggage|ride|scooter|rental|ticket|course|tuition|exam|daycare|delivery|shipping|express delivery|installation|repair visit|maintenance|support plan|warranty plan|game pass|add on|channel|movie rental|premium support|storage unit|cleaning|membership|donation)',
  ],
  sum: ['(5|9.99|12|18|25|40|60|89|112|250|500) ?(euros|dollars|pounds|bucks|quid|)'],
  dish: entries('food'),
  subject: entries('trivia', 'sport', 'weather'),
  daily: entries('life', 'body', 'home'),
}

/** Sentences that meet the whole vocabulary. */
export const wholeVocabulary: Industry & { out_of_scope: string[] } = {
  billing: [
    '(why|how come) (am|was|did|do) (i|we) (get |)(charged|charge|pay|paying|billed|debited|invoiced) {sum} for (the |my |our |a |){service}',
    '(you|they|u) (took|charged|billed|debited|deducted|collected|want|keep taking) {sum} (for|from) (the |my |our |){service}',
    '(can|may|could|how do|where do) (i|we|one) (pay|settle|pay for) (the |my |our |){service} (in|with|by|via) (dollars|euros|instalments|two parts|paypal|cash|card|bank transfer|points|cheque|advance)',
    '(what|how much) (does|is|do i pay for|do i owe for|will i pay for) (the |my |a |your |){service}( cost| (a|per) month| after the (promo|trial)| per year| in total|)',
    '(stop|end|cancel|quit|drop|remove|take off|get rid of|pause|downgrade|do not renew) (the |my |our |){service} (subscription|plan|contract|payment|renewal|package|add on|from my (bill|package|account))',
    '(the |my |our |){service} (bill|invoice|receipt|payment|fee|charge|price|statement|instalment|premium|rate|direct debit|account balance) (is|was|has|seems|shows) (wrong|too high|missing|double|not paid|overdue|minus 12|higher than (agreed|before)|for the wrong month|unpaid though i paid|pending|estimated|not what i was quoted)',
    '(my |the |)(payment|paycheck|salary|transfer|deposit|money|credit|cashback) (for (the |my |){service} |)(bounced|bounced back|was returned|is blocked|is on hold|is reserved|did not arrive|is missing|is pending|is not on my card|was taken twice|went out twice)',
    '(why|how come) is {sum} (blocked|reserved|pending|missing|on hold|gone) (on|from) my (account|card|statement)',
    '(invoice|receipt|proof of payment|copy of the bill|quote|breakdown) for (the |my |our |){service}( please| again| was lost, resend| to my company|)',
    '(charge|bill|invoice) (me|us) (in (euros|dollars) instead of (dollars|euros)|at the end of the month|yearly|on another card|by invoice)',
    '(upgrade|move|switch|change|go|downgrade) (from|to) (the )(basic|cheaper|monthly|annual|family|prepaid|contract|smaller|bigger) ({service} |)(plan|tariff|version|deal)( cost| please| how much|)',
    '(i |we |)(cancelled|quit|left|moved out|stopped) (the |){service} (but|and) (you keep|still|they keep) (debiting|charging|billing|taking money)( me| from me|)',
  ],
  returns: [
    '(the|my|this|that|these|those) (new |)({ware}|{garment}) (is|are|was|were|came|arrived|turned out) {flaw}( (i want|can i get|please send|need) (a refund|another|a replacement|my money back|a new one)|)',
    '(return|send back|exchange|swap|give back|bring back|take back|hand back|trade|refund|replace) (the|my|this|a|these) ({ware}|{garment}|{gadget} i bought|{gadget} from your shop)( for (a|another) (size|colour|model|one)| please|)',
    '(ordered|bought|wanted|paid for) (the |a |)({ware}|{garment}) in (black|white|red|blue|large|small|medium|size 34|42) (but |and |)(got|received|came|was sent) (green|white|another|a smaller one|the wrong one|size 32|something else)',
    '({ware}|{garment}): (want|need) (34 instead of 32|a bigger one|the blue one|medium instead of large)',
    '({ware}|{garment}) {flaw}',
    '(refund|replacement|exchange|warranty|return|reimbursement|money back) (for|of|on|status of) (the |my |a |)({ware}|{garment})',
    '(my |the |)({ware}|{garment}) (broke|tore|cracked|stopped working|fell apart|lost a (stone|button|leg|wheel)|shrank|leaks|wobbles|rattles) (after (a day|two weeks|one wash)|within the guarantee|already)',
    '(season 2|volume 3|the large|the english|the other) ({ware}|box|dvd|edition|book) (box |)(has|contains|holds|had) (season 1|the wrong one|another (disc|book|item)|something else) (inside|in it)',
    '(handing|sending|giving|taking|bringing) back (the |my |a |)({ware}|{garment}|{gadget})( it is (useless|too small|no good|not needed)|)',
  ],
  'tech-support': [
    '(my|the|our|your|this) {gadget} {trouble}',
    '(my|the|our|your|this) {program} {trouble}( (since the update|on my (phone|laptop)|again|when i (click|open|save)|every time)|)',
    '(how do i|how to|where do i|cannot|unable to|help me) (install|set up|connect|pair|reset|update|configure|enable|disable|find|open|restore|recover|rotate|change|activate|use|log in to|sign in to|export|import|sync|uninstall) (the|my|a|your) ({program}|{gadget}|{gadget} settings|{program} settings)',
    '{gadget} (problem|trouble|issue|not working|error|settings|setup|reset)',
    '{program} (problem|trouble|issue|not working|error|not loading|will not open|crash)',
    '(after|since) (migrating|the update|the upgrade|resetting|installing|changing my (phone|laptop|password)) (my|the|our) ({program}|{gadget}) {trouble}',
    '(is|are) (there|) (coverage|signal|reception|an outage|your servers down|a fault|maintenance)( in {city}| near me| at the moment|)',
  ],
  out_of_scope: [
    '(how do i|how can i|how to|how long do you|what is the best way to) (cook|make|bake|peel|store|season|grill|freeze|serve|chop) {dish}',
    '(what is|what are|who|tell me about|explain|define|facts about|history of|why is|how does|is it true about|where is) (the |a |){subject}( work| called that| like| in {country}| again|)',
    '(recipe for|calories in|best|ingredients of|is|can dogs eat|what goes with|order me) {dish}( healthy| for dinner| bad for you| please|)',
    '(how do i|should i|what helps with|my|tips for|advice on|how can i|i feel) {daily}( hurts| today| what should i do| with kids| faster|)',
    '(who won|who is winning|when is|what is the score of|what are the rules of|which team plays in|tickets for) (the |){subject}( tonight| last night| this year|)',
    'how many (people|{subject}|dollars|pounds|metres|countries|calories) (are|live|fit|does|were) (there |)(in|on|at) ({country}|{city}|the world|{dish}|{subject})',
  ],
}
