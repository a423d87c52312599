import type { EffectOutcome, EffectRequest, Effects, PlannedEffect, PlanOutcome } from '../../graphs/effects.ts'
import { type Case, judge, loadCase } from './check.ts'
import { hashOfArgs, replayKey } from './effect-key.ts'
import { type EffectRow, findEffect, outcomeOf, plannedOf, principalOf, repeatedMessage, TAKEN } from './effect-row.ts'
import { contextAt, type EffectsOptions, NOT_FOUND } from './ledger.ts'
import { createPerformer } from './perform.ts'
import { createSettler } from './settle.ts'

/** The ledger with what keeps it true between turns. */
export interface EffectLedger extends Effects {
  /**
   * Finds out what became of effects that nobody is working on any more, and ends approvals that nobody decided.
   * Call it at the start and every few seconds; safe from several processes at once.
   */
  settle(): Promise<void>
}

/** Planned, agreed to, checked once more and performed at most once: see {@link Effects}. */
export function createEffects(options: EffectsOptions): EffectLedger {
  const { db, policies, clock } = options
  const performer = createPerformer(options)
  const settler = createSettler(options)

  return {
    async plan(request: EffectRequest): Promise<PlanOutcome> {
      const { tool, principal, turnId, ordinal, signal } = request
      const parsed = tool.schema.safeParse(request.args)
      if (!parsed.success)
        return refused('effect.invalid', 'I did not get the details right. Please tell me once more.')
      const args = parsed.data
      const found = await loadCase(tool, args, contextAt(clock, principal, signal))
      if (!found) return refused(NOT_FOUND.code, NOT_FOUND.message)
      const key = replayKey({ turnId, tool: tool.name, object: found.object, ordinal })
      const known = await findEffect(db, key)
      if (known && known.state !== 'planned') return outcomeOfKnown(known)
      const judgement = await judge(db, policies, { key, tool, args, principal, found, now: clock.now() })
      if (judgement.status !== 'fit') return judgement
      const row = rowOf({ ...request, args }, key, found, judgement, clock.now())
      return write(row)
    },

    perform(effect: Pick<PlannedEffect, 'key' | 'argsHash'>, turn): Promise<EffectOutcome> {
      return performer.perform(effect, turn)
    },

    async cancel(keys: string[]): Promise<void> {
      if (keys.length === 0) return
      await db
        .updateTable('effects')
        .set({
          state: 'failed',
          code: 'effect.declined',
          message: 'You did not want this, so it was not done.',
          updated_at: clock.now(),
        })
        .where('key', 'in', keys)
        .where('state', '=', 'planned')
        .execute()
    },

    settle: () => settler.settle(),
  }

  /** A replay finds its own row; other arguments take its place as long as nobody has said yes to it. */
  async function write(row: EffectRow): Promise<PlanOutcome> {
    const { created_at: _, ...changed } = row
    const written = await db
      .insertInto('effects')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(changed).where('effects.state', '=', 'planned'))
      .returningAll()
      .executeTakeFirst()
    if (written) return { status: 'planned', effect: plannedOf(written) }
    return outcomeOfKnown((await findEffect(db, row.key)) ?? row)
  }
}

function outcomeOfKnown(row: EffectRow): PlanOutcome {
  if (TAKEN.includes(row.state))
    return { status: 'repeated', message: repeatedMessage(row, principalOf(row).customerId) }
  const { message } = outcomeOf(row)
  return refused(row.code ?? 'effect.failed', message)
}

function rowOf(
  { tool, args, principal, conversationId, turnId }: EffectRequest,
  key: string,
  { object, businessKey, amount, summary }: Case,
  policy: { approvals: number; policyVersion: string; reason: string },
  now: number,
): EffectRow {
  return {
    key,
    args_hash: hashOfArgs(args),
    conversation_id: conversationId,
    turn_id: turnId,
    confirmed_turn_id: null,
    customer_id: principal.customerId,
    principal: JSON.stringify(principal),
    tool: tool.name,
    kind: tool.effect,
    object,
    business_key: businessKey,
    args: JSON.stringify(args),
    amount_minor: amount?.minor ?? null,
    currency: amount?.currency ?? null,
    summary,
    state: 'planned',
    approvals_needed: policy.approvals,
    policy: tool.policy,
    policy_version: policy.policyVersion,
    policy_reason: policy.reason,
    code: null,
    message: null,
    result: null,
    attempts: 0,
    look_ups: 0,
    next_look_up_at: null,
    created_at: now,
    updated_at: now,
    started_at: null,
  }
}

function refused(code: string, message: string): PlanOutcome {
  return { status: 'refused', code, message }
}
