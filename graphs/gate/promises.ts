import { stemOf } from '../../knowledge/words.ts'
import { datesIn, isoDay, weekdaysIn } from './dates.ts'
import { durationsIn } from './durations.ts'
import type { Evidence } from './evidence.ts'
import { clausesOf, isNegated, isQuestion, readingOf, share } from './sentences.ts'
import { valuesIn } from './values.ts'

const SOMEBODY =
  "(?:some(?:one|body)|one of (?:us|our \\w+|my colleagues)|(?:an?|our|my|the)(?: \\w+)? (?:colleagues?|team|technician|specialist|manager|management|supervisor|agent|expert|engineer|department|desk|warehouse|person)|they|he|she|you[’'](?:ll)|you will)"
const CONTACT =
  '(?:call|phone|ring|e-?mail|write|contact|reach out|get back|come back|follow up|let you know|inform|notify|message|text you|update you|keep you|be in touch|be right back|be back|hear)'
const WORK =
  '(?:check (?:with|on)|look into|investigate|find out|see to (?:it|that)|take care|chase|arrange|visit|make sure|sort (?:it|this|that) out)'
const SEND =
  'send (?:you )?(?:out )?(?:an?|the|another|our|your)? ?(?:\\w+ )?(?:technician|engineer|someone|colleague|person|e-?mail|confirmation|letter|message|text|update|link|code|replacement)'
const FUTURE = "(?:['’]ll|\\s+will|\\s+shall|\\s+(?:am|are|is) going to|['’](?:m|re) going to)"
const LATER = new RegExp(
  `\\b(?:I|we|${SOMEBODY})${FUTURE}(?: (?!not|never)\\w+){0,2}? (?:${CONTACT}|${WORK}|${SEND})\\b`,
  'i',
)
const NOW =
  /\b(?:some(?:one|body)|an? (?:colleague|technician|specialist|manager|person)|our team|my colleague) (?:calls|phones|contacts|writes|e-?mails|visits)\b/i
