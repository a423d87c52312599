import { Command, END, interrupt, type LangGraphRunnableConfig } from '@langchain/langgraph'
import { z } from 'zod'
import { checkedSchema, type Escalation, type SupportStateUpdate, type SupportStateValue } from './state.ts'
import { customerMessage, unanswered } from './thread.ts'

const turn = { turnId: z.string().min(1), inboxIds: z.array(z.string()) }
const text = z.string().min(1)

/** What may happen while a person owns the conversation. */
export const deskEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('customer-message'), ...turn, messages: z.array(z.object({ id: z.string(), text })) }),
  z.object({
    type: z.literal('agent-reply'),
    ...turn,
    agent: text,
    text,
    /** What the desk found when it looked at the text. */
    checked: checkedSchema.optional(),
  }),
  z.object({ type: z.literal('hand-back'), ...turn, agent: text, note: z.string() }),
  z.object({
    type: z.literal('effect-settled'),
    ...turn,
    effects: z.array(z.object({ key: z.string(), argsHash: z.string() })),
  }),
  z.object({ type: z.literal('close'), ...turn, agent: text, note: z.string() }),
])
export type DeskEvent = z.infer<typeof deskEventSchema>

/** What the pending interrupt tells whoever looks at the thread. */
export interface WithHuman {
  type: 'with-human'
  escalation: Escalation | null
}

/**
 * The node that waits while a person owns the conversation. It has no effects and one interrupt, and after each event
 * it is entered anew, so that a resume never meets an older interrupt's answer. Always resume it by interrupt id.
 */
export function human(state: SupportStateValue, config: LangGraphRunnableConfig) {
  const waiting: WithHuman = { type: 'with-human', escalation: state.escalation }
  const event = deskEventSchema.parse(interrupt(waiting, { responseSchema: deskEventSchema }))
  const update: SupportStateUpdate = { turnId: event.turnId, draft: null, reply: null, route: null, trail: [] }
  config.writer?.({ type: event.type })
  switch (event.type) {
    case 'customer-message': {
      const messages = event.messages.map(({ id, text }) => customerMessage(id, text))
      return new Command({ update: { ...update, messages }, goto: 'human' })
    }
    case 'agent-reply': {
      const author = { kind: 'agent' as const, name: event.agent }
      const { checked } = event
      const draft = {
        id: event.turnId,
        text: event.text,
        author,
        citations: [],
        model: null,
        ...(checked && { checked }),
      }
      return new Command({ update: { ...update, draft }, goto: 'reply-gate' })
    }
    case 'hand-back': {
      const trail = [{ type: 'handed-back' as const, agent: event.agent, note: event.note }]
      const back = { ...update, escalation: null, handoff: null, unsure: 0, trail }
      // A question that the person left open is the specialist's to answer, at once.
      return new Command({ update: back, goto: unanswered(state).length > 0 ? 'supervisor' : END })
    }
    case 'effect-settled': {
      const task = { kind: 'settled' as const, effects: event.effects, turnId: event.turnId }
      return new Command({ update: { ...update, task }, goto: 'act' })
    }
    case 'close': {
      const trail = [{ type: 'closed-by-agent' as const, agent: event.agent, note: event.note }]
      return new Command({ update: { ...update, escalation: null, specialist: null, unsure: 0, trail }, goto: END })
    }
  }
}
