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

/** A fact of this turn, in the order it happened; the conversation's event log keeps it. */
export const trailEntrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('route-decided'), route: routeSchema }),
  z.object({
    type: z.literal('passages-used'),
    specialist: z.string(),
    passages: z.array(z.object({ id: z.string(), version: z.number(), score: z.number(), support: z.number() })),
  }),
  z.object({ type: z.literal('tool-called'), specialist: z.string(), tool: z.string(), ok: z.boolean() }),
  z.object({ type: z.literal('handed-off'), from: z.string(), to: z.string(), reason: z.string() }),
  z.object({
    type: z.literal('gate-decided'),
    outcome: z.enum(['send', 'rewrite', 'person']),
    problems: z.array(z.string()),
  }),
  z.object({ type: z.literal('node-failed'), node: z.string(), error: z.string() }),
  z.object({ type: z.literal('handed-back'), agent: z.string(), note: z.string() }),
  z.object({ type: z.literal('closed-by-agent'), agent: z.string(), note: z.string() }),
  z.object({ type: z.literal('taken-over'), agent: z.string() }),
])
export type TrailEntry = z.infer<typeof trailEntrySchema>

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
  unsure: z.number().default(0).describe('Turns in a row that nobody could place or answer.'),
  draft: draftSchema.nullable().default(null).describe('The text that the reply gate has to decide on.'),
  reply: replySchema.nullable().default(null).describe('The text of this turn that the customer gets.'),
  escalation: escalationSchema
    .nullable()
    .default(null)
    .describe('Set while a person owns the conversation, or should.'),
  takeover: z.object({ agent: z.string() }).nullable().default(null).describe('An agent who took the conversation.'),
  trail: z
    .array(trailEntrySchema)
    .default(() => [])
    .describe('The facts of this turn.'),
})
export type SupportStateValue = typeof SupportState.State
export type SupportStateUpdate = typeof SupportState.Update