const WILL = new RegExp(`\\bwill ${CONTACT} (?:you|back)\\b`, 'i')
const GETS =
  /\byou(?:['’]ll| will| are going to)(?: (?:also|then|soon|shortly))? (?:receive|get|have|hear|be (?:contacted|called|notified|informed|e-?mailed|updated))\b[^.]{0,50}?\b(?:e-?mail|call|confirmation|message|reply|answer|update|letter|news|from (?:us|me|them|our)|contacted|called|notified|informed|e-?mailed|updated)\b/i
const WAITING =
  /\b(?:be right back|bear with me|(?:give me|just|one) (?:an? )?(?:moment|minute|second|sec)\b[^?]*\b(?:while|check|look|find)|hold on while|I['’]?(?:m| am) (?:now )?(?:checking|looking into|working on|forwarding))\b/i
/** What the customer does first can be kept in the next turn. */
const AFTER_YOU = /\b(?:if|once|when|as soon as|after) you\b|\b(?:send|tell|give|share|provide) (?:me|us)\b/i
const WORKING = new RegExp(`\\b${WORK}\\b`, 'i')
/** A handoff that is only said: nobody would come. */
const HANDOFF =
  /\b(?:I(?:['’]ll| will| am|['’]m going to| am going to|['’]m| have|['’]ve)|let me|we(?:['’]ll| will| are|['’]re)) (?:now )?(?:going to )?(?:transfer|connect|pass|forward|hand|redirect|refer|escalat)\w* (?:you|this|your (?:case|request|conversation|question|issue|message|chat|complaint))\b/i
const ACTS =
  /\b(?:call|phone|e-?mail|write|wrote|contact|reach|follow|know|inform|notif|message|update|send|visit|answer|technician|replacement)\w*/gi
/** The share of a promise's words that a passage's clause must have to be where it comes from. */
const MIN_SHARE = 0.5

/** Whether a sentence only says that the customer is handed over. */
export function saysHandoff(sentence: string): boolean {
  return HANDOFF.test(sentence)
}

/** Whether a sentence promises that somebody does something later. */
export function isPromise(sentence: string): boolean {
  if (isQuestion(sentence)) return false
  if (WAITING.test(sentence)) return true
  if (isNegated(sentence)) return false
  if (AFTER_YOU.test(sentence) && WORKING.test(sentence)) return false
  return LATER.test(sentence) || WILL.test(sentence) || NOW.test(sentence) || GETS.test(sentence)
}

/** Whether what is promised is how an article or a tool says that things go anyway. */
export function isProcess(sentence: string, evidence: Evidence): boolean {
  // No article speaks of what the specialist itself will do.
  if (/\bI(?:['’]ll|['’]m| will| am)\b/.test(sentence)) return false
  const parts = clausesOf(sentence).filter((part) => actsIn(part).size > 0)
  const known = evidence.clauses().filter(({ source, text }) => !('by' in source) && OURS.test(text))
  return parts.every((part) => {
    const acts = actsIn(part)
    const { stems } = readingOf(part)
    return known.some((clause) => {
      const says = actsIn(clause.text)
      return [...acts].some((act) => says.has(act)) && share(stems, clause.stems) >= MIN_SHARE
    })
  })
}

/** Whose doing it is: “call us” is the customer's. */
const OURS = /\b(?:we|our|colleagues?|team|you (?:will )?(?:get|receive|hear)|arrives?|(?:is|are) sent)\b/i

function actsIn(text: string): Set<string> {
  return new Set([...text.matchAll(ACTS)].map(([act]) => stemOf(act.toLowerCase().replace('-', ''))))
}

/** Something that a person told a customer they would do. */
export interface Promised {
  text: string
  /** ISO instant by which it is due. */
  due: string
}

const DAY = 86_400_000
/** Where nothing else is said a day ends at this hour, UTC. */
const EVENING = 18

/** The promises of a text, each with when it is due: what it says, and the next business day where it says nothing. */
export function promisesIn(sentences: string[], now: Date): Promised[] {
  return sentences.filter(isPromise).map((text) => ({ text, due: dueOf(text, now).toISOString() }))
}

function dueOf(text: string, now: Date): Date {
  const hours = durationsIn(text).flatMap(({ keys }) => keys.filter((key) => key.startsWith('s:')).map(seconds))[0]
  if (hours !== undefined && hours < DAY / 1_000) return new Date(now.getTime() + hours * 1_000)
  const minutes = valuesIn(text, now)
    .find(({ kind }) => kind === 'time')
    ?.keys[0]?.slice(2)
  const at = minutes ? Number(minutes) : /\b(?:noon|midday)\b/i.test(text) ? 12 * 60 : EVENING * 60
  const due = new Date(`${dueDay(text, now)}T00:00:00Z`)
  due.setUTCMinutes(at)
  // What is due on a day that is over by now is due when it is said.
  return due.getTime() > now.getTime() ? due : new Date(now.getTime() + 3_600_000)
}

function dueDay(text: string, now: Date): string {
  if (/\b(?:today|tonight|this (?:morning|afternoon|evening)|right away|at once|immediately)\b/i.test(text))
    return isoDay(now)
  const [written] = datesIn(text, now)
  const day = written?.days[0]
  if (day) return day.length === 10 ? day : yearOf(day, now)
  const [named] = weekdaysIn(text)
  if (named) return isoDay(new Date(now.getTime() + ((named.weekday - now.getUTCDay() + 7) % 7 || 7) * DAY))
  if (/\bnext week\b/i.test(text)) return isoDay(new Date(now.getTime() + 7 * DAY))
  const keys = durationsIn(text).flatMap((each) => each.keys)
  const span = keys.find((key) => key.startsWith('s:'))
  if (span) return isoDay(new Date(now.getTime() + seconds(span) * 1_000))
  const business = keys.find((key) => key.startsWith('b:'))
  return isoDay(businessDays(now, business ? Number(business.slice(2)) : 1))
}

function yearOf(day: string, now: Date): string {
  const year = now.getUTCFullYear()
  const thisYear = `${year}-${day}`
  return thisYear >= isoDay(now) ? thisYear : `${year + 1}-${day}`
}

function seconds(key: string): number {
  return Number(key.slice(2))
}

function businessDays(from: Date, count: number): Date {
  const day = new Date(from)
  for (let left = count; left > 0; ) {
    day.setUTCDate(day.getUTCDate() + 1)
    if (day.getUTCDay() !== 0 && day.getUTCDay() !== 6) left -= 1
  }
  return day
}
