import { conceptsOf, deskConcepts } from './concepts.ts'
import { type Reading, readText } from './text.ts'

/** How a message is said, with the words that say it. */
export interface Tone {
  /** Insults, threatens or harasses whoever reads it. */
  abusive?: string
  /** Says that the patience is at an end. */
  frustrated?: string
}

const very =
  '(?:(?:so|really|very|fucking|bloody|absolute|absolutely|total|complete|damn|just|such|all|a|an|the|one|big|little|old|fat|dumb|stupid|useless|filthy|dirty|lying|worthless|ugly|bunch of|piece of|load of|pieces of) )*'
const insult =
  '(?:idiots?|morons?|imbeciles?|stupid|silly|dumb|dumb ?ass|retard(?:ed|s)?|bitch(?:es)?|bastards?|ass ?holes?|arse ?holes?|dick ?heads?|dicks?|pricks?|wankers?|twats?|cunts?|tits?|whores?|sluts?|scum(?:bags?)?|losers?|pathetic|worthless|trash|garbage|rubbish|shit|shite|crap|junk|suck|sucks|fools?|clowns?|jerks?|pigs?|cows?|rats?|ugly|smelly|disgusting|evil|creeps?|perverts?|liars?|thie(?:f|ves)|crooks?|brainless|braindead|crazy|mental|insane|fat|gay|annoying|boring|dull|useless|hopeless|moronic|idiotic|douche(?:bags?)?|freaks?|psychos?|fuckers?|motherfuckers?|imbecilic|incompetent)'
const vulgar =
  '(?:f+u+c*k+(?:ing|ed|er|ers|in|s)?|fck|fuk|fuq|mother ?fuckers?|shit(?:ty|s|e)?|bullshit|cunts?|twats?|wank(?:er|ers)?|piss off|bollocks|arse ?holes?|ass ?holes?|bitch(?:es|y)?|bastards?|nigg(?:er|a)s?|fagg?(?:ot)?s?|tranny|sluts?|whores?|slag)'
const sexual =
  '(?:sex|sexy|sexual|horny|nudes?|naked|porn|boobs?|tits?|titties|pussy|penis|vagina|cock|dick|blow ?job|orgasm|masturbat\\w*|erection|shag|cum|anal|virgin|lick me|make love|bend over|panties|underwear)'

const name =
  '(?:idiots?|morons?|imbeciles?|retards?|bitch(?:es)?|bastards?|basturds?|ass(?:holes?|es)?|arse(?:holes?)?|dick(?:heads?|s)?|pricks?|wankers?|twats?|cunts?|whores?|sluts?|scum(?:bags?)?|losers?|clowns?|jerks?|creeps?|perverts?|liars?|thie(?:f|ves)|crooks?|fuckers?|fuck(?:face|brain|head|wit)s?|pigs?|rats?|cows?)'

