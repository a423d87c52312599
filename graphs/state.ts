import { DeltaValue, MessagesDeltaValue, messagesDeltaReducer, StateSchema } from '@langchain/langgraph'
import { z } from 'zod'

/** A sentence of an article that a reply rests on. */
export const citationSchema = z.object({
  articleId: z.string(),
  title: z.string(),
  /** Verbatim from the passage. */
  quote: z.string(),
  version: z.number(),
})
export type Citation = z.infer<typeof citationSchema>

/** Who wrote a text that a customer gets. */
export const authorSchema = z.object({ kind: z.enum(['specialist', 'agent', 'system']), name: z.string() })
export type Author = z.infer<typeof authorSchema>

/** An amount of money: integer minor units of a currency. */
const moneySchema = z.object({ minor: z.number().int(), currency: z.string() })

/** An effect as a tool planned it; nothing has been done yet. */
export const plannedEffectSchema = z.object({
  key: z.string(),
  argsHash: z.string(),
  tool: z.string(),
  summary: z.string(),
  amount: moneySchema.nullable(),
  approvals: z.number(),
})

/** What a reply asks of the customer, so that a page can offer more than a text. */
export const replyActionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('confirm'), items: z.array(plannedEffectSchema.omit({ argsHash: true })) }),
  z.object({ kind: z.literal('verify-email') }),
  z.object({ kind: z.literal('verify-code') }),
])
export type ReplyAction = z.infer<typeof replyActionSchema>

/** What a value or a sentence of a reply rests on. */
const sourceSchema = z.union([
  z.object({ article: z.string(), version: z.number() }),
  z.object({ tool: z.string(), planned: z.literal(true).optional() }),
  z.object({ by: z.enum(['customer', 'said']) }),
])

/** Something that a customer is told, with what it rests on. */
const claimSchema = z.object({ text: z.string(), kind: z.string(), value: z.string(), evidence: sourceSchema })

/** What the check of a draft came to where everything that it may rest on was in hand. */
export const checkedSchema = z.object({
  outcome: z.enum(['send', 'ask', 'person']),
  problems: z.array(z.string()),
  claims: z.array(claimSchema),
  /** An agent saw the problems and sent the text all the same. */
  override: z.boolean().optional(),
})
export type Checked = z.infer<typeof checkedSchema>

/** A text on its way to the customer, before the reply gate. */
export const draftSchema = z.object({
  id: z.string().optional(),
  text: z.string(),
  author: authorSchema,
  citations: z.array(citationSchema),
  /** The model that wrote it; `offline` for extracts; null for a fixed text or a person. */
  model: z.string().nullable(),
  /** Set when a model was wanted and none was reachable. */
  degraded: z.boolean().optional(),
  action: replyActionSchema.optional(),
  /** Kept for the turn only: the gate does not see the passages and results again. */
  checked: checkedSchema.optional(),
})
export type Draft = z.infer<typeof draftSchema>

/** A text that the reply gate let through. */
export const replySchema = draftSchema.required({ id: true })
export type Reply = z.infer<typeof replySchema>

/** Why a person is needed. */
export const escalationReasons = [
  'customer_request',
  'missing_knowledge',
  'low_confidence',
  'policy_restriction',
  'tool_failure',
  'loop_or_no_progress',
  'usage_limit',
  'agent_takeover',
] as const

export const escalationSchema = z.object({
  id: z.string(),
  reason: z.enum(escalationReasons),
  /** One sentence for the person who takes over. */
  detail: z.string(),
  triggeredBy: z.enum(['customer', 'supervisor', 'specialist', 'reply-gate', 'rule', 'agent']),
})
export type Escalation = z.infer<typeof escalationSchema>

const routeSchema = z.object({
  to: z.string(),
  by: z.enum(['local', 'model']),
  confidence: z.number(),
  reason: z.string(),
  alternatives: z.array(z.object({ to: z.string(), confidence: z.number() })),
  asks: z.array(z.object({ text: z.string(), to: z.string() })),
  courtesy: z.enum(['greeting', 'thanks', 'farewell']).optional(),
  needsClarification: z.boolean().optional(),
})

