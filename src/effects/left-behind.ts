import type { Kysely } from 'kysely'
import { enqueueEffectNews } from '../conversations/inbox.ts'
import type { Tables } from '../database/tables.ts'
import { isUniqueViolation } from '../database/unique-violation.ts'
import type { Log } from '../log.ts'
import { principalOf, UNRESOLVED } from './effect-row.ts'

/** A decision this old that nobody works on was left behind. */
const LEFT_BEHIND_MS = 30_000
/** Turns that one decision gets in all. */
const MAX_TURNS = 5
const AT_ONCE = 50

/**
 * People decided, and the turn that should have acted on it came to its end without doing so, for example because the
 * database was away in the middle of it. What was approved must not be forgotten: it gets another turn.
 * @returns the conversations that have one
 */
export async function takeUpLeftBehind(db: Kysely<Tables>, now: number, log: Log): Promise<string[]> {
  const left = await db
    .selectFrom('effects')
    .innerJoin('approvals', 'approvals.effect_key', 'effects.key')
    .selectAll('effects')
    .select(({ selectFrom, fn }) => [
      'approvals.state as decision',
      selectFrom('inbox')
        .select(fn.countAll<number>().as('turns'))
        .where('inbox.channel', '=', 'effects')
        .whereRef('inbox.external_id', '=', 'effects.key')
        .as('turns'),
    ])
    .where('effects.state', '=', 'awaiting')
    .where('effects.code', 'is', null)
    .where('approvals.state', 'in', ['approved', 'denied', 'expired'])
    .where('approvals.decided_at', '<=', now - LEFT_BEHIND_MS)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('inbox')
            .select('inbox.id')
            .where('inbox.channel', '=', 'effects')
            .whereRef('inbox.external_id', '=', 'effects.key')
            .where(({ or, eb }) =>
              or([eb('inbox.status', 'in', ['new', 'running']), eb('inbox.received_at', '>', now - LEFT_BEHIND_MS)]),
            ),
        ),
      ),
    )
    .limit(AT_ONCE)
    .execute()
  const taken: string[] = []
  for (const row of left) {
    const turns = Number(row.turns ?? 0)
    if (turns >= MAX_TURNS) {
      log.error({ effect: row.key, tool: row.tool }, 'a decided effect cannot be acted on: a person must look')
      await db.updateTable('effects').set({ code: UNRESOLVED }).where('key', '=', row.key).execute()
      continue
    }
    const event = {
      type: 'approval-taken-up',
      actor: 'baton',
      data: { key: row.key, tool: row.tool, summary: row.summary, decision: row.decision },
    }
    const news = {
      kind: 'approval' as const,
      conversationId: row.conversation_id,
      effect: { key: row.key, argsHash: row.args_hash },
      principal: principalOf(row),
      occasion: `taken up ${turns}`,
      event,
    }
    try {
      if (await db.transaction().execute((trx) => enqueueEffectNews(trx, news, now))) taken.push(row.conversation_id)
    } catch (error) {
      // Another process was as quick: its row is the one.
      if (!isUniqueViolation(error)) throw error
    }
  }
  return taken
}
