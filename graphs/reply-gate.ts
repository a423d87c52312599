import { LRUCache } from 'lru-cache'
import { type Claim, readClaims } from './gate/claims.ts'
import { type Contradiction, contradictionsIn, saysChange, type Told } from './gate/contradictions.ts'
import { deedIn, isOnRecord } from './gate/deeds.ts'
import { createEvidence, type Evidence, type Exhibit } from './gate/evidence.ts'
import { languageOf } from './gate/language.ts'
import { createPromptLeaks, hasSecret, internalsIn, strangersIn, withoutSecrets } from './gate/leaks.ts'
import { inventedFavours, isUndecided, refutedBy } from './gate/policies.ts'
import { isProcess, isPromise, type Promised, promisesIn, saysHandoff } from './gate/promises.ts'
import { sentencesOf } from './gate/sentences.ts'
import type { ValueKind } from './gate/values.ts'
import type { Draft } from './state.ts'

/** What a text to a customer is held against. */
export interface GateContext {
  /** What may be said in this turn, and why. */
  evidence: Evidence
  /** What the customer was told before, oldest first. */
  told: Told[]
  /** All that the customer wrote, the newest last. */
  customer: string[]
}

/** What the gate makes of a draft. */
export interface GateVerdict {
  /**
   * `send` as `text` has it; `rewrite` where its author may try once more; `ask`: the customer is told that nothing
   * supports it, and a person is offered; `person`: one takes over.
   */
  outcome: 'send' | 'rewrite' | 'ask' | 'person'
  text: string
  /** Why it is not sent as it was written; for a person's text what they should look at. */
  problems: string[]
  /** What becomes of a draft that cannot be written again. */
  otherwise?: 'ask' | 'person'
  /** Set where nobody may send it, not even a person who insists. */
  forbidden?: boolean
  /** What the text states, and what each of it rests on. */
  claims?: Claim[]
  /** What a person promises in it. */
  promises?: Promised[]
  /** Rules that code finds neither stated nor denied: a model may judge them. */
  undecided?: string[]
}

/** Checks texts to customers in code. */
export interface ReplyGate {
  /** Decides on a whole text. Without a context only what shows in the text itself is checked. */
  check(draft: Draft, context?: GateContext): GateVerdict
  /** True when this sentence may be shown while the rest is still being written. */
  releases(sentence: string, context?: GateContext): boolean
}

/** What a gate's context is made from. */
export interface GateSources {
  exhibits: Exhibit[]
  told: Told[]
  customer: string[]
  now: Date
}

/** The context of a turn: what was found in it, and all that was said before it. */
export function gateContext({ exhibits, told, customer, now }: GateSources): GateContext {
  const said = told.map(({ text }): Exhibit => ({ source: { by: 'said' }, text }))
  const words = customer.map((text): Exhibit => ({ source: { by: 'customer' }, text }))
  return { evidence: createEvidence([...exhibits, ...said, ...words], now), told, customer }
}

const KEPT = 200

/** Something that is wrong with a text. */
interface Finding {
  problem: string
  otherwise: 'ask' | 'person'
}

/**
 * The gate that every installation has. A model's text is held against everything that its author had in hand; the
 * system's own texts are made from rows and results by code, and only secrets are looked for; a person's text is never
 * held back but for secrets, which are taken out, and what is found in it is theirs to judge.
 * @param prompts what models are told beside the rules of the house, such as the specialists' own prompts
 */
