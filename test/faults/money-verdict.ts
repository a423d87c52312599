import type { App } from '../../src/app.ts'
import type { Decided } from './approvers.ts'
import type { SentMessage } from './customers.ts'
import { groupsOf } from './groups.ts'
import { judge, problemsOf, type Verdict } from './verdict.ts'

/** What is wrong with the money after a campaign, a line each, besides what may be wrong with messages. */
export interface MoneyVerdict extends Verdict {
  /** Charges of which more than one part was paid back, and receipts for one effect that differ. */
  effectsTwice: string[]
  /** Told, approved or recorded as done, and not in the shop's books; or in the books and not recorded. */
  effectsMissing: string[]
  /** Paid back without the approvals that policy asked for, or after a denial. */
  withoutApproval: string[]
  acknowledged: number
  counts: { planned: number; done: number; approved: number; denied: number }
}

const MONEY_KINDS = ['effectsTwice', 'effectsMissing', 'withoutApproval'] as const

/** Every broken promise, a line each. */
export function moneyProblems(verdict: MoneyVerdict): string[] {
  return [...problemsOf(verdict), ...MONEY_KINDS.flatMap((kind) => verdict[kind].map((line) => `${kind}: ${line}`))]
}

/** Judges by the shop's own books, which the ledger does not write, beside the ledger, the log and what was told. */
export async function judgeMoney(
  app: Pick<App, 'db' | 'graph'>,
  sent: SentMessage[],
  decided: Decided,
  /** Older entries of the books were there before. */
  since: number,
): Promise<MoneyVerdict> {
  const { db } = app
  const base = await judge(app, sent)
  const books = await db.selectFrom('shop_refunds').selectAll().where('at', '>=', since).execute()
  const effects = await db.selectFrom('effects').selectAll().execute()
  const approvals = await db.selectFrom('approvals').selectAll().execute()
  const decisions = await db.selectFrom('approval_decisions').selectAll().execute()
  const told = await db.selectFrom('events').selectAll().where('type', '=', 'effect-done').execute()
  const verdict: MoneyVerdict = {
    ...base,
    effectsTwice: [],
    effectsMissing: [],
    withoutApproval: [],
    acknowledged: sent.filter(({ acknowledged }) => acknowledged).length,
    counts: {
      planned: effects.length,
      done: effects.filter(({ state }) => state === 'done').length,
      approved: approvals.filter(({ state }) => state === 'approved').length,
      denied: approvals.filter(({ state }) => state === 'denied').length,
    },
  }
  const paid = new Map(books.map((refund) => [refund.request_key, refund]))
  for (const [chargeId, refunds] of groupsOf(books, ({ charge_id }) => charge_id))
    if (refunds.length > 1) verdict.effectsTwice.push(`${chargeId} was paid back ${refunds.length} times`)
  const keysTold = told.map(({ data }) => String(JSON.parse(data).key))
  for (const key of new Set(keysTold))
    if (keysTold.filter((one) => one === key).length > 1) verdict.effectsTwice.push(`${key} was told as done twice`)

  for (const effect of effects) {
    const refund = paid.get(effect.key)
    const approval = approvals.find(({ effect_key }) => effect_key === effect.key)
    if (effect.state === 'done' && !refund) verdict.effectsMissing.push(`${effect.key} is done and not in the books`)
    if (effect.state !== 'done' && refund)
      verdict.effectsMissing.push(`${effect.key} is paid and recorded as ${effect.state}`)
    if (effect.state === 'done' && !keysTold.includes(effect.key))
      verdict.effectsMissing.push(`${effect.key} is done and its customer was never told`)
    if (refund && refund.amount !== effect.amount_minor)
      verdict.effectsMissing.push(`${effect.key}: ${refund.amount} was paid, ${effect.amount_minor} was agreed`)
    if (['in_flight', 'in_doubt'].includes(effect.state)) verdict.stuck.push(`effect ${effect.key} is ${effect.state}`)
    if (effect.state === 'awaiting' && approval?.state !== 'pending')
      verdict.effectsMissing.push(`${effect.key} was ${approval?.state} and is still waiting`)
    if (approval?.state === 'approved' && effect.state === 'failed' && effect.code !== 'effect.repeated')
      verdict.effectsMissing.push(`${effect.key} was approved and failed: ${effect.code}`)
    const agreed = decisions.filter(
      ({ approval_id, decision }) => approval_id === approval?.id && decision === 'approve',
    )
    if (refund && effect.approvals_needed > agreed.length)
      verdict.withoutApproval.push(`${effect.key} needed ${effect.approvals_needed} and had ${agreed.length}`)
    if (refund && approval && approval.args_hash !== effect.args_hash)
      verdict.withoutApproval.push(`${effect.key}: something else was approved`)
  }
  for (const key of keysTold)
    if (!paid.has(key) && effects.length > 0) verdict.effectsMissing.push(`${key} was told as done`)
  for (const [id, said] of decided) {
    const state = approvals.find((one) => one.id === id)?.state
    if (state !== said) verdict.diverged.push(`approval ${id}: the desk was told ${said}, it is ${state}`)
  }
  return verdict
}