/** What can become of an effect. */
export const effectFacts = [
  'effect-planned',
  'effect-cancelled',
  'effect-awaiting',
  'effect-done',
  'effect-failed',
  'effect-in-doubt',
] as const

/** A fact of this turn, in the order it happened; the conversation's event log keeps it. */
export const trailEntrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('route-decided'), route: routeSchema }),
  /** How the customer's words of this turn sound, with the words that say so. */
  z.object({ type: z.literal('tone-noticed'), abusive: z.string().optional(), frustrated: z.string().optional() }),
  z.object({
    type: z.literal('passages-used'),
    specialist: z.string(),
    passages: z.array(z.object({ id: z.string(), version: z.number(), score: z.number(), support: z.number() })),
  }),
  z.object({
    type: z.literal('tool-called'),
    specialist: z.string(),
    tool: z.string(),
    ok: z.boolean(),
    /** What came of it, as the model was told: `ok`, `planned`, `refused`, … */
    status: z.string(),
    /** Of the arguments, those that its manifest lets the log hold. */
    args: z.record(z.string(), z.unknown()),
    /** What it found, in the words for the customer. */
    say: z.string().optional(),
  }),
  z.object({
    type: z.enum(effectFacts),
    specialist: z.string(),
    key: z.string(),
    tool: z.string(),
    summary: z.string(),
    amount: moneySchema.nullable(),
    /** What the customer was told about it. */
    message: z.string().optional(),
    /** Why it was not done. */
    code: z.string().optional(),
  }),
  /** What the customer wrote looks as if it spoke to a model: no effect is planned in this turn. */
  z.object({ type: z.literal('injection-suspected'), specialist: z.string(), signs: z.array(z.string()) }),
  z.object({ type: z.literal('code-sent'), specialist: z.string() }),
  z.object({ type: z.literal('code-refused'), specialist: z.string() }),
  z.object({ type: z.literal('customer-verified'), specialist: z.string(), customerId: z.string() }),
  z.object({ type: z.literal('handed-off'), from: z.string(), to: z.string(), reason: z.string() }),
  z.object({
    type: z.literal('gate-decided'),
    outcome: z.enum(['send', 'rewrite', 'ask', 'person']),
    problems: z.array(z.string()),
    /** The agent who sent it all the same. */
    agent: z.string().optional(),
  }),
  z.object({
    type: z.literal('claim-made'),
    speaker: z.string(),
    evidence: sourceSchema,
    /** All that rests on it, as it is written and in one form: `money:EUR:790`, `d:2026-11-03`, `b:5` business days. */
    values: z.array(z.object({ text: z.string(), value: z.string() })),
  }),
  z.object({
    type: z.literal('promise-made'),
    id: z.string(),
    text: z.string(),
    /** ISO instant. */
    due: z.string(),
    /** The agent who has to keep it. */
    owner: z.string(),
  }),
  z.object({ type: z.literal('node-failed'), node: z.string(), error: z.string() }),
  z.object({ type: z.literal('handed-back'), agent: z.string(), note: z.string() }),
  z.object({ type: z.literal('closed-by-agent'), agent: z.string(), note: z.string() }),
  z.object({ type: z.literal('taken-over'), agent: z.string() }),
])
export type TrailEntry = z.infer<typeof trailEntrySchema>

/** A tool call that a specialist's model made, or that waits for the customer to be verified. */
const toolCallSchema = z.object({ tool: z.string(), args: z.record(z.string(), z.unknown()) })

/** What the customer was asked before something can be done for them. */
export const pendingSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('confirm'),
    specialist: z.string(),
    effects: z.array(plannedEffectSchema),
    /** The reply that asks; a yes counts only as the answer to it. Null while it is being written. */
    replyId: z.string().nullable(),
    /** How often it was asked. */
    asked: z.number(),
  }),
  z.object({
    kind: z.literal('verify'),
    stage: z.enum(['email', 'code']),
    specialist: z.string(),
    /** Made again once the customer is verified. */
    call: toolCallSchema,
    /** What the customer had asked for. */
    ask: z.string(),
    /** Turns that it may still wait. */
    turnsLeft: z.number(),
  }),
])
export type Pending = z.infer<typeof pendingSchema>

