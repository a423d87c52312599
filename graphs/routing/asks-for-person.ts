import { type Reading, readText } from './text.ts'

const meant: Record<string, string> = {}
for (const group of [
  'speak speaking speek spk spek speack',
  'talk talking talked tlak takl tolk tlk tok taking=',
  'chat chatting chatt',
  'human humans humn hman humna uman',
  'person persons persn',
  'agent agents',
  'operator operators',
  'representative representatives rep reps repr csr',
  'assistant assistants asst',
  'advisor advisors adviser advisers',
  'consultant consultants',
  'supervisor supervisors',
  'manager managers mgr',
  'executive executives exec',
  'colleague colleagues',
  'with wth wiht wirh wih',
  'someone',
  'somebody',
  'anyone',
  'anybody',
  'contact contacting contacted',
  'connect connecting connected',
  'transfer transferring transferred',
  'customer customers',
  'service services',
  'support',
  'number',
  'helpline hotline helplines',
  'chatbot chatbots',
]) {
  const [first = '', ...rest] = group.split(' ')
  for (const one of [first, ...rest]) if (!one.endsWith('=')) meant[one] = first
}

const notSlips = new Set(
  'chart charts cheat cheats chats talks talked widths width wither witch wicked talky chant chalk tall tally stalk steak sneak spear contract contracts content manage manages managed assistance assisting urgent services service supports supporter supported support hum humid numbers transfers connects connection contacts contact speaker speakers consultants parson prison persona personal numb number someones chatter chats'.split(
    ' ',
  ),
)

function within(left: string, right: string, most: number): boolean {
  if (Math.abs(left.length - right.length) > most) return false
  let before: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let row = 1; row <= left.length; row++) {
    const now = [row]
    for (let at = 1; at <= right.length; at++) {
      const same = left[row - 1] === right[at - 1]
      let cost = Math.min((last[at] ?? 0) + 1, (now[at - 1] ?? 0) + 1, (last[at - 1] ?? 0) + (same ? 0 : 1))
      if (row > 1 && at > 1 && left[row - 1] === right[at - 2] && left[row - 2] === right[at - 1])
        cost = Math.min(cost, (before[at - 2] ?? 0) + 1)
      now.push(cost)
    }
    before = last
    last = now
  }
  return (last[right.length] ?? 99) <= most
}

const targets = Object.entries(meant).filter(([word]) => word.length >= 4)
const letters = (word: string) => [...word].sort().join('')
const seen = new Map<string, string>()

function canonical(word: string): string {
  const before = seen.get(word)
  if (before !== undefined) return before
  const read = readSlip(word)
  if (seen.size < 10_000 && word.length < 24) seen.set(word, read)
  return read
}

function readSlip(word: string): string {
  const exact = meant[word]
  if (exact) return exact
  if (word.length < 5 || notSlips.has(word)) return word
  for (const [target, base] of targets) {
    const slips = target.length >= 9 ? 2 : 1
    if (Math.abs(target.length - word.length) > slips || (target.length === 4 && word.length === 4)) continue
    if (word[0] === target[0] ? within(word, target, slips) : letters(word) === letters(target)) return base
  }
  return word
}

const person =
  '(?:human(?: being)?|person|agent|operator|representative|assistant|advisor|consultant|supervisor|manager|executive|colleague|employee|staff(?: member)?|team member|member of (?:the |your )?(?:staff|team)|associate|receptionist|attendant|boss|superior|human beings|people|customer (?:service|care|support|relations)|(?:support|service|care|sales) (?:team|staff|desk|department|person|guy|lady)|help ?desk|call cent(?:er|re)|individual|expert|specialist|professional|technician|man|woman|guy|lady|officer|banker|adjuster|handler|underwriter|developer|engineer|nurse|moderator|clerk|case worker|account manager|team lead(?:er)?|head of \\w+|director|person in charge)'
const anyone =
  '(?:someone|somebody|anyone|anybody|some one|some body|any one|any body|you guys|your team|your company|your people|your office|your department|your staff)'
const talk = '(?:speak|talk|chat|converse|discuss|conversation|talks)'
const reach =
  '(?:contact|connect|(?:transfer|trnasfer|tranfer|trasnfer)(?= (?:me|us|to|this|my|the c|now))|reach|call|phone|ring|dial|get hold of|get a hold of|get ahold of|get in touch|get in contact|touch|put|pass|switch|forward|redirect|escalate|hand|refer|direct|patch|move|route|link)'
const gap = (most: number) => `(?: [a-z0-9]+){0,${most}} `

