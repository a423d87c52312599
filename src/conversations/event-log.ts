import { createHash } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'

/** A fact to record: `actor` did `type`. */
export interface NewEvent {
  type: string
  actor: string
  data: Record<string, unknown>
}

/** A recorded fact. `seq` counts from 1 in its conversation, without gaps. */
export interface LoggedEvent extends NewEvent {
  seq: number
  /** Epoch milliseconds. */
  at: number
}

/** The first link of every conversation's chain. */
export const GENESIS = '0'.repeat(64)

/**
 * Appends facts to a conversation's log within the transaction that makes them true. Each row's hash covers the row
 * before it, so that a changed, removed or reordered row shows.
 * @returns the sequence number of the last one
 */
export async function appendEvents(
  trx: Transaction<Tables>,
  conversationId: string,
  events: NewEvent[],
  at: number,
): Promise<number> {
  // The row's update is also what keeps two writers of one log apart.
  const { event_seq: last, event_hash } = await trx
    .updateTable('conversations')
    .set((eb) => ({ event_seq: eb('event_seq', '+', events.length), updated_at: at }))
    .where('id', '=', conversationId)
    .returning(['event_seq', 'event_hash'])
    .executeTakeFirstOrThrow()
  if (events.length === 0) return last
  const hash = await link(trx, conversationId, { last, hash: event_hash }, events, at)
  await trx.updateTable('conversations').set({ event_hash: hash }).where('id', '=', conversationId).execute()
  return last
}

/** The chain of what is done at the desk to no conversation in particular, such as an article that is approved. */
export const DESK_CHAIN = 'desk'

/** Appends facts to the desk's own log, as {@link appendEvents} does to a conversation's. */
export async function appendDeskEvents(trx: Transaction<Tables>, events: NewEvent[], at: number): Promise<void> {
  if (events.length === 0) return
  const { event_seq: last, event_hash } = await trx
    .insertInto('event_chains')
    .values({ id: DESK_CHAIN, event_seq: events.length, event_hash: GENESIS })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({ event_seq: eb('event_chains.event_seq', '+', events.length) })),
    )
    .returning(['event_seq', 'event_hash'])
    .executeTakeFirstOrThrow()
  const hash = await link(trx, DESK_CHAIN, { last, hash: event_hash }, events, at)
  await trx.updateTable('event_chains').set({ event_hash: hash }).where('id', '=', DESK_CHAIN).execute()
}

/** Writes the rows up to the chain's new `last`. @returns the hash of the last one */
async function link(
  trx: Transaction<Tables>,
  chain: string,
  end: { last: number; hash: string },
  events: NewEvent[],
  at: number,
): Promise<string> {
  let { hash } = end
  const rows = events.map(({ type, actor, data }, i) => {
    const seq = end.last - events.length + i + 1
    const text = JSON.stringify(data)
    const data_hash = sha256(text)
    hash = linkHash(hash, { seq, at, type, actor, data_hash })
    return { conversation_id: chain, seq, at, type, actor, data: text, data_hash, hash }
  })
  await trx.insertInto('events').values(rows).execute()
  return hash
}

/** The facts of a conversation, or of the desk's chain, after `seq`, in order. */
export async function readEvents(
  db: Kysely<Tables>,
  conversationId: string,
  after = 0,
  limit?: number,
): Promise<LoggedEvent[]> {
  let query = db
    .selectFrom('events')
    .select(['seq', 'at', 'type', 'actor', 'data'])
    .where('conversation_id', '=', conversationId)
    .where('seq', '>', after)
    .orderBy('seq')
  if (limit !== undefined) query = query.limit(limit)
  return (await query.execute()).map((row) => ({ ...row, data: JSON.parse(row.data) }))
}

/**
 * Follows a chain, a conversation's or the desk's, from its first row to the link that its holder keeps.
 * @returns the sequence number of the first row that is not what was written, one past the last row where rows are
 * missing at the end; null when the log is whole
 */
export async function verifyEvents(db: Kysely<Tables>, conversationId: string): Promise<number | null> {
  const { event_seq, event_hash } = await db
    .selectFrom(conversationId === DESK_CHAIN ? 'event_chains' : 'conversations')
    .select(['event_seq', 'event_hash'])
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('seq')
    .execute()
  let hash = GENESIS
  for (const [i, row] of rows.entries()) {
    hash = linkHash(hash, row)
    if (row.seq !== i + 1 || row.data_hash !== sha256(row.data) || row.hash !== hash) return i + 1
  }
  return rows.length === event_seq && hash === event_hash ? null : rows.length + 1
}

/** The hash of a row: what it says, bound to the row before it. */
export function linkHash(
  previous: string,
  row: { seq: number; at: number; type: string; actor: string; data_hash: string },
): string {
  return sha256(JSON.stringify([previous, row.seq, row.at, row.type, row.actor, row.data_hash]))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
