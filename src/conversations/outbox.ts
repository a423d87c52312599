import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Channel, OutgoingMessage } from '../channels/channel.ts'
import type { Clock } from '../clock.ts'
import type { Tables } from '../database/tables.ts'
import type { Log } from '../log.ts'

/** A send that takes longer is looked up before it is tried again. */
const SEND_TIMEOUT = 20_000
/** At a shutdown, how long a send may take to come to its end; after it, it is looked up at the next start. */
const LAST_SEND = 5_000
const MAX_ATTEMPTS = 8
const BACKOFF = { first: 1_000, most: 300_000 }
/** A `sending` row this old belongs to a process that is gone. */
const ABANDONED = 30_000

/** Puts a reply into the transaction that makes it true, and sends it afterwards. */
export function createOutbox(options: { db: Kysely<Tables>; channels: Map<string, Channel>; clock: Clock; log: Log }) {
  const { db, channels, clock, log } = options
  let sending: Promise<void> = Promise.resolve()

  async function drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const row = await claim()
      if (!row) return
      await deliver(row)
    }
  }

  async function claim(): Promise<Selectable<Tables['outbox']> | undefined> {
    const now = clock.now()
    const due = await db
      .selectFrom('outbox')
      .selectAll()
      .where((eb) =>
        eb.or([
          eb.and([eb('status', '=', 'pending'), eb('next_at', '<=', now)]),
          eb.and([eb('status', '=', 'sending'), eb('next_at', '<=', now - ABANDONED)]),
        ]),
      )
      // A conversation's replies leave in order: one that waits for its next try holds back those after it.
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('outbox as earlier')
              .select('earlier.id')
              .whereRef('earlier.conversation_id', '=', 'outbox.conversation_id')
              .whereRef('earlier.created_at', '<', 'outbox.created_at')
              .where('earlier.status', 'in', ['pending', 'sending']),
          ),
        ),
      )
      .orderBy('created_at')
      .limit(1)
      .executeTakeFirst()
    if (!due) return undefined
    const taken = await db
      .updateTable('outbox')
      .set({ status: 'sending', next_at: now, attempts: due.attempts + 1 })
      .where('id', '=', due.id)
      .where('status', '=', due.status)
      .where('attempts', '=', due.attempts)
      .executeTakeFirst()
    return taken.numUpdatedRows === 1n ? due : claim()
  }

  /** A send that has begun is never broken off, not at a shutdown either: nobody could tell whether it got there. */
  async function deliver(row: Selectable<Tables['outbox']>): Promise<void> {
    const delivery = channels.get(row.channel)?.delivery
    if (!delivery || delivery === 'log') return settle(row.id, { status: 'dead' })
    const message: OutgoingMessage = JSON.parse(row.body)
    const limited = AbortSignal.timeout(SEND_TIMEOUT)
    try {
      // Tried before, by a process that may have died between sending and noting it.
      const found = row.attempts > 0 ? await delivery.find?.(message.id, limited) : undefined
      const { externalId } = found ?? (await delivery.send(message, limited))
      await settle(row.id, { status: 'sent', external_id: externalId })
    } catch (error) {
      const dead = row.attempts + 1 >= MAX_ATTEMPTS
      log.warn(
        { outbox: row.id, channel: row.channel, dead, error: (error as Error).message },
        'a reply could not be sent',
      )
      const wait = Math.min(BACKOFF.first * 2 ** row.attempts, BACKOFF.most)
      await settle(row.id, { status: dead ? 'dead' : 'pending', next_at: clock.now() + wait })
    }
  }

  async function settle(id: string, set: Partial<Tables['outbox']>): Promise<void> {
    await db.updateTable('outbox').set(set).where('id', '=', id).execute()
  }

  return {
    /** Queues a reply, or notes it as sent where committing it is the delivery. */
    async put(trx: Transaction<Tables>, channel: string, turnId: string, message: OutgoingMessage): Promise<void> {
      const now = clock.now()
      const delivered = (channels.get(channel)?.delivery ?? 'log') === 'log'
      await trx
        .insertInto('outbox')
        .values({
          id: message.id,
          conversation_id: message.conversationId,
          turn_id: turnId,
          channel,
          // Where committing delivers, the log has the text.
          body: delivered ? '' : JSON.stringify(message),
          status: delivered ? 'sent' : 'pending',
          external_id: delivered ? message.id : null,
          attempts: 0,
          next_at: now,
          created_at: now,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },

    /** Makes due what an earlier process was sending. Only where no other process can still be at it. */
    async takeOver(): Promise<void> {
      await db.updateTable('outbox').set({ next_at: 0 }).where('status', '=', 'sending').execute()
    },

    /** Resolves when no send is going on, or when the one that is does not come to its end soon. */
    async idle(): Promise<void> {
      const over = new AbortController()
      await Promise.race([sending, clock.sleep(LAST_SEND, over.signal).catch(() => {})])
      over.abort()
    },

    /** Sends what is due, one after the other. Safe to call at any time. */
    flush(signal: AbortSignal): Promise<void> {
      sending = sending
        .then(() => drain(signal))
        .catch((error) => log.error({ error: (error as Error).message }, 'the outbox stopped'))
      return sending
    },
  }
}

export type Outbox = ReturnType<typeof createOutbox>
