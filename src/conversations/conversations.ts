import type { Kysely } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import type { Reply } from '../../graphs/state.ts'
import type { Clock } from '../clock.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'
import { type LoggedEvent, readEvents } from './event-log.ts'
import { type Accepted, conversationNotFound, type Inbox, type IncomingMessage, ownersOf } from './inbox.ts'
import type { Live, LiveEvent } from './live.ts'
import type { TurnOutcome } from './outcome.ts'
import { effectsOf, type ShownEffect } from './shown-effects.ts'
import { messagesFrom, type ShownMessage } from './thread-view.ts'
import type { Turns } from './turns.ts'

/** What the sender of a message is told when it has been dealt with. */
export interface MessageResult {
  conversationId: string
  messageId: string
  turnId: string
  status: 'answered' | 'with_human' | 'awaiting_approval' | 'merged'
  reply: Reply | null
  route: TurnOutcome['route']
  escalation?: NonNullable<TurnOutcome['escalation']>
}

/** The complete thread as its customer may see it. */
export interface ConversationView {
  id: string
  status: Tables['conversations']['status']
  customer: { id: string }
  specialist: string | null
  messages: ShownMessage[]
  effects: ShownEffect[]
  escalations: { id: string; reason: string; status: string; openedAt: string; closedAt: string | null }[]
}

/** How long a sender waits at most before it has to ask again. */
const WAIT_MS = 120_000
/** A missed bell costs at most this. */
const LOOK_AGAIN_MS = 1_000

/** What channels and pages do with conversations. */
export function createConversations(options: {
  db: Kysely<Tables>
  inbox: Inbox
  turns: Turns
  live: Live
  clock: Clock
}) {
  const { db, inbox, turns, live, clock } = options

  async function resultOf({ inboxId, conversationId, messageId }: Accepted): Promise<MessageResult | undefined> {
    const row = await db
      .selectFrom('inbox')
      .innerJoin('turns', 'turns.id', 'inbox.turn_id')
      .select(['inbox.status', 'turns.outcome', 'turns.lead_inbox_id'])
      .where('inbox.id', '=', inboxId)
      .executeTakeFirst()
    if (!row?.outcome || (row.status !== 'done' && row.status !== 'dead')) return undefined
    const { turnId, status, replySeq, route, escalation }: TurnOutcome = JSON.parse(row.outcome)
    const reply = replySeq === null ? null : await replyAt(db, conversationId, replySeq)
    return {
      conversationId,
      messageId,
      turnId,
      status: row.lead_inbox_id === inboxId || status === 'with_human' ? status : 'merged',
      reply,
      route,
      ...(escalation && { escalation }),
    }
  }

  async function owned(id: string, principal: Principal) {
    const conversation = await db
      .selectFrom('conversations')
      .selectAll()
      .where('id', '=', id)
      .where('customer_id', 'in', ownersOf(principal))
      .executeTakeFirst()
    if (!conversation) throw conversationNotFound()
    return conversation
  }

  return {
    /** Commits a message and sets its turn going. @throws {AppError} see {@link Inbox.accept} */
    async accept(message: IncomingMessage): Promise<Accepted> {
      const accepted = await inbox.accept(message)
      live.changed(accepted.conversationId)
      turns.schedule(accepted.conversationId)
      return accepted
    },

    /**
     * Waits until the turn that answers an accepted message is committed.
     * @throws {AppError} 504 after two minutes; the message is still answered, and sending it again waits again
     */
    async result(accepted: Accepted, signal?: AbortSignal): Promise<MessageResult> {
      const until = clock.now() + WAIT_MS
      for (;;) {
        signal?.throwIfAborted()
        const changed = nextChange(live, accepted.conversationId, LOOK_AGAIN_MS, signal)
        const result = await resultOf(accepted)
        if (result) {
          changed.cancel()
          return result
        }
        if (clock.now() >= until) {
          changed.cancel()
          throw new AppError(
            'conversation.slow',
            504,
            'The answer takes longer than usual. Send the same message again to wait on.',
          )
        }
        await changed.done
      }
    },

    /** @throws {AppError} 404 when it is not this customer's */
    async find(id: string, principal: Principal): Promise<ConversationView> {
      const conversation = await owned(id, principal)
      return viewOf(db, conversation)
    },

    /** The facts after `after`, for whoever owns the conversation. @throws {AppError} 404 */
    async events(id: string, principal: Principal, after: number, limit: number): Promise<LoggedEvent[]> {
      await owned(id, principal)
      return readEvents(db, id, after, limit)
    },

    /** @returns a function that ends the subscription */
    subscribe(id: string, listener: (event: LiveEvent) => void): () => void {
      return live.subscribe(id, listener)
    },

    /** An anonymous session that signs in takes its own conversations along, with the ids of their messages. */
    async adopt(from: string, to: string): Promise<void> {
      await db.transaction().execute((trx) => inbox.adopt(trx, from, to))
    },
  }
}

export type Conversations = ReturnType<typeof createConversations>

async function replyAt(db: Kysely<Tables>, conversationId: string, seq: number): Promise<Reply> {
  const [sent] = await readEvents(db, conversationId, seq - 1, 1)
  const { turnId: _, ...reply } = (sent as LoggedEvent).data
  return reply as unknown as Reply
}

/** A conversation with its messages and escalations. */
export async function viewOf(
  db: Kysely<Tables>,
  conversation: {
    id: string
    status: Tables['conversations']['status']
    customer_id: string
    specialist: string | null
  },
): Promise<ConversationView> {
  const { id, status, specialist, customer_id } = conversation
  const escalations = await db
    .selectFrom('escalations')
    .select(['id', 'reason', 'status', 'opened_at', 'closed_at'])
    .where('conversation_id', '=', id)
    .orderBy('opened_at')
    .execute()
  return {
    id,
    status,
    customer: { id: customer_id },
    specialist,
    messages: messagesFrom(await readEvents(db, id)),
    effects: await effectsOf(db, id),
    escalations: escalations.map(({ opened_at, closed_at, ...escalation }) => ({
      ...escalation,
      openedAt: new Date(opened_at).toISOString(),
      closedAt: closed_at === null ? null : new Date(closed_at).toISOString(),
    })),
  }
}

/** Resolves at the next change, after `ms`, or when the caller goes away; begins to listen at once. */
function nextChange(live: Live, conversationId: string, ms: number, signal?: AbortSignal) {
  let cancel = () => {}
  const done = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(finish, ms)
    const unsubscribe = live.subscribe(conversationId, ({ type }) => type === 'changed' && finish())
    const abort = () => finish(signal?.reason ?? new Error('aborted'))
    signal?.addEventListener('abort', abort, { once: true })
    function finish(error?: unknown): void {
      clearTimeout(timer)
      unsubscribe()
      signal?.removeEventListener('abort', abort)
      if (error) reject(error)
      else resolve()
    }
    cancel = () => finish()
  })
  // Whoever goes away while the rows are read leaves a rejection that nobody awaits; it must not end the process.
  done.catch(() => {})
  return { done, cancel: () => cancel() }
}
