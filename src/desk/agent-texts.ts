import type { Kysely } from 'kysely'
import type { Exhibit } from '../../graphs/gate/evidence.ts'
import { passageExhibits } from '../../graphs/gate/turn.ts'
import { gateContext, type ReplyGate } from '../../graphs/reply-gate.ts'
import type { Checked } from '../../graphs/state.ts'
import type { Knowledge } from '../../knowledge/passage.ts'
import type { Clock } from '../clock.ts'
import { type LoggedEvent, readEvents } from '../conversations/event-log.ts'
import { messagesFrom } from '../conversations/thread-view.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'

const PASSAGES = 4

/**
 * Looks at what an agent is about to send, held against the conversation, what tools found in it, and the articles that
 * the text is about.
 */
export function createAgentTexts(options: { db: Kysely<Tables>; gate: ReplyGate; knowledge: Knowledge; clock: Clock }) {
  const { db, gate, knowledge, clock } = options

  async function judge(conversationId: string, { agent, text }: AgentText) {
    const events = await readEvents(db, conversationId)
    const messages = messagesFrom(events)
    const customer = messages.filter(({ role }) => role === 'customer').map((message) => message.text)
    const [aboutText, aboutQuestion] = await Promise.all(
      [text, customer.at(-1) ?? ''].map((query) => knowledge.search(query, { limit: PASSAGES })),
    )
    const passages = [...(aboutText ?? []), ...(aboutQuestion ?? [])]
    const told = messages.flatMap(({ role, text: said, citations }) =>
      role === 'customer'
        ? []
        : [{ text: said, by: role, rests: citations.map(({ articleId, version }) => `${articleId} v${version}`) }],
    )
    const now = new Date(clock.now())
    const exhibits = [...passageExhibits(passages, now), ...events.flatMap(foundIn)]
    const context = gateContext({ exhibits, told, customer: [...customer, agent], now })
    const author = { kind: 'agent' as const, name: agent }
    return gate.check({ text, author, citations: [], model: null }, context)
  }

  return {
    /** What an agent should look at before sending this, in plain words; nothing is sent. */
    async advise(conversationId: string, agentText: AgentText): Promise<string[]> {
      return (await judge(conversationId, agentText)).problems
    },

    /**
     * What the text claims, and what was wrong with it, for the record. It is a person's word: only secrets stop it.
     * @throws {AppError} 409 `desk.secret`
     */
    async review(conversationId: string, agentText: AgentText): Promise<Checked> {
      const verdict = await judge(conversationId, agentText)
      if (verdict.forbidden)
        throw new AppError(
          'desk.secret',
          409,
          'The text holds a key, a token or a password. Take it out: it is never sent.',
        )
      const checked = { outcome: 'send' as const, problems: verdict.problems, claims: verdict.claims ?? [] }
      return verdict.problems.length > 0 ? { ...checked, override: true } : checked
    },
  }
}

/** A text that an agent wants to send. */
export interface AgentText {
  agent: string
  text: string
}

export type AgentTexts = ReturnType<typeof createAgentTexts>

/** What tools found, and what became of effects. */
function foundIn({ type, data }: LoggedEvent): Exhibit[] {
  if (type !== 'tool-called' && !type.startsWith('effect-')) return []
  const tool = String(data.tool)
  const done = data.say ?? data.message
  return [
    ...(typeof done === 'string' ? [{ source: { tool }, text: done }] : []),
    ...(typeof data.summary === 'string' ? [{ source: { tool, planned: true as const }, text: data.summary }] : []),
  ]
}