const place =
  '(?:store|shop|branch|bank|warehouse|office|hotel|company|reception|front desk|headquarters|back office|depot|(?:engineering|support|sales|billing|claims?|fraud|complaints?|technical|tech|service|security|customer|accounts?|finance|legal|returns?|retention|loans?|management|escalation)(?: (?:team|department|dept|desk|line|office|people|staff|division|unit))?)'

const patterns = [
  `\\b(?:people|humans?|persons?|agents?) only\\b`,
  `\\b(?:get|put|have|give|want|need) (?:me )?(?:an? |the |your |one of your )?${person} on(?: the (?:phone|line)| here)\\b`,
  `\\b${anyone}\\b.{0,40} (?:by|over the|on the) phone\\b`,
  `\\b(?:${talk}|chat) (?:to|with) (?:the |your |an? |some )?${place}(?= (?:please|now|directly|not|instead|about|who|that|over|by)\\b|$)`,
  `\\b(?:would|can|could|will|may|please) (?:someone|somebody|anyone|anybody|one of (?:you|your \\w+)) (?:please |kindly |from \\w+ )?(?:speak|talk|call|ring|phone|chat)\\b`,
  `\\b(?:want|like|wish|prefer|asked|ask|need|waiting) to be (?:called|phoned|rung|contacted by|transferred|connected|put through|rung up)\\b`,
  `\\bgive (?:me |us )?a (?:bell|buzz|ring|tinkle|call back)\\b`,
  `\\b(?:rather|prefer to|sooner|better to) (?:just )?(?:phone|call|talk|speak|ring)(?: (?:you|in|it through|instead|please|somebody|someone))?$`,
  `\\b(?:manager|supervisor|agent|advisor|operator|representative|team lead)s? (?:s )?(?:phone|number|extension|line|email)$`,
  `\\b(?:an?|the|your|one of your|some|any) (?:\\w+ )?(?:advisor|agent|operator|representative|manager|supervisor|colleague|specialist|technician|engineer|officer|nurse|human|person|consultant|executive|banker|handler|someone)(?: of yours)? (?:to |please |should |must |could |can )?(?:call|ring|phone|contact|hop on a call|telephone|reach out)(?: (?:me|us|my \\w+|with|to me))`,
  `\\bconnect(?: (?:me|us|my call))?(?: (?:to|with))(?: (?:an?|the|your|some|any))? (?:${person}|${place})\\b`,
  `\\b(?:call cent(?:er|re)|helpline|phone line|support line|telephone line|phone support|live support)(?: \\w+){0,3} (?:open|working|hours|timings?|closed|available|functioning|staffed|operat\\w+)\\b`,
  `\\b(?:opening )?(?:hours|times?|timings?)(?: \\w+){0,4} (?:call cent(?:er|re)|helpline|phone support|live chat|support line|phone line)\\b`,
  `\\bwho (?:in|at|from|of) your (?:\\w+ )?can i (?:talk|speak|call)\\b`,
  `\\b(?:nurse|claims|fraud|support|customer|emergency|complaints|service) (?:helpline|line)(?: (?:please|now|number))?$`,
  `\\b(?:actual|real|living|human) (?:someone|somebody|one|soul|body|voice|people|person)\\b`,
  `\\b(?:phone|telephone|video) call with (?:you|one|someone|somebody|a|an|your|the)\\b`,
  `\\b(?:need|want|get me|give me|find me) (?:someone|somebody|anyone|a (?:person|human)) who (?:actually |really |can |could |will |would )*(?:understands?|knows?|helps?|listens?|speaks?|talks?|thinks?|reads?|cares?|can|could|solves?)\\b`,
  `^(?:customer |live |human |real )*(?:service |support |sales |care )*${person}(?: (?:please|now))*$`,
  `\\b(?:is|are) there (?:a|an|any|some) (?:real |live |actual )*(?:human|person|agent|operator|people|representative|manager)\\b`,
  `\\b(?:number|line) (?:i|we) (?:can|could|may) (?:call|ring|dial|phone|reach)\\b`,
  `\\b(?:get|put|have) (?:me )?(?:${anyone}|a (?:human|person|man|woman)|a real \\w+) on(?: the (?:phone|line)| here| this|$)`,
  `^(?:please )?(?:someone|somebody) (?:real|human|else)\\b`,
  `\\b${talk} (?:me )?(?:to|with|w|at|2)?${gap(4)}(?:${person}|${anyone})\\b`,
  `\\b${talk} ${person}\\b`,
  `\\b${talk} (?:to|with)? ?${anyone}\\b`,
  `\\b${reach}${gap(4)}(?:human|person|agent|operator|representative|assistant|advisor|consultant|supervisor|manager|executive|colleague|customer (?:service|care|support)|support(?=$| (?:team|staff|agent|person|please|now|desk|department|about|for))|help ?desk|(?:support|service) (?:team|staff)|staff|employee|real|call cent(?:er|re))\\b`,
  `\\b${reach}(?: (?:to|with|me|us|through|of))* ${anyone}\\b`,
  `\\b(?:live|real|actual|breathing|physical|flesh and blood|competent|proper|genuine) (?:life )?(?:human |support |service |customer )?(?:${person}|chat|support|operators|one)\\b`,
  `\\bhuman (?:support|help|assistance|agent|operator|representative|assistant|advisor|contact|please|now|only|being|to (?:answer|help|talk|speak|chat))\\b`,
  `\\b(?:want|need|get|give|send|find|request|demand|prefer|require|bring|fetch|like|see|have|summon|fetch|asking for|ask for|looking for|waiting for|show)(?: (?:me|us|for|to|have|get|see|only|just))*(?: (?:a|an|your|the|some|any|another|different|one|of|proper))* (?:human|person|agent|operator|representative|supervisor|manager|boss|superior|customer (?:service|care|support)|executive|real one|associate|advisor|consultant)(?: (?:please|now|not|to (?:help|talk|speak|answer|call|chat|solve|handle|deal)|who|that|here|asap|immediately|right|on|instead|from|because|and|or|for|today|at|urgently)\\b.*)?$`,
  `\\b(?:call|phone|ring|contact) (?:me|us)\\b`,
  `\\b(?:call ?back|callback|call (?:me|us) back|phone call from|give (?:me|us) a (?:call|ring|bell))\\b`,
  `(?:\\b(?:your|the|(?:a|any) (?=phone|contact|customer|support|tele|number (?:i|to))|customer|care|service|support|contact|phone|telephone|call|calling|toll free|helpline|free|hotline|company|direct|office|cent(?:er|re))) (?:contact |phone |telephone |mobile |support |service |helpline |customer |care |toll |free |calling |cell |helpdesk |direct )*(?:number|no|helpline|phone no|contact details|contact info|contact information|digits)(?: (?:please|to (?:call|contact|reach|talk|dial|speak)|for|i can|where|that i|so|of|is|now|can)\\b.*)?$`,
  `^(?:contact|phone|telephone|toll free|helpline|customer (?:care|service|support)|support|call cent(?:er|re)) (?:number|no|helpline)\\b`,
  `\\b(?:no more|stop|without|instead of|rather than|tired of|sick of|hate|enough|no|not (?:want|like|wish|need|talk|speak|chat|deal)|not a)(?: (?:want|need|like|wish|to|speak|talk|talking|chat|chatting|deal|dealing|with|the|a|an|this|any|more|these|of|another|stupid|your|using))* (?:bot|bots|robot|robots|machine|machines|computer|chatbot|ai|automated|automation|virtual assistant|canned)\\b`,
  `\\b(?:is|are) (?:there )?(?:any |some )?(?:${anyone}|human|person|agent|real person|people|operator)(?: (?:real|human|alive|actually|out))* (?:there|available|here|online|around|i can|who can|to (?:talk|speak|chat|help|answer|call)|at your|working|in there|on the other)\\b`,
  `^(?:(?:i|we|please|hi|hello|want|need|would|like|to|wish|let|me|have|can|could|us|may|help|now|trying|am|is|it|possible|how|do|must) )*(?:speak|talk|chat)(?: (?:to|with|now|please|someone|on|the|phone|live|online))*$`,
  `\\bhow (?:can|do|could|should|would|to) ?(?:i |we |one )?(?:call|phone|ring|contact|reach|get hold of|get in touch with|get in contact with) (?:you|your|customer|support|them|the (?:company|office|team|support))\\b`,
  `\\b(?:want|need|help|helping|assistance|trying|try|like|can i|could i|how|let me|have)\\b.* (?:with|to) (?:a|an|the|your) (?:human|person|agent|operator|representative|supervisor|manager|advisor)(?: please| now)?$`,
  `\\b(?:can|could|may) i (?:speak|talk) (?:to|with) you(?: please| now)?$`,
  `\\bescalate (?:this|it|my|the|now|please|to)\\b|^escalate\\b`,
  `\\b(?:human|person|agent|someone|somebody)(?: [a-z]+){0,2} (?:take over|takes over|handle this|call me|contact me|phone me|get back to me|ring me|look at this|read this)\\b`,
  `^(?:(?:please|i|want|need|now|a|an|the|your|real|live|just|get|me|give|any|to|hi|hello|hey|ok|no|only|urgent|asap|immediately|right|for|help|can|have|bot|actual|on|line|by|from|with|support|in) )*(?:human|person|agent|operator|representative|supervisor|manager|customer (?:service|care|support)|live (?:chat|agent|person|support|help)|help ?desk|support (?:team|staff|agent))(?: (?:please|now|asap|right|immediately|i|want|need|said|only|a|not|here|help|chat|urgently|hotline|line|thanks|to|answer|reply))*$`,
  `\\blive (?:chat|agent|person|operator|human|help|support|representative|assistant|advisor)\\b`,
  `\\b(?:hablar|comunicarme|contactar)(?: \\p{L}+){0,4} (?:agente?|persona|humano|alguien|asesor|representante|operador|supervisor)\\b`,
  `\\b(?:parler|contacter|joindre)(?: \\p{L}+){0,5} (?:conseiller|humain|personne|agent|quelqu|opérateur|responsable)`,
  `\\b(?:mit|einen|einem|einer)(?: \\p{L}+){0,3} (?:menschen|mitarbeiter|person|berater|mensch|mitarbeiterin)\\b`,
  `\\b(?:parlare|contattare)(?: \\p{L}+){0,4} (?:operatore|persona|umano|qualcuno|agente|assistente)\\b`,
  `\\b(?:falar)(?: \\p{L}+){0,4} (?:atendente|pessoa|humano|alguém|agente|operador|representante)\\b`,
].map((source) => new RegExp(source, 'u'))