const toYou = [
  `\\b(?:you|u|your|who is the|who are the|these|those) (?:\\w+ ){0,3}${name}(?: (?:responsible|in charge|who (?:wrote|made|built|runs?).*))?$`,
  `\\b(?:you|u) (?:are|r|look|smell|sound) ${very}(?:rude|lazy|mean|horrible|awful|nasty|hot|a punk|low ?life|not worthy|racist|paki|black|a slave|an animal|my bitch)\\b`,
  `^${name}(?: ${name})*$`,
  `\\b(?:what|such) an? ${very}${insult} (?:you|u)\\b|\\bsend (?:me )?(?:your )?nudes?\\b`,
  `\\b(?:you|u|ya|you are|u are|your|ur|you lot|you guys|you people|this bot|bot|y'all) (?:are |r |is |look |sound |must be |being )*${very}${insult}\\b`,
  `^${very}(?:bot |robot |machine )?${very}(?:idiots?|morons?|imbeciles?|dumb|dumb ?ass|retards?|bitch(?:es)?|bastards?|dick ?heads?|pricks?|losers?|scum|fools?|clowns?|liars?|thieves|jerks?|stupid (?:bot|machine|robot|computer|program|thing|cow|idiot)s?|stupid)(?: (?:bot|machine|robot|all of you|the lot of you|you are|you|all|person|man|woman))*$`,
  `^(?:(?:oh|just|please|you|ok|no|hey|now|and) )*(?:shut (?:up|your (?:mouth|face|trap))|stfu|get (?:lost|stuffed)|drop dead|go (?:to hell|away and die|die|kill yourself|jump|hang)|bite me|eat shit|piss off|bugger off|sod off|screw (?:you|off|this company)|damn you|kiss my (?:ass|arse)|up yours|rot in hell|suck (?:it|my|on)|kys)\\b`,
  `\\b(?:shut (?:up|your (?:mouth|face|trap))|kiss my (?:ass|arse)|rot in hell|go to hell|drop dead|kill yourself|f+u+c*k+ (?:off|you|u|ur|your|yourself|yourselves|this company|them|all|that bot|him|her|me)|fck (?:you|off)|screw you|suck my|suck a|piss off|son of a bitch|sons of bitches)\\b`,
  `\\bi (?:will|am going to|gonna|want to|would like to|wanna|could|shall|hope to) (?:come (?:to|and|over)\\b.*)?(?:kill|hurt|beat|smash|stab|punch|slap|shoot|strangle|rape|destroy|murder|burn|find you and (?:hurt|kill|beat|punch)) (?:and \\w+ )?(?:you|u|your|all of you|everyone there|this bot)\\b(?! (?:a|an|the|this|that|some|my|order|on|in|site|number))`,
  `\\b(?:come|go|drive) to your (?:office|house|home|shop|building)\\b.*\\b(?:smash|burn|break|punch|hurt|kill)\\b`,
  `\\bi hope (?:you|u|your)\\b.*\\b(?:die|rot|burn|suffer|choke|get cancer)\\b`,
  `\\b(?:i )?hate (?:you|u|your guts)\\b`,
  `\\b(?:are|r) (?:you|u|ya) (?:all |just |always |really |that |this |so |some kind of |a |an )*(?:${insult})\\b`,
  `\\btalk dirty\\b|\\bwhat are you wearing\\b|\\bare you wearing\\b|\\b(?:sleep|bed) with (?:me|you)\\b|\\bhave sex\\b`,
].map((source) => new RegExp(source, 'u'))
const strong = new RegExp(`\\b${vulgar}\\b`, 'u')
const lewd = new RegExp(`\\b${sexual}\\b`, 'u')