export function createReplyGate({ prompts = [] }: { prompts?: string[] } = {}): ReplyGate {
  const leaksPrompt = createPromptLeaks(prompts)

  /** A sentence is asked for while it is streamed, and the whole text before and behind the draft. */
  const blocked = new LRUCache<string, { problem: string | undefined }>({ max: KEPT })
  function blockedFor(text: string): string | undefined {
    const known = blocked.get(text) ?? { problem: blockedNow(text) }
    blocked.set(text, known)
    return known.problem
  }

  function blockedNow(text: string): string | undefined {
    if (text === '') return 'the reply is empty'
    if (hasSecret(text)) return 'the reply holds a secret'
    if (leaksPrompt(text)) return 'the reply holds its own instructions'
    return sentencesOf(text).some(saysHandoff) ? 'the reply announces a handoff that nobody made' : undefined
  }

  return {
    check(draft, context) {
      const clean = draft.text.replaceAll('\u0000', '').toWellFormed().trim()
      const { author, model } = draft
      if (author.kind === 'agent') return checkPerson(clean, context)
      if (author.kind === 'system' || (model === null && context)) {
        const problem = clean === '' ? 'the reply is empty' : hasSecret(clean) ? 'the reply holds a secret' : undefined
        if (problem) return { outcome: 'person', text: '', problems: [problem] }
        return { outcome: 'send', text: clean, problems: [], ...(context && { claims: claimsIn(clean, context) }) }
      }
      const problem = blockedFor(clean)
      if (problem) return { outcome: 'person', text: '', problems: [problem] }
      return context ? checkModel(clean, context) : { outcome: 'send', text: clean, problems: [] }
    },
    releases(sentence, context) {
      if (sentence.trim() === '') return true
      if (blockedFor(sentence)) return false
      if (!context) return true
      const sentences = sentencesOf(sentence)
      return (
        sentences.every((each) => findingsIn(each, context).length === 0) &&
        contradictionsOf(sentence, context).every(({ newer }) => newer)
      )
    },
  }
}

function checkModel(text: string, context: GateContext): GateVerdict {
  const sentences = sentencesOf(text)
  const findings = sentences.flatMap((sentence) => findingsIn(sentence, context))
  const contradictions = contradictionsOf(text, context)
  const changed = contradictions.filter(({ newer }) => newer)
  for (const { before } of contradictions.filter(({ newer }) => !newer))
    findings.push({
      problem: `it contradicts what the customer was told before: “${clip(before)}”`,
      otherwise: 'person',
    })
  const language = wrongLanguage(text, context)
  if (language) findings.push(language)
  const claims = claimsIn(text, context)
  if (findings.length > 0) {
    const otherwise = findings.some((finding) => finding.otherwise === 'person') ? 'person' : 'ask'
    return { outcome: 'rewrite', text: '', problems: [...new Set(findings.map(({ problem }) => problem))], otherwise }
  }
  const undecided = sentences.filter((sentence) => isUndecided(sentence, context.evidence))
  return {
    outcome: 'send',
    text: changed.length > 0 && !saysChange(text) ? `${text}\n\n${correctionOf(changed)}` : text,
    problems: [],
    claims,
    ...(undecided.length > 0 && { undecided }),
  }
}

function checkPerson(text: string, context: GateContext | undefined): GateVerdict {
  const secret = hasSecret(text)
  const verdict: GateVerdict = { outcome: 'send', text: withoutSecrets(text), problems: [] }
  if (secret) return { ...verdict, problems: ['the text holds a secret'], forbidden: true }
  if (!context) return verdict
  const sentences = sentencesOf(text)
  const stated = sentences.filter((sentence) => !isPromise(sentence))
  const findings = stated.flatMap((sentence) => [...strangers(sentence, context), ...unsupported(sentence, context)])
  const problems = findings.map(({ problem }) => problem)
  const contradictions = contradictionsOf(stated.join('\n'), context)
  for (const { before } of contradictions)
    problems.push(`it contradicts what the customer was told before: “${clip(before)}”`)
  const language = wrongLanguage(text, context)
  if (language) problems.push(language.problem)
  const promises = promisesIn(sentences, context.evidence.now)
  return {
    ...verdict,
    problems: [...new Set(problems)],
    claims: claimsIn(stated.join('\n'), context),
    ...(promises.length > 0 && { promises }),
  }
}

/** What was found while a reply was streamed need not be looked for again when it is whole. */
const foundIn = new WeakMap<GateContext, Map<string, Finding[]>>()

