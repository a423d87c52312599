import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import { readEvents } from './event-log.ts'
import { recordTold } from './told.ts'
import { recordQuestions } from './unanswered-questions.ts'

const DONE = 'told-from-logs'
/** Conversations a transaction: one each would wait for the disk each time. */
const AT_ONCE = 100

/**
 * Notes what customers were told, and what nobody could answer, from logs that were written before anything was noted.
 * Done once in an installation's life; after a crash it begins again, and what is noted stays as it is.
 */
export async function catchUpWithLogs(db: Kysely<Tables>): Promise<void> {
  const done = await db.selectFrom('settings').select('key').where('key', '=', DONE).executeTakeFirst()
  if (done) return
  let last = ''
  for (;;) {
    const some = await db
      .selectFrom('conversations')
      .select('id')
      .where('id', '>', last)
      .orderBy('id')
      .limit(AT_ONCE)
      .execute()
    if (some.length === 0) break
    await db.transaction().execute(async (trx) => {
      for (const { id } of some) {
        const events = await readEvents(trx, id)
        await recordTold(trx, id, events)
        await recordQuestions(trx, id, events)
      }
    })
    last = some.at(-1)?.id ?? last
  }
  await db
    .insertInto('settings')
    .values({ key: DONE, value: '1' })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}
