import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { InboxBody } from './inbox.ts'

/** A row of the inbox with its body read. */
export interface InboxRow extends Omit<Selectable<Tables['inbox']>, 'body'> {
  body: InboxBody
}

/** How much one turn may answer. */
export interface BatchLimits {
  maxMessages: number
  maxBytes: number
}

/** Rows of a conversation with a status, in the order in which they arrived. */
export async function inboxRows(
  db: Kysely<Tables> | Transaction<Tables>,
  conversationId: string,
  status: Tables['inbox']['status'],
): Promise<InboxRow[]> {
  const rows = await db
    .selectFrom('inbox')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .where('status', '=', status)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({ ...row, body: JSON.parse(row.body) }))
}

/**
 * The rows that one turn takes: a burst of the customer's messages, as far as the limits go, with the take-over that
 * follows it if there is one; or a single action of the desk.
 * @param taken what a turn that may still be replaced has already: only messages join them
 */
export function batchOf(waiting: InboxRow[], limits: BatchLimits, taken: InboxRow[] = []): InboxRow[] {
  const [first] = waiting
  if (!first) return []
  if (first.kind !== 'message') return taken.length === 0 ? [first] : []
  const batch: InboxRow[] = []
  let bytes = taken.reduce((sum, row) => sum + sizeOf(row), 0)
  for (const row of waiting) {
    if (row.kind === 'take-over') return [...batch, row]
    bytes += sizeOf(row)
    const fits = taken.length + batch.length < limits.maxMessages && bytes <= limits.maxBytes
    if (row.kind !== 'message' || (!fits && taken.length + batch.length > 0)) break
    batch.push(row)
  }
  return batch
}

/** Everything up to a take-over, if that is what the desk does next. No limit holds: a person reads it all. */
export function upToTakeOver(waiting: InboxRow[]): InboxRow[] {
  const next = waiting.findIndex(({ kind }) => kind !== 'message')
  return waiting[next]?.kind === 'take-over' ? waiting.slice(0, next + 1) : []
}

/** True when waiting longer could not add anything to the batch. */
export function isComplete(waiting: InboxRow[], batch: InboxRow[], limits: BatchLimits): boolean {
  return (
    waiting.length > batch.length || batch.length >= limits.maxMessages || batch.some(({ kind }) => kind !== 'message')
  )
}

function sizeOf({ body }: InboxRow): number {
  return Buffer.byteLength(body.text)
}
