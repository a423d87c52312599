import type { EffectTool } from '../../graphs/tool.ts'
import { enqueueEffectNews } from '../conversations/inbox.ts'
import { expireApprovals } from './approvals.ts'
import { conclude, type Finding } from './conclude.ts'
import { type EffectRow, principalOf, UNRESOLVED } from './effect-row.ts'
import { holdConversation } from './guards.ts'
import { contextAt, type EffectsOptions, NOT_DONE } from './ledger.ts'
import { takeUpLeftBehind } from './left-behind.ts'
import { withinTime } from './time-limit.ts'

/** Not to be found so long after the last try: it was not done. */
const ABSENT_MS = 30_000
/** In doubt for so long: a person has to look. */
const UNRESOLVED_MS = 600_000
const BACKOFF = { first: 5_000, most: 60_000 }
const AT_ONCE = 50

/** Finds out about effects whose turn is over without a clear end. It only asks; it never runs anything. */
export function createSettler({ db, tools, clock, log, onInbox }: EffectsOptions) {
  async function due(): Promise<EffectRow[]> {
    return (
      db
        .selectFrom('effects')
        .selectAll()
        .where('state', 'in', ['in_flight', 'in_doubt'])
        .where('next_look_up_at', '<=', clock.now())
        // A turn that still runs, or will again after a crash, concludes what it began.
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('turns')
                .select('turns.id')
                .whereRef('turns.id', '=', 'effects.confirmed_turn_id')
                .where('turns.status', '=', 'running'),
            ),
          ),
        )
        .orderBy('next_look_up_at')
        .limit(AT_ONCE)
        .execute()
    )
  }

  /** One process asks at a time, and less often as time goes by. */
  async function claim(row: EffectRow): Promise<EffectRow | undefined> {
    const wait = Math.min(BACKOFF.first * 2 ** Math.min(row.look_ups, 10), BACKOFF.most)
    return db
      .updateTable('effects')
      .set({ look_ups: row.look_ups + 1, next_look_up_at: clock.now() + wait })
      .where('key', '=', row.key)
      .where('state', '=', row.state)
      .where('attempts', '=', row.attempts)
      .where('look_ups', '=', row.look_ups)
      .returningAll()
      .executeTakeFirst()
  }

  async function look(row: EffectRow, tool: EffectTool | undefined): Promise<Finding> {
    if (!tool) return { state: 'in_doubt' }
    const context = contextAt(clock, principalOf(row), new AbortController().signal)
    try {
      const result = await withinTime(tool.timeoutMs, context.signal, (signal) =>
        tool.lookUp(row.key, { ...context, signal }),
      )
      if (result !== null && result !== undefined) return { state: 'done', result }
      return clock.now() - row.updated_at >= ABSENT_MS ? { state: 'failed', ...NOT_DONE } : { state: 'in_doubt' }
    } catch (error) {
      log.warn({ effect: row.key, tool: row.tool, error: (error as Error).message }, 'an effect is still in doubt')
      return { state: 'in_doubt' }
    }
  }

  /** @returns true when the customer has to be told */
  async function record(row: EffectRow, tool: EffectTool | undefined, finding: Finding): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      await holdConversation(trx, row.conversation_id)
      const tell = (occasion: string, status: string) =>
        enqueueEffectNews(
          trx,
          {
            kind: 'effect',
            conversationId: row.conversation_id,
            effect: { key: row.key, argsHash: row.args_hash },
            principal: principalOf(row),
            occasion,
            event: {
              type: 'effect-settled',
              actor: 'baton',
              data: { key: row.key, tool: row.tool, summary: row.summary, status },
            },
          },
          clock.now(),
        )
      if (finding.state !== 'in_doubt') {
        const settled = await conclude(trx, clock, row, tool, finding)
        return settled.state === finding.state && tell('settled', settled.state)
      }
      const unresolved = row.code === null && clock.now() - (row.started_at ?? row.updated_at) >= UNRESOLVED_MS
      if (row.state === 'in_doubt' && !unresolved) return false
      const marked = await trx
        .updateTable('effects')
        .set({ state: 'in_doubt', ...(unresolved && { code: UNRESOLVED }) })
        .where('key', '=', row.key)
        .where('state', '=', row.state)
        .where('attempts', '=', row.attempts)
        .executeTakeFirst()
      if (!unresolved || marked.numUpdatedRows !== 1n) return false
      log.error({ effect: row.key, tool: row.tool }, 'nobody can say whether an effect was done: a person must look')
      return tell('unresolved', 'in_doubt')
    })
  }

  async function settleOne(row: EffectRow): Promise<void> {
    const claimed = await claim(row)
    if (!claimed) return
    const tool = tools.get(row.tool)
    if (await record(claimed, tool, await look(claimed, tool))) onInbox(row.conversation_id)
  }

  return {
    async settle(): Promise<void> {
      for (const conversationId of await expireApprovals(db, clock.now())) onInbox(conversationId)
      for (const conversationId of await takeUpLeftBehind(db, clock.now(), log)) onInbox(conversationId)
      // One that cannot be recorded now must not keep the others waiting; it is due again later.
      const rows = await due()
      const settled = await Promise.allSettled(rows.map(settleOne))
      for (const one of settled)
        if (one.status === 'rejected')
          log.warn({ error: (one.reason as Error).message }, 'an effect could not be settled')
    },
  }
}
