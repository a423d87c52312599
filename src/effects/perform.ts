import type { EffectOutcome, Effects } from '../../graphs/effects.ts'
import type { EffectTool } from '../../graphs/tool.ts'
import { FencedError } from '../database/fence.ts'
import { approvalOf } from './approval-row.ts'
import { isSame, loadCase } from './check.ts'
import { concludeAlone, type Finding, refusalOf } from './conclude.ts'
import { argsOf, type EffectRow, effectOf, findEffect, outcomeOf, principalOf } from './effect-row.ts'
import { holdConversation } from './guards.ts'
import { CHANGED, contextAt, type EffectsOptions, GIVE_UP_MS, NOT_FOUND } from './ledger.ts'
import { createStarter } from './start.ts'
import { withinTime } from './time-limit.ts'

type Turn = Parameters<Effects['perform']>[1]

/** Somebody was at it before. */
const TRIED = new Set(['in_flight', 'in_doubt'])
/** Rows that others move at the same time are looked at again this often. */
const MAX_STEPS = 20

/** Takes an effect from where it stands to where it can go. No transaction is open while an outside system is asked. */
export function createPerformer(options: EffectsOptions) {
  const { db, tools, clock, log } = options
  const starter = createStarter(options)
  /** The same effect asked for twice at once is one try with one outcome. */
  const running = new Map<string, Promise<EffectOutcome>>()

  async function advance(key: string, argsHash: string, turn: Turn): Promise<EffectOutcome> {
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const row = await find(key)
      if (row.args_hash !== argsHash) return { status: 'failed', ...effectOf(row), ...CHANGED }
      if (row.state === 'done' || row.state === 'failed') return outcomeOf(row)
      const approval = row.state === 'awaiting' ? await approvalOf(db, key) : undefined
      if (approval?.state === 'pending') return outcomeOf(row, approval.id)
      const tried = TRIED.has(row.state) ? await resume(row, turn) : await start(row, turn)
      if (tried) return outcomeOf(tried)
    }
    throw new Error(`effect ${key} does not come to rest`)
  }

  async function start(row: EffectRow, turn: Turn): Promise<EffectRow | undefined> {
    const started = await starter.start(row, turn)
    return started && run(started.row, started.tool, started.facts, turn)
  }

  async function run(row: EffectRow, tool: EffectTool, facts: unknown, turn: Turn): Promise<EffectRow> {
    const finding = await tryOnce(row, tool, facts, turn)
    const concluded = await concludeAlone(db, clock, row, tool, finding)
    if (finding.state === 'done' && concluded.state !== 'done')
      log.error(
        { effect: row.key, tool: tool.name, state: concluded.state },
        'an effect was done that is on record as not done',
      )
    return concluded
  }

  async function tryOnce(row: EffectRow, tool: EffectTool, facts: unknown, turn: Turn): Promise<Finding> {
    const context = contextAt(clock, principalOf(row), turn.signal)
    const { key } = row
    try {
      const result = await withinTime(tool.timeoutMs, turn.signal, (signal) =>
        tool.run(argsOf(row), facts, { ...context, signal, key }),
      )
      return { state: 'done', result }
    } catch (error) {
      // The turn was taken away in the middle: whoever goes on with it finds the row in flight and looks it up.
      turn.signal.throwIfAborted()
      const refusal = refusalOf(error)
      if (refusal) return refusal
      log.warn({ effect: key, tool: tool.name, error: (error as Error).message }, 'an effect came to no clear end')
      const found = await lookUp(row, tool, turn).catch(() => null)
      // Not to be found yet is not “not done”: what answered too late may still be at it.
      return found === null ? { state: 'in_doubt' } : { state: 'done', result: found }
    }
  }

  /** Somebody was at it before: it is looked up first, and run again under the same key only where it was not done. */
  async function resume(row: EffectRow, turn: Turn): Promise<EffectRow | undefined> {
    const tool = tools.get(row.tool)
    if (!tool) return concludeAlone(db, clock, row, tool, { state: 'in_doubt' })
    let found: unknown
    try {
      found = await lookUp(row, tool, turn)
    } catch (error) {
      turn.signal.throwIfAborted()
      log.warn({ effect: row.key, tool: row.tool, error: (error as Error).message }, 'an effect could not be looked up')
      return concludeAlone(db, clock, row, tool, { state: 'in_doubt' })
    }
    if (found !== null && found !== undefined)
      return concludeAlone(db, clock, row, tool, { state: 'done', result: found })
    const args = argsOf(row)
    const now = await loadCase(tool, args, contextAt(clock, principalOf(row), turn.signal))
    const no = !now ? NOT_FOUND : !isSame(row, now) ? CHANGED : tool.precondition(now.facts, args)
    if (no || !now) return concludeAlone(db, clock, row, tool, { state: 'failed', ...(no ?? NOT_FOUND) })
    const again = await claimAgain(row, tool, turn)
    return again && run(again, tool, now.facts, turn)
  }

  /** @returns undefined when somebody else moved the row meanwhile */
  async function claimAgain(row: EffectRow, tool: EffectTool, turn: Turn): Promise<EffectRow | undefined> {
    const now = clock.now()
    return db.transaction().execute(async (trx) => {
      await holdConversation(trx, row.conversation_id, turn.epoch)
      return trx
        .updateTable('effects')
        .set({
          state: 'in_flight',
          attempts: row.attempts + 1,
          confirmed_turn_id: turn.turnId,
          next_look_up_at: now + tool.timeoutMs + GIVE_UP_MS,
          updated_at: now,
        })
        .where('key', '=', row.key)
        .where('state', '=', row.state)
        .where('attempts', '=', row.attempts)
        .returningAll()
        .executeTakeFirst()
    })
  }

  function lookUp(row: EffectRow, tool: EffectTool, turn: Turn): Promise<unknown> {
    const context = contextAt(clock, principalOf(row), turn.signal)
    return withinTime(tool.timeoutMs, turn.signal, (signal) => tool.lookUp(row.key, { ...context, signal }))
  }

  return {
    async perform({ key, argsHash }: { key: string; argsHash: string }, turn: Turn): Promise<EffectOutcome> {
      await refuseOld((await find(key)).conversation_id, turn)
      const asked = `${key} ${argsHash}`
      const same = running.get(asked)
      if (same) return same
      const outcome = advance(key, argsHash, turn).finally(() => running.delete(asked))
      running.set(asked, outcome)
      return outcome
    },
  }

  async function find(key: string): Promise<EffectRow> {
    const row = await findEffect(db, key)
    if (!row) throw new Error(`there is no effect ${key}`)
    return row
  }

  async function refuseOld(conversationId: string, { epoch }: Turn): Promise<void> {
    if (epoch === undefined) return
    const held = await db
      .selectFrom('conversations')
      .select('epoch')
      .where('id', '=', conversationId)
      .executeTakeFirst()
    if (held?.epoch !== epoch) throw new FencedError(conversationId)
  }
}