const aboutOthers =
  /\bnumber (?:is|was|:)? ?0|\b(?:you gave|gave me|i have|i called|i tried|i rang|i dialled) (?:me )?your number\b|\bin the (?:museum|film)\b|\b(?:travel|estate|secret|booking|free|rental|cleaning|chemical|password|task|device|file|download|package|project|window|boot|google|voice|virtual|personal|insurance claims|city|county|hotel|restaurant|bank|store|shop|movie) (?:agent|manager|assistant|operator|advisor|number)s?\b|\bmy (?:\w+ )?(?:boss|manager|supervisor|colleague|friend|mom|mother|dad|wife|husband|doctor|assistant|boyfriend|girlfriend|crush|kids|children|brother|sister|teacher|contact number|contact|phone number|number|people)\b|\bhuman (?:body|brain|heart|race|skeleton|history|rights|resources|bones|eye|dna|nature|evolution)\b|\b(?:facetime|whatsapp|text) |\b(?:do not|never|stop) (?:call|phone|ring|contact)|\b(?:a|my|the) call to\b|\byou call (?:some|a|an|the)|\bcall (?:mom|dad|him|her|my)\b|\bwho (?:do|should|can|would|must) i (?:talk|speak|contact|call|report|ask|see|turn)\b|\b(?:do not|no|without) (?:want|need|have|having|wish) to (?:speak|talk|chat|contact|call)(?: \w+){0,2} (?:human|person|agent|someone|somebody|anyone)\b|\b(?:become|being|as) an? (?:agent|manager|supervisor|operator|assistant|advisor)\b/u