function findingsIn(sentence: string, context: GateContext): Finding[] {
  const known = foundIn.get(context) ?? new Map<string, Finding[]>()
  foundIn.set(context, known)
  const findings = known.get(sentence) ?? lookInto(sentence, context)
  known.set(sentence, findings)
  return findings
}

function lookInto(sentence: string, context: GateContext): Finding[] {
  const { evidence } = context
  const internal = internalsIn(sentence, evidence).map((name): Finding => {
    return { problem: `“${name}” is a name of the inside`, otherwise: 'person' }
  })
  if (isPromise(sentence) && !isProcess(sentence, evidence))
    return [...internal, { problem: `nobody would keep the promise “${clip(sentence)}”`, otherwise: 'person' }]
  const deed = deedIn(sentence)
  const undone = deed !== undefined && !isOnRecord(deed, evidence)
  const refuted = refutedBy(sentence, evidence)
  return [
    ...internal,
    ...strangers(sentence, context),
    ...unsupported(sentence, context),
    ...(undone ? [{ problem: `nothing says that it was ${deed}`, otherwise: 'person' as const }] : []),
    ...inventedFavours(sentence, evidence).map((favour): Finding => {
      return { problem: `no article and no result mentions ${favour}`, otherwise: 'ask' }
    }),
    ...(refuted ? [{ problem: `the opposite is written: “${clip(refuted.text)}”`, otherwise: 'ask' as const }] : []),
  ]
}

/** What of these nobody has brought up is somebody else's, or nobody's. */
const THEIRS = new Set<ValueKind>(['identifier', 'e-mail', 'link', 'phone'])

function strangers(sentence: string, { evidence }: GateContext): Finding[] {
  return strangersIn(sentence, evidence).map((name) => {
    return { problem: `nothing shows that “${name}” belongs to this customer`, otherwise: 'person' }
  })
}

function unsupported(sentence: string, { evidence }: GateContext): Finding[] {
  return readClaims(sentence, evidence).unsupported.map(({ kind, text }) =>
    THEIRS.has(kind)
      ? { problem: `nothing shows that “${text}” belongs to this customer`, otherwise: 'person' as const }
      : { problem: `“${text}” stands in no article and in no result`, otherwise: 'ask' as const },
  )
}

function claimsIn(text: string, { evidence }: GateContext): Claim[] {
  const claims = sentencesOf(text).flatMap((sentence) => readClaims(sentence, evidence).claims)
  // A customer's own words given back, and what was told before, are no new claims.
  const own = claims.filter((claim) => !('by' in claim.evidence) && claim.kind !== 'number')
  return own
    .filter(({ value }, index) => own.findIndex((claim) => claim.value === value) === index)
    .slice(0, MOST_CLAIMS)
}

/** Of a long list the first ones are enough to find the conversation again. */
const MOST_CLAIMS = 12

function contradictionsOf(text: string, { told, evidence }: GateContext): Contradiction[] {
  return contradictionsIn(text, told, evidence.now, (value) => evidence.find(value))
}

function correctionOf(changed: Contradiction[]): string {
  const before = [...new Set(changed.map((each) => clip(each.before.replace(/\[\d{1,2}\]/g, '').trim())))]
  return `This has changed since you were told before: ${before.map((text) => `“${text}”`).join(', ')}.`
}

/** Not for short texts: whoever writes “hola” may well want an English answer. */
function wrongLanguage(text: string, { customer }: GateContext): Finding | undefined {
  const theirs = languageOf(customer.at(-1) ?? '') ?? languageOf(customer.join('\n'))
  const ours = theirs ? languageOf(text) : undefined
  if (!theirs || !ours || theirs === ours) return undefined
  return { problem: `it is written in “${ours}”, and the customer writes in “${theirs}”`, otherwise: 'person' }
}

function clip(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= 160 ? line : `${line.slice(0, 159)}…`
}
