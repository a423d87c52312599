import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { HandoffPacket } from '../../graphs/handoff-packet.ts'
import type { Clock } from '../clock.ts'
import { type ConversationView, viewOf } from '../conversations/conversations.ts'
import { type LoggedEvent, readEvents } from '../conversations/event-log.ts'
import { conversationNotFound, type DeskAction, type Inbox } from '../conversations/inbox.ts'
import type { Live } from '../conversations/live.ts'
import type { Turns } from '../conversations/turns.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'
import type { AgentTexts } from './agent-texts.ts'

/** An escalation in the queue. */
export interface QueuedEscalation {
  id: string
  conversationId: string
  reason: string
  detail: string
  status: 'open' | 'claimed' | 'closed'
  agent: string | null
  headline: string
  openedAt: string
}

/** A conversation as an agent sees it. */
export interface DeskConversation extends ConversationView {
  packet: HandoffPacket | null
  events: LoggedEvent[]
}

/** What agents do. Each action takes its turn in the conversation, after what the customer wrote before it. */
export function createDesk(options: {
  db: Kysely<Tables>
  inbox: Inbox
  turns: Turns
  live: Live
  clock: Clock
  texts: AgentTexts
}) {
  const { db, inbox, turns, live, texts } = options

  async function act(action: Omit<DeskAction, 'messageId' | 'checked'> & { messageId?: string | undefined }) {
    const { status } = await conversation(action.conversationId)
    if (status !== 'with_human' && (action.kind === 'hand-back' || action.kind === 'close'))
      throw new AppError('desk.not_taken', 409, 'No person owns this conversation.')
    const checked = action.kind === 'agent-reply' ? await texts.review(action.conversationId, action) : undefined
    const accepted = await inbox.act({
      ...action,
      ...(checked && { checked }),
      messageId: action.messageId ?? randomUUID(),
    })
    live.changed(accepted.conversationId)
    turns.schedule(accepted.conversationId)
    return accepted
  }

  async function conversation(id: string) {
    const found = await db.selectFrom('conversations').selectAll().where('id', '=', id).executeTakeFirst()
    if (!found) throw conversationNotFound()
    return found
  }

  return {
    act,

    /** What an agent should look at before they send a text. @throws {AppError} 404 */
    async advise(conversationId: string, text: { agent: string; text: string }): Promise<string[]> {
      await conversation(conversationId)
      return texts.advise(conversationId, text)
    },

    /** Escalations that nobody has closed, the longest waiting first. */
    async queue(): Promise<QueuedEscalation[]> {
      const rows = await db
        .selectFrom('escalations')
        .selectAll()
        .where('status', '!=', 'closed')
        .orderBy('opened_at')
        .limit(200)
        .execute()
      return rows.map(({ id, conversation_id, reason, detail, status, agent, packet, opened_at }) => ({
        id,
        conversationId: conversation_id,
        reason,
        detail,
        status,
        agent,
        headline: (JSON.parse(packet) as HandoffPacket).headline,
        openedAt: new Date(opened_at).toISOString(),
      }))
    },

    /** Everything about a conversation, with the packet of its latest escalation. @throws {AppError} 404 */
    async find(id: string): Promise<DeskConversation> {
      const found = await conversation(id)
      const escalation = await db
        .selectFrom('escalations')
        .select('packet')
        .where('conversation_id', '=', id)
        .orderBy('opened_at', 'desc')
        .executeTakeFirst()
      return {
        ...(await viewOf(db, found)),
        packet: escalation ? (JSON.parse(escalation.packet) as HandoffPacket) : null,
        events: await readEvents(db, id),
      }
    },
  }
}

export type Desk = ReturnType<typeof createDesk>