const effectRef = plannedEffectSchema.pick({ key: true, argsHash: true })

/** What the act node has to do in this turn. */
export const taskSchema = z.discriminatedUnion('kind', [
  /** The customer said yes; `more` is what else the message says. */
  z.object({ kind: z.literal('perform'), effects: z.array(effectRef), more: z.boolean() }),
  /** The customer said no. */
  z.object({ kind: z.literal('cancel'), effects: z.array(plannedEffectSchema), more: z.boolean() }),
  /** People decided, or a doubt was settled; only ever in the turn that was begun for it. */
  z.object({ kind: z.literal('settled'), effects: z.array(effectRef), turnId: z.string() }),
  z.object({ kind: z.literal('send-code'), email: z.string() }),
  z.object({ kind: z.literal('check-code'), code: z.string() }),
])
export type Task = z.infer<typeof taskSchema>

/** Whether a fact says that something was done, or that it was settled that it is not: the customer has to hear of it. */
export function hasActed({ type }: TrailEntry): boolean {
  return ACTED.has(type)
}

const ACTED = new Set<TrailEntry['type']>([
  ...effectFacts.filter((fact) => fact !== 'effect-planned'),
  ...(['code-sent', 'code-refused', 'customer-verified'] as const),
])

/** Whether the customer's patience is at its end in this turn: then a person is asked sooner. Abuse alone earns nothing. */
export function isImpatient(trail: TrailEntry[]): boolean {
  return trail.some((fact) => fact.type === 'tone-noticed' && !fact.abusive && fact.frustrated !== undefined)
}

const handoffSchema = z.object({ from: z.string(), to: z.string(), reason: z.string() })

/** Between two full snapshots of the thread, a checkpoint stores only what it added. */
const SNAPSHOT_EVERY = 100

/** One conversation. `messages` is the complete thread; what a model is shown of it is cut elsewhere. */
export const SupportState = new StateSchema({
  messages: new DeltaValue(MessagesDeltaValue.valueSchema, {
    inputSchema: MessagesDeltaValue.inputSchema,
    reducer: messagesDeltaReducer,
    snapshotFrequency: SNAPSHOT_EVERY,
    ...(MessagesDeltaValue.jsonSchemaExtra && { jsonSchemaExtra: MessagesDeltaValue.jsonSchemaExtra }),
  }),
  turnId: z
    .string()
    .default('')
    .describe('The turn that last wrote to this thread; decides how a crashed turn goes on.'),
  specialist: z.string().nullable().default(null).describe('The specialist that owns the conversation.'),
  route: routeSchema.nullable().default(null).describe('Who answers this turn, and why.'),
  handoff: handoffSchema.nullable().default(null).describe('A specialist’s wish that somebody else answers this turn.'),
  hops: z.number().default(0).describe('Handoffs in this turn.'),
  orderDay: z
    .string()
    .nullable()
    .default(null)
    .describe('The day of the order that the conversation is about: what was valid then counts.'),
  unsure: z.number().default(0).describe('Turns in a row that nobody could place or answer.'),
  draft: draftSchema.nullable().default(null).describe('The text that the reply gate has to decide on.'),
  reply: replySchema.nullable().default(null).describe('The text of this turn that the customer gets.'),
  escalation: escalationSchema
    .nullable()
    .default(null)
    .describe('Set while a person owns the conversation, or should.'),
  takeover: z.object({ agent: z.string() }).nullable().default(null).describe('An agent who took the conversation.'),
  pending: pendingSchema
    .nullable()
    .default(null)
    .describe('What the customer was asked before something can be done for them.'),
  task: taskSchema.nullable().default(null).describe('What the act node has to do in this turn.'),
  resumeCall: toolCallSchema
    .extend({ ask: z.string() })
    .nullable()
    .default(null)
    .describe('The tool call that had to wait until the customer was verified.'),
  receipt: z.string().nullable().default(null).describe('What was done in this turn, said before anything else.'),
  trail: z
    .array(trailEntrySchema)
    .default(() => [])
    .describe('The facts of this turn.'),
})
export type SupportStateValue = typeof SupportState.State
export type SupportStateUpdate = typeof SupportState.Update
