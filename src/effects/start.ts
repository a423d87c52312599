import type { Kysely, Transaction } from 'kysely'
import type { Effects } from '../../graphs/effects.ts'
import type { EffectTool } from '../../graphs/tool.ts'
import type { Tables } from '../database/tables.ts'
import { isUniqueViolation } from '../database/unique-violation.ts'
import { type ApprovalRow, approvalOf, requestApproval } from './approval-row.ts'
import { type Case, isSame, judge, loadCase } from './check.ts'
import { argsOf, type EffectRow, principalOf } from './effect-row.ts'
import { bumpGuard, claimGuard, customerGuard, guardVersion, holdConversation, MONEY_GUARD } from './guards.ts'
import { CHANGED, contextAt, type EffectsOptions, GIVE_UP_MS, NO_TOOL, NOT_FOUND, type Reason } from './ledger.ts'

type Turn = Parameters<Effects['perform']>[1]

/** An effect that may be performed now: it is in flight, and this process has to run it. */
export interface Started {
  row: EffectRow
  tool: EffectTool
  facts: unknown
}

/** Others may be first this often: every other process, and every try of this customer that ends meanwhile. */
const MAX_TRIES = 100
const JITTER_MS = 20

/**
 * The step from words to deeds. Facts are loaded outside of any transaction, and the decision on them is committed only
 * if nothing about this customer was decided or done since: then it is as if a lock had been held all the while.
 */
export function createStarter({ db, tools, policies, clock }: EffectsOptions) {
  const customers = createQueues()

  /** @returns undefined when the row went elsewhere: to a person, to its end, or into other hands */
  async function tryStart(row: EffectRow, tool: EffectTool, turn: Turn): Promise<Started | undefined | 'again'> {
    const guard = customerGuard(row.customer_id)
    const version = await guardVersion(db, guard)
    const found = await loadCase(tool, argsOf(row), contextAt(clock, principalOf(row), turn.signal))
    turn.signal.throwIfAborted()
    return db.transaction().execute(async (trx) => {
      await holdConversation(trx, row.conversation_id, turn.epoch)
      if (!(await claimGuard(trx, guard, version))) return 'again'
      if (row.kind === 'money') await bumpGuard(trx, MONEY_GUARD)
      const approval = row.state === 'awaiting' ? await approvalOf(trx, row.key) : undefined
      if (approval?.state === 'pending') return undefined
      const next = await decideOn(trx, row, tool, found, approval, turn.principal)
      if (!next) return undefined
      const { facts, ...set } = next
      const now = clock.now()
      const started = await move(trx, row, {
        ...set,
        state: 'in_flight',
        confirmed_turn_id: turn.turnId,
        attempts: row.attempts + 1,
        next_look_up_at: now + tool.timeoutMs + GIVE_UP_MS,
        started_at: now,
      })
      return started && { row: started, tool, facts }
    })
  }

  /** @returns what to note with the start; undefined when it does not start */
  async function decideOn(
    trx: Transaction<Tables>,
    row: EffectRow,
    tool: EffectTool,
    found: Case | null,
    approval: ApprovalRow | undefined,
    /** Who said yes: that may be less sure by now than when it was planned. */
    principal = principalOf(row),
  ) {
    const no = async (why: Reason): Promise<undefined> => void (await fail(trx, row, why))
    if (row.state === 'awaiting' && approval?.state !== 'approved') return no(withoutApproval(approval))
    if (approval && approval.args_hash !== row.args_hash) return no(CHANGED)
    if (!found || principal.customerId !== row.customer_id) return no(NOT_FOUND)
    if (!isSame(row, found)) return no(CHANGED)
    const now = clock.now()
    const judgement = await judge(trx, policies, { key: row.key, tool, args: argsOf(row), principal, found, now })
    if (judgement.status === 'repeated') return no({ code: 'effect.repeated', message: judgement.message })
    if (judgement.status === 'refused') return no(judgement)
    const { approvals, policyVersion, reason } = judgement
    const set = {
      business_key: found.businessKey,
      approvals_needed: Math.max(approvals, approval?.needed ?? 0),
      policy_version: policyVersion,
      // What people were asked to agree to stays on record.
      policy_reason: reason || row.policy_reason,
    }
    if (approvals <= (approval?.needed ?? 0)) return { ...set, facts: found.facts }
    const waiting = await move(trx, row, { ...set, state: 'awaiting' })
    if (waiting) await requestApproval(trx, waiting, approvals, now)
    return undefined
  }

  async function fail(db: Kysely<Tables> | Transaction<Tables>, row: EffectRow, { code, message }: Reason) {
    await move(db, row, { state: 'failed', code, message })
  }

  /** @returns undefined when the row is not as it was read: planned anew, declined, or in other hands */
  function move(
    db: Kysely<Tables> | Transaction<Tables>,
    row: EffectRow,
    set: Partial<EffectRow>,
  ): Promise<EffectRow | undefined> {
    return db
      .updateTable('effects')
      .set({ ...set, updated_at: clock.now() })
      .where('key', '=', row.key)
      .where('state', '=', row.state)
      .where('args_hash', '=', row.args_hash)
      .returningAll()
      .executeTakeFirst()
  }

  return {
    /**
     * Checks everything once more, and then starts the effect, asks people, or ends it.
     * @returns undefined when there is nothing to run: the row says what became of it
     */
    async start(row: EffectRow, turn: Turn): Promise<Started | undefined> {
      const tool = tools.get(row.tool)
      if (!tool) {
        await fail(db, row, NO_TOOL)
        return undefined
      }
      return customers.inOrder(row.customer_id, async () => {
        for (let i = 0; i < MAX_TRIES; i += 1) {
          if (i > 0) await clock.sleep(Math.random() * JITTER_MS, turn.signal)
          try {
            const started = await tryStart(row, tool, turn)
            if (started !== 'again') return started
          } catch (error) {
            // Another customer's effect of the same business key was first: the next look sees it.
            if (!isUniqueViolation(error)) throw error
          }
        }
        throw new Error(`too much is happening at once for customer ${row.customer_id}`)
      })
    },
  }
}

function withoutApproval(approval: ApprovalRow | undefined): Reason {
  if (approval?.state === 'denied')
    return {
      code: 'effect.denied',
      message:
        `I am sorry: a colleague has looked at this and decided not to do it. ${sentence(approval.reason ?? '')}`.trim(),
    }
  return {
    code: 'effect.expired',
    message:
      'I am sorry: nobody could decide on this in time, so it was not done. Just ask again if you still need it.',
  }
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}

/** One at a time a name. Processes that share a database compete; tries in one process need not. */
function createQueues() {
  const last = new Map<string, Promise<void>>()
  return {
    inOrder<T>(name: string, work: () => Promise<T>): Promise<T> {
      const run = (last.get(name) ?? Promise.resolve()).then(work)
      const ended = run.then(
        () => {},
        () => {},
      )
      last.set(name, ended)
      void ended.then(() => last.get(name) === ended && last.delete(name))
      return run
    },
  }
}