const patience = [
  `\\b(?:fed up|sick (?:and tired )?of|tired of (?:this|waiting|your|explaining|being|repeating)|had (?:it|enough)|lost (?:all |my )?patience|losing (?:all |my )?patience|running out of patience|at my wits? end|end of my (?:tether|rope)|last straw|getting on my nerves|give up(?: (?:with|on) you|$))\\b`,
  `\\b(?:ridiculous|unacceptable|disgrace(?:ful)?|disgusting|outrageous|appalling|pathetic|shameful|scandalous|shambles|farce|nightmare|inexcusable|laughable|absurd|infuriating|maddening|(?:is|are|what|such|complete|absolute|utter|total) a joke|(?:complete|absolute|utter|total|bad|sick) joke|useless|hopeless|incompetent|unbelievable|shocking)\\b`,
  `\\b(?:worst|terrible|horrible|awful|dreadful|lousy|poor|bad|rubbish|shit|shitty|pathetic|zero|no) (?:customer |ever |possible )*(?:service|support|company|experience|treatment|customer care|provider|bank|shop|app|help|response)\\b`,
  `\\b(?:frustrat(?:ed|ing)|furious|angry|livid|annoy(?:ed|ing)|irritat(?:ed|ing)|outraged|disappointed|pissed(?: off)?|upset|fuming|enraged|mad at you|disgusted|exasperated)\\b`,
  `\\b(?:(?:the|my) (?:third|fourth|fifth|sixth|seventh|tenth|hundredth|umpteenth|millionth|0code) (?:time|message|mail|call|attempt)|(?:second|last) time (?:i|that|now|this|we|today|in|asking|calling|writing)|how many (?:more )?times|(?:again and again|over and over|time and again|for the (?:last|hundredth|umpteenth|third|fourth|fifth|0code) time)|(?:twice|three|four|five|six|ten|many|several|0|so many) times (?:now|already|and|but))\\b`,
  `\\b(?:nobody|no one|no body|none of you|not one of you) (?:ever )?(?:helps?|cares?|answers?|answered|replies|replied|listens?|responds?|responded|knows|bothers|bothered|is helping|is answering|is listening|has (?:answered|replied|helped|called))\\b`,
  `\\b(?:why (?:does|will|is|has|do) (?:nobody|no one|no body|none of you)|do you (?:even|not) (?:listen|read|care|understand)|you (?:do not|never) (?:listen|read|care|answer|help)|are you (?:even (?:listening|reading)|kidding(?: me)?|joking|serious|deaf)|you must be (?:joking|kidding))\\b`,
  `\\b(?:waste of (?:my )?(?:time|money|space)|waste (?:app|site|service|company|product)|wasting my time|wasted (?:my|hours|days|a whole)|going (?:round |around |on |me )*in circles|in circles|run(?:ning)? around|lies|broken promises|excuses|makes? no sense)\\b`,
  `\\b(?:been )?waiting (?:for )?(?:over |more than |almost |now |about |already )*(?:\\w+ )?(?:hours|days|weeks|months|ages|forever|years|an hour|a week|a month)\\b`,
  `^still (?:waiting|nothing|no (?:answer|reply|response|refund|news|help)|not (?:fixed|working|resolved|sorted|solved|here))\\b`,
  `\\b(?:and|but) (?:still|again) (?:nothing|no (?:answer|reply|response|refund|news|help)|not (?:fixed|resolved|sorted|solved))\\b|\\bagain nothing\\b|\\bwhy is (?:this|it|that) still\\b|\\bstill (?:not fixed|has not been|have not|not resolved|broken)\\b`,
  `\\b(?:i (?:will|am going to|shall)|gonna) (?:leave|switch|sue|complain|go to (?:the press|a lawyer|court|another)|report you|take my business|never (?:buy|use|order|come))\\b|\\b(?:leave|leaving|switch|switching) (?:you )?(?:for|to) (?:another|a different|your competitor)\\b|\\b(?:trading standards|ombudsman|my lawyer|small claims|consumer protection)\\b|\\bnever again\\b`,
  `\\b(?:wtf|ffs|omfg|for (?:god|christ|heaven|pete|goodness|fuck)s? ?'?s? sake|what the (?:hell|heck|fuck|f)|(?:god)?damn(?:ed|it)?|bloody (?:useless|thing|ridiculous|joke|awful)|freaking|frigging|crap|crappy|bullshit)\\b`,
  `\\b(?:screw up|screwed me|ripped (?:me )?off|rip ?off|scammers?|cheat(?:ed|ing)? (?:me|us|people|customers)|you (?:stole|robbed)|robbery|daylight robbery|you promised|promised (?:me|us)? ?(?:this|it|that)?)\\b.*\\b(?:again|nothing|still|not|never|scam|off|stole|robbed|me|us|robbery)\\b`,
].map((source) => new RegExp(source, 'u'))

/** How a message is said. A signal for people and for how carefully a turn is handled, never a reason to refuse one. */
export function toneOf(written: string): Tone {
  const text = readText(written)
  const read = text.words.slice(0, 200).join(' ')
  const harsh = firstOf(toYou, read) ?? (aboutDesk(text) ? undefined : firstOf([strong, lewd], read))
  const tired = firstOf(patience, read) ?? strong.exec(read)?.[0] ?? firstOf(toYou, read) ?? shouted(written, text)
  return { ...(harsh !== undefined && { abusive: harsh }), ...(tired !== undefined && { frustrated: tired }) }
}

function firstOf(patterns: readonly RegExp[], read: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(read)
    if (found) return found[0].trim().slice(0, 60)
  }
  return undefined
}

/** Rude words in a message about one's own goods, bills and devices are aimed at those. */
function aboutDesk({ words }: Reading): boolean {
  return words.some((word) => conceptsOf(word).some((name) => deskConcepts.has(name)))
}

const plaint =
  /\b(?:why|not|no|still|never|again|where|when|help|now|nothing|nobody|wrong|enough|answer|how|hello|stop)\b/u

/** Many words in capitals, or several marks at the end of a message that misses something. */
function shouted(written: string, text: Reading): string | undefined {
  const all = written.match(/\b[A-Za-z]{2,}\b/gu) ?? []
  const loud = all.filter((word) => word.length > 2 && word === word.toUpperCase())
  const plaintive = plaint.test(text.plain) && aboutDesk(text)
  if (loud.length >= 4 && loud.length >= all.length * 0.6 && plaint.test(text.plain)) return 'in capitals'
  return plaintive && /(?:!{3,}|\?{3,}|\?!|!\?|(?:!.*){4})/u.test(written) ? 'marks' : undefined
}
