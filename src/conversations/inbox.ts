import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import type { Checked } from '../../graphs/state.ts'
import type { Clock } from '../clock.ts'
import type { InboxKind, Tables } from '../database/tables.ts'
import { isUniqueViolation } from '../database/unique-violation.ts'
import { AppError } from '../errors.ts'
import { appendEvents, GENESIS, type NewEvent } from './event-log.ts'

/** A customer's message as a channel hands it over. */
export interface IncomingMessage {
  principal: Principal
  /** Left out: a new conversation begins. */
  conversationId?: string | undefined
  /** The sender's own id of the message; the same one again is the same message. */
  messageId: string
  text: string
}

/** Something the desk does to a conversation. */
export interface DeskAction {
  conversationId: string
  kind: Exclude<InboxKind, 'message' | 'approval' | 'effect'>
  agent: string
  /** The reply's text, or the note of a hand-back or a close. */
  text: string
  messageId: string
  /** Said in passing, such as a correction: whoever owns the conversation, or should, stays the same. */
  aside?: true
  /** What the recorded fact says besides. */
  about?: Record<string, unknown>
  /** Of a reply: what was found when it was looked at. */
  checked?: Checked
}

/** Where an accepted row stands. */
export interface Accepted {
  inboxId: string
  conversationId: string
  messageId: string
  /** True when the same message had been accepted before. */
  duplicate: boolean
}

/** What an inbox row's `body` holds. */
export interface InboxBody {
  text: string
  agent?: string
  /** See {@link DeskAction.aside}. */
  aside?: true
  principal?: Principal
  /** Of an agent's reply: what was found when it was looked at. */
  checked?: Checked
  /** Of a row of kind `approval` or `effect`: the effect that it is about. */
  effect?: { key: string; argsHash: string }
}

/** Something that happened to an effect outside of a turn, and that the customer has to be told. */
export interface EffectNews {
  kind: 'approval' | 'effect'
  conversationId: string
  effect: { key: string; argsHash: string }
  /** On whose behalf the effect is. */
  principal: Principal
  /** Distinguishes the news about one effect: the same occasion again is the same row. */
  occasion: string
  /** The fact to record; it is also the row's place in the order of arrival. */
  event: NewEvent
}

/** Accepted work that is not done yet, of this many rows at most; beyond it new messages are refused, never lost. */
export interface InboxLimits {
  maxWaiting: number
}

/**
 * Commits news about an effect within the transaction that makes it true; it takes its turn like a message.
 * @returns false when this occasion is known already: nothing is written then
 */
export async function enqueueEffectNews(trx: Transaction<Tables>, news: EffectNews, now: number): Promise<boolean> {
  const { kind, conversationId, effect, principal, occasion, event } = news
  const row = { channel: 'effects', dedupe_key: `${effect.key} ${kind} ${occasion}` }
  const known = await trx
    .selectFrom('inbox')
    .select('id')
    .where('channel', '=', row.channel)
    .where('dedupe_key', '=', row.dedupe_key)
    .executeTakeFirst()
  if (known) return false
  const body: InboxBody = { text: '', principal, effect }
  const seq = await appendEvents(trx, conversationId, [event], now)
  await trx
    .insertInto('inbox')
    .values({
      ...row,
      id: randomUUID(),
      conversation_id: conversationId,
      external_id: effect.key,
      kind,
      body: JSON.stringify(body),
      seq,
      received_at: now,
      status: 'new',
      turn_id: null,
      attempts: 0,
    })
    .execute()
  return true
}

