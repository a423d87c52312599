import { type Citation, type Escalation, effectFacts, type TrailEntry } from './state.ts'
import type { Money } from './systems.ts'
import type { ThreadMessage } from './thread.ts'

/** A message of the thread with when it was written. */
export interface DatedMessage extends ThreadMessage {
  citations: Citation[]
  /** ISO instant. */
  at: string
}

/** A fact of the conversation's log with when it happened. */
export type DatedFact = TrailEntry & { at: string }

/** Everything a person needs to go on without asking the customer again. */
export interface HandoffPacket {
  version: 1
  id: string
  conversationId: string
  createdAt: string
  channel: string
  reason: { category: Escalation['reason']; detail: string; triggeredBy: Escalation['triggeredBy'] }
  /** At most 120 characters. */
  headline: string
  /** A few sentences by template; no model is asked. */
  summary: string
  asks: { text: string; status: 'open' | 'answered'; messageId: string }[]
  /** What the customer stated, with the message it stands in, and what a tool found, with the tool's name as key. */
  facts: { key: string; value: string; messageId: string | null; verified: boolean }[]
  attempted: { at: string; by: string; action: string; result: string }[]
  /** What was done to the world, or is on its way; each with what became of it last. */
  effects: PacketEffect[]
  /** Of the effects, those that wait for people to agree. */
  pendingApprovals: PacketEffect[]
  /** What the customer was told, by whom, resting on what. */
  told: { messageId: string; at: string; by: string; text: string; citations: Citation[] }[]
  /** What values the customer was told, and what each rested on. */
  claims: { at: string; text: string; value: string; by: string; evidence: Record<string, unknown> }[]
  /** What people told the customer they would do, the first due first. */
  promises: { id: string; text: string; owner: string; due: string; status: string }[]
  route: { at: string; to: string; by: string; confidence: number; reason: string }[]
  identity: { level: string }
  customer: { id: string }
  /** Every message, oldest first. */
  transcript: DatedMessage[]
  /** The exact sentence with which the customer was handed over. */
  customerWasTold: string
}

/** An effect as the packet tells of it. */
export interface PacketEffect {
  key: string
  tool: string
  summary: string
  amount: Money | null
  status: 'planned' | 'cancelled' | 'awaiting' | 'done' | 'failed' | 'in-doubt'
  at: string
  /** What the customer was told of it. */
  message: string | null
}

/** What a packet is built from. */
export interface PacketSource {
  conversationId: string
  channel: string
  customerId: string
  assurance: string
  at: string
  escalation: Escalation
  messages: DatedMessage[]
  facts: DatedFact[]
  promises?: HandoffPacket['promises']
}

const HEADLINE = 120

/** Builds the packet from the log alone, so that it goes out whatever has failed. */
export function buildHandoffPacket(source: PacketSource): HandoffPacket {
  const { conversationId, channel, escalation, messages, facts, at, promises = [] } = source
  const asks = asksOf(messages)
  const told = messages
    .filter(({ role }) => role === 'specialist' || role === 'agent')
    .map(({ id, at, author, text, citations }) => ({ messageId: id, at, by: author.name, text, citations }))
  const effects = effectsOf(facts)
  // The request for a person is the reason, not the subject.
  const subject = (asks.findLast(({ status }) => status === 'answered') ?? asks[0])?.text ?? ''
  return {
    version: 1,
    id: escalation.id,
    conversationId,
    createdAt: at,
    channel,
    reason: { category: escalation.reason, detail: escalation.detail, triggeredBy: escalation.triggeredBy },
    headline: clip(`${LABELS[escalation.reason]}: ${subject}`, HEADLINE),
    summary: summarise(escalation, asks, told, effects, promises, facts),
    asks,
    facts: [...messages.filter(({ role }) => role === 'customer').flatMap(statedFacts), ...facts.flatMap(foundFact)],
    attempted: facts.flatMap(attempt),
    effects,
    pendingApprovals: effects.filter(({ status }) => status === 'awaiting'),
    told,
    claims: facts.flatMap(claimed),
    promises,
    route: facts.flatMap((fact) =>
      fact.type === 'route-decided'
        ? [
            {
              at: fact.at,
              to: fact.route.to,
              by: fact.route.by,
              confidence: fact.route.confidence,
              reason: fact.route.reason,
            },
          ]
        : [],
    ),
    identity: { level: source.assurance },
    customer: { id: source.customerId },
    transcript: messages,
    customerWasTold: messages.findLast(({ role }) => role === 'system')?.text ?? '',
  }
}

const LABELS: Record<Escalation['reason'], string> = {
  customer_request: 'Asked for a person',
  missing_knowledge: 'No article answers this',
  low_confidence: 'Unclear what it is about',
  policy_restriction: 'Not for the AI to decide',
  tool_failure: 'Something failed',
  loop_or_no_progress: 'Passed around without progress',
  usage_limit: 'Took more than one turn may',
  agent_takeover: 'Taken over',
}

/** A customer's message is answered when a specialist or a person wrote after it. */
function asksOf(messages: DatedMessage[]): HandoffPacket['asks'] {
  const lastAnswer = messages.findLastIndex(({ role }) => role === 'specialist' || role === 'agent')
  return messages.flatMap(({ id, role, text }, i) =>
    role === 'customer'
      ? [{ text, status: i < lastAnswer ? ('answered' as const) : ('open' as const), messageId: id }]
      : [],
  )
}

