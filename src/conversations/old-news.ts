import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { InboxRow } from './batch.ts'

const FINAL = ['effect-done', 'effect-failed'] as const

/**
 * News of an effect whose end the customer was told meanwhile, because another turn came to it first: a yes said again
 * and the reconciliation may both find out what became of one effect. A conversation has one turn at a time, so what the
 * log does not hold yet nobody has said. Such news is done without a turn.
 * @returns true when there was nothing to tell
 */
export async function dropOldNews(db: Kysely<Tables>, row: InboxRow | undefined): Promise<boolean> {
  const key = row?.body.effect?.key
  if (!row || !key) return false
  const told = await db
    .selectFrom('events')
    .select('seq')
    .where('conversation_id', '=', row.conversation_id)
    .where('type', 'in', FINAL)
    .where('data', 'like', `%"key":"${key}"%`)
    .executeTakeFirst()
  if (!told) return false
  await db.updateTable('inbox').set({ status: 'done' }).where('id', '=', row.id).where('status', '=', 'new').execute()
  return true
}