/** Where every message and desk action is committed before anything else happens to it. */
export function createInbox({ db, clock, limits }: { db: Kysely<Tables>; clock: Clock; limits: InboxLimits }) {
  async function enqueue(
    trx: Transaction<Tables>,
    row: { channel: string; dedupeKey: string; messageId: string; kind: InboxKind; body: InboxBody },
    conversationId: string,
    event: (inboxId: string) => NewEvent,
    open: () => Promise<NewEvent[]> = async () => [],
  ): Promise<Accepted> {
    const inboxId = randomUUID()
    const known = await trx
      .selectFrom('inbox')
      .select(['id', 'conversation_id'])
      .where('channel', '=', row.channel)
      .where('dedupe_key', '=', row.dedupeKey)
      .executeTakeFirst()
    const { messageId } = row
    if (known) return { inboxId: known.id, conversationId: known.conversation_id, messageId, duplicate: true }
    const now = clock.now()
    const first = await open()
    const seq = await appendEvents(trx, conversationId, [...first, event(inboxId)], now)
    await trx
      .insertInto('inbox')
      .values({
        id: inboxId,
        conversation_id: conversationId,
        channel: row.channel,
        dedupe_key: row.dedupeKey,
        external_id: messageId,
        kind: row.kind,
        body: JSON.stringify(row.body),
        seq,
        received_at: now,
        status: 'new',
        turn_id: null,
        attempts: 0,
      })
      .execute()
    return { inboxId, conversationId, messageId, duplicate: false }
  }

  function enqueueAction(trx: Transaction<Tables>, action: DeskAction): Promise<Accepted> {
    const { conversationId, kind, agent, text, messageId, aside, about, checked } = action
    const dedupeKey = `${conversationId} ${agent} ${kind} ${messageId}`
    const body = { text, agent, ...(aside && { aside }), ...(checked && { checked }) }
    return enqueue(trx, { channel: 'desk', dedupeKey, messageId, kind, body }, conversationId, () => ({
      type: 'desk-action-received',
      actor: agent,
      data: { kind, ...about },
    }))
  }

  /** A concurrent twin may win the unique row between the look and the insert; then it is the duplicate after all. */
  async function once(work: () => Promise<Accepted>): Promise<Accepted> {
    try {
      return await work()
    } catch (error) {
      if (isUniqueViolation(error)) return work()
      throw error
    }
  }

  return {
    /**
     * Commits a customer's message. After it resolves the message is never lost.
     * @throws {AppError} 404 when the conversation is not this customer's, 429 when too much is waiting
     */
    async accept({ principal, conversationId, messageId, text }: IncomingMessage): Promise<Accepted> {
      const id = conversationId ?? randomUUID()
      const { channel, customerId } = principal
      const row = {
        channel,
        // Senders pick these ids themselves: two customers may pick the same.
        dedupeKey: dedupeKey(customerId, messageId),
        messageId,
        kind: 'message' as const,
        body: { text, principal },
      }
      const open = (trx: Transaction<Tables>) => async (): Promise<NewEvent[]> => {
        await refuseOverload(trx, limits)
        if (conversationId !== undefined) {
          await requireOwner(trx, conversationId, principal)
          return []
        }
        await openConversation(trx, id, principal, clock.now())
        return [{ type: 'conversation-opened', actor: 'customer', data: { channel, assurance: principal.assurance } }]
      }
      const event = (inboxId: string): NewEvent => ({
        type: 'message-received',
        actor: 'customer',
        data: { id: messageId, inboxId, text },
      })
      return once(() => db.transaction().execute((trx) => enqueue(trx, row, id, event, open(trx))))
    },

    /**
     * Makes a session's own conversations the customer's, and no others. A message sent before signing in and again
     * after it stays one message, unless the account knows its id already.
     */
    async adopt(trx: Transaction<Tables>, sessionId: string, customerId: string): Promise<void> {
      const adopted = await trx
        .updateTable('conversations')
        .set({ customer_id: customerId })
        .where('customer_id', '=', sessionId)
        .returning('id')
        .execute()
      if (adopted.length === 0) return
      for (const { id } of adopted)
        await appendEvents(
          trx,
          id,
          [{ type: 'conversation-adopted', actor: 'customer', data: { customerId } }],
          clock.now(),
        )
      const rows = await trx
        .selectFrom('inbox')
        .select(['id', 'channel', 'external_id'])
        .where(
          'conversation_id',
          'in',
          adopted.map(({ id }) => id),
        )
        .where('kind', '=', 'message')
        .execute()
      for (const { id, channel, external_id } of rows) {
        const key = dedupeKey(customerId, external_id)
        const taken = trx.selectFrom('inbox as known').select('known.id').where('known.channel', '=', channel)
        await trx
          .updateTable('inbox')
          .set({ dedupe_key: key })
          .where('id', '=', id)
          .where(({ not, exists }) => not(exists(taken.where('known.dedupe_key', '=', key))))
          .execute()
      }
    },

    /**
     * Commits a desk action; it takes its turn after what the customer wrote before it.
     * @param then called once with the action's row within its transaction; what it returns is committed right behind it
     */
    async act(
      action: DeskAction,
      then?: (trx: Transaction<Tables>, accepted: Accepted) => Promise<DeskAction | undefined>,
    ): Promise<Accepted> {
      return once(() =>
        db.transaction().execute(async (trx) => {
          const accepted = await enqueueAction(trx, action)
          const next = accepted.duplicate ? undefined : await then?.(trx, accepted)
          if (next) await enqueueAction(trx, next)
          return accepted
        }),
      )
    },
  }
}

export type Inbox = ReturnType<typeof createInbox>

function dedupeKey(customerId: string, messageId: string): string {
  return `${customerId} ${messageId}`
}

/** Not for what is accepted already: whoever asks for it again only waits. */
async function refuseOverload(trx: Transaction<Tables>, { maxWaiting }: InboxLimits): Promise<void> {
  const { waiting } = await trx
    .selectFrom('inbox')
    .select((eb) => eb.fn.countAll<number>().as('waiting'))
    .where('status', 'in', ['new', 'running'])
    .executeTakeFirstOrThrow()
  if (Number(waiting) >= maxWaiting)
    throw new AppError('conversation.overloaded', 429, 'Too much is waiting at the moment. Try again shortly.', {
      'Retry-After': '5',
    })
}

async function requireOwner(trx: Transaction<Tables>, conversationId: string, principal: Principal): Promise<void> {
  const found = await trx
    .selectFrom('conversations')
    .select('id')
    .where('id', '=', conversationId)
    .where('customer_id', 'in', ownersOf(principal))
    .executeTakeFirst()
  if (!found) throw conversationNotFound()
}

/**
 * Whose conversations a principal may see: the customer's, and those that its session began in the very moment in which
 * it became that customer, too late to be taken along.
 */
export function ownersOf({ customerId, sessionId }: Principal): string[] {
  return sessionId === undefined ? [customerId] : [customerId, sessionId]
}

/** Not there and not yours read the same. */
export function conversationNotFound(): AppError {
  return new AppError('conversation.not_found', 404, 'There is no such conversation.')
}

/** Writes the row of a new conversation. */
export async function openConversation(
  trx: Kysely<Tables> | Transaction<Tables>,
  id: string,
  principal: Principal,
  now: number,
): Promise<void> {
  await trx
    .insertInto('conversations')
    .values({
      id,
      customer_id: principal.customerId,
      channel: principal.channel,
      status: 'open',
      specialist: null,
      epoch: 0,
      event_seq: 0,
      event_hash: GENESIS,
      created_at: now,
      updated_at: now,
    })
    .execute()
}
