import type { Kysely, Transaction } from 'kysely'
import { FencedError } from '../database/fence.ts'
import type { Tables } from '../database/tables.ts'

/** Covers all that is decided about one customer's effects. */
export function customerGuard(customerId: string): string {
  return `customer:${customerId}`
}

/** Covers every decision that depends on how much money moved in all. */
export const MONEY_GUARD = 'money'

/** The version to decide under; read before the facts, so that whatever changes after it shows. */
export async function guardVersion(db: Kysely<Tables>, id: string): Promise<number> {
  const found = await db.selectFrom('effect_guards').select('version').where('id', '=', id).executeTakeFirst()
  return found?.version ?? 0
}

/**
 * Claims the decision that was prepared under `version`, until the transaction ends.
 * @returns false when somebody else was first: what was loaded since then may be old
 */
export async function claimGuard(trx: Transaction<Tables>, id: string, version: number): Promise<boolean> {
  await create(trx, id)
  const moved = await trx
    .updateTable('effect_guards')
    .set({ version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return moved.numUpdatedRows === 1n
}

/** Makes every decision that is being prepared under the guard begin again, and waits for those that are being committed. */
export async function bumpGuard(trx: Transaction<Tables>, id: string): Promise<void> {
  await create(trx, id)
  await trx
    .updateTable('effect_guards')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/**
 * Holds a conversation until the transaction ends; first of all guards, so that no two wait for each other.
 * @param epoch what the caller holds it under, if it holds it
 * @throws {FencedError} when it was taken since
 */
export async function holdConversation(
  trx: Transaction<Tables>,
  conversationId: string,
  epoch?: number | undefined,
): Promise<void> {
  let held = trx
    .updateTable('conversations')
    .set((eb) => ({ epoch: eb.ref('epoch') }))
    .where('id', '=', conversationId)
  if (epoch !== undefined) held = held.where('epoch', '=', epoch)
  const { numUpdatedRows } = await held.executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new FencedError(conversationId)
}

async function create(trx: Transaction<Tables>, id: string): Promise<void> {
  await trx
    .insertInto('effect_guards')
    .values({ id, version: 0 })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
