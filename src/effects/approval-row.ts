import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { EffectRow } from './effect-row.ts'

/** A request to people as it is stored. */
export type ApprovalRow = Selectable<Tables['approvals']>

/** How long people have to decide. */
const EXPIRES_MS = 72 * 3_600_000

/** What people said, or were asked, about an effect. */
export async function approvalOf(
  db: Kysely<Tables> | Transaction<Tables>,
  effectKey: string,
): Promise<ApprovalRow | undefined> {
  return db.selectFrom('approvals').selectAll().where('effect_key', '=', effectKey).executeTakeFirst()
}

/** Asks so many different agents; those who have agreed already, when fewer were enough, count. */
export async function requestApproval(
  trx: Transaction<Tables>,
  { key, args_hash, conversation_id }: EffectRow,
  needed: number,
  now: number,
): Promise<void> {
  const asked = { state: 'pending' as const, needed, expires_at: now + EXPIRES_MS, decided_at: null, reason: null }
  await trx
    .insertInto('approvals')
    .values({ ...asked, id: randomUUID(), effect_key: key, conversation_id, args_hash, requested_at: now })
    .onConflict((conflict) => conflict.column('effect_key').doUpdateSet(asked))
    .execute()
}