/** Whether persons, agents and calls in a text belong to the customer's own life or to another trade. */
export function speaksOfOthers({ words }: Reading): boolean {
  return aboutOthers.test(words.slice(0, longest).join(' '))
}

/** More words than this are not read: the ends of a long message hold what it asks. */
const longest = 120

/** Without one of these words no pattern can match: spares most messages the patterns. */
const mayAsk =
  /bell|buzz|officer|engineer|nurse|clerk|banker|handler|head of|director|soul|voice|speak|talk|chat|convers|discuss|contact|connect|transfer|reach|call|phone|ring|dial|touch|pass|switch|forward|redirect|escalate|human|person|agent|operator|representative|assistant|advisor|consultant|supervisor|manager|executive|colleague|employee|staff|member|associate|receptionist|attendant|boss|superior|people|customer|support|desk|someone|somebody|anyone|anybody|number|line|bot|robot|machine|computer|\bai\b|automat|real|live|hablar|comunicarme|parler|joindre|mensch|mitarbeiter|berater|parlare|falar/u

/**
 * The customer's words that ask for a person, or `undefined` when none do. Reads slips of the finger (Damerau 1964:
 * one, or two in words of nine letters and more), and the plainest forms in Spanish, French, German, Italian and
 * Portuguese.
 */
export function asksForPerson(text: string | Reading): string | undefined {
  const { words } = typeof text === 'string' ? readText(text) : text
  const all = words.map(canonical)
  const read = (all.length > longest ? [...all.slice(0, longest - 30), ...all.slice(-30)] : all)
    .join(' ')
    .replace(/\bcan you (?=talk|speak|chat)/g, 'can i ')
  if (!mayAsk.test(read)) return undefined
  for (const pattern of patterns) {
    const found = pattern.exec(read)
    if (!found) continue
    const around = read.slice(Math.max(0, found.index - 30), found.index + found[0].length + 20)
    if (!aboutOthers.test(around)) return found[0].trim().slice(0, 60)
  }
  return undefined
}