function summarise(
  escalation: Escalation,
  asks: HandoffPacket['asks'],
  told: HandoffPacket['told'],
  effects: PacketEffect[],
  promises: HandoffPacket['promises'],
  facts: DatedFact[],
): string {
  const open = asks.filter(({ status }) => status === 'open').length
  const last = told.at(-1)
  return [
    `${LABELS[escalation.reason]}. ${escalation.detail}`,
    `The customer wrote ${count(asks.length, 'message')}, ${open} of them without an answer yet.`,
    ...toneOf(facts),
    last ? `Last told by ${last.by}: “${clip(last.text, 200)}”` : 'The customer was not told anything yet.',
    ...effects.map(({ status, summary }) => `${SAID_OF[status]}: ${summary}.`),
    ...promises
      .filter(({ status }) => status === 'open')
      .map(({ owner, due, text }) => `Promised by ${owner} until ${due}: “${clip(text, 200)}”`),
  ].join('\n')
}

/** What whoever takes over should be prepared for. */
function toneOf(facts: DatedFact[]): string[] {
  const tones = facts.filter((fact) => fact.type === 'tone-noticed')
  const abusive = tones.findLast((tone) => tone.abusive)?.abusive
  const frustrated = tones.findLast((tone) => tone.frustrated)?.frustrated
  if (abusive) return [`The customer became abusive (“${abusive}”).`]
  return frustrated ? [`The customer sounds frustrated (“${frustrated}”).`] : []
}

function attempt(fact: DatedFact): HandoffPacket['attempted'] {
  switch (fact.type) {
    case 'passages-used':
      return [
        {
          at: fact.at,
          by: fact.specialist,
          action: 'looked up articles',
          result: count(fact.passages.length, 'passage'),
        },
      ]
    case 'tool-called':
      return [{ at: fact.at, by: fact.specialist, action: fact.tool, result: fact.say ?? fact.status }]
    case 'code-sent':
      return [{ at: fact.at, by: fact.specialist, action: 'sent a one-time code', result: '' }]
    case 'code-refused':
      return [{ at: fact.at, by: fact.specialist, action: 'checked a one-time code', result: 'it was not the code' }]
    case 'customer-verified':
      return [{ at: fact.at, by: fact.specialist, action: 'checked a one-time code', result: 'verified' }]
    case 'handed-off':
      return [{ at: fact.at, by: fact.from, action: `handed off to ${fact.to}`, result: fact.reason }]
    case 'gate-decided':
      return [{ at: fact.at, by: 'reply-gate', action: `reply: ${fact.outcome}`, result: fact.problems.join('; ') }]
    case 'node-failed':
      return [{ at: fact.at, by: fact.node, action: 'answered', result: 'failed' }]
    default:
      return []
  }
}

const SAID_OF: Record<PacketEffect['status'], string> = {
  planned: 'Proposed, not agreed to',
  cancelled: 'The customer did not want it',
  awaiting: 'Waits for approval',
  done: 'Done',
  failed: 'Not done',
  'in-doubt': 'Not known yet whether it was done',
}

/** What became of each effect last, in the order in which they came up. */
function effectsOf(facts: DatedFact[]): PacketEffect[] {
  const effects = new Map<string, PacketEffect>()
  for (const fact of facts) {
    if (!isEffectFact(fact)) continue
    const { key, tool, summary, amount, at, message = null } = fact
    const status = fact.type.slice('effect-'.length) as PacketEffect['status']
    effects.set(key, { key, tool, summary, amount, status, at, message })
  }
  return [...effects.values()]
}

function isEffectFact(fact: DatedFact): fact is Extract<DatedFact, { type: (typeof effectFacts)[number] }> {
  return (effectFacts as readonly string[]).includes(fact.type)
}

/** What a tool read from the business systems: nobody has to ask the customer for it. */
function foundFact(fact: DatedFact): HandoffPacket['facts'] {
  if (fact.type !== 'tool-called' || !fact.say) return []
  return [{ key: fact.tool, value: fact.say, messageId: null, verified: true }]
}

const STATED: [key: string, pattern: RegExp][] = [
  ['order', /\b(?:ORD|LF|ORDER)[-# ]?\d{3,}\b|#\d{4,}\b/gi],
  ['e-mail', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  [
    'amount',
    /(?:€|\$|£|\b(?:EUR|USD|GBP)\s?)\d+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?\s?(?:€|\$|£|\b(?:EUR|USD|GBP|euros?)\b)/gi,
  ],
  ['date', /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/g],
]

/** What the customer stated in so many words; nobody has checked it. */
function statedFacts({ id, text }: DatedMessage): HandoffPacket['facts'] {
  return STATED.flatMap(([key, pattern]) =>
    [...text.matchAll(pattern)].map(([value]) => ({
      key,
      value: value.trim(),
      messageId: id,
      verified: false,
    })),
  )
}

function claimed(fact: DatedFact): HandoffPacket['claims'] {
  if (fact.type !== 'claim-made') return []
  const { at, speaker, evidence, values } = fact
  return values.map((claim) => ({ at, ...claim, by: speaker, evidence: { ...evidence } }))
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function clip(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`
}
