import type { Kysely } from 'kysely'
import type { App } from '../../src/app.ts'
import type { Tables } from '../../src/database/tables.ts'
import type { Decided } from './approvers.ts'
import type { SentMessage } from './customers.ts'
import { groupsOf } from './groups.ts'
import { judge, problemsOf, type Verdict } from './verdict.ts'

/** What is wrong with the money after a campaign, a line each, besides what may be wrong with messages. */
export interface MoneyVerdict extends Verdict {
  /** Charges paid back and items taken back more than once, and effects whose customer was told of them twice. */
  effectsTwice: string[]
  /** Agreed to, told, approved or recorded as done, and not in the shop's books; or in the books and not recorded. */
  effectsMissing: string[]
  /** Paid back without the approvals that policy asked for, or after a denial. */
  withoutApproval: string[]
  acknowledged: number
  counts: { planned: number; done: number; returns: number; approved: number; denied: number }
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
  const books = await booksSince(db, since)
  const effects = await db.selectFrom('effects').selectAll().execute()
  const approvals = await db.selectFrom('approvals').selectAll().execute()
  const decisions = await db.selectFrom('approval_decisions').selectAll().execute()
  const log = await logOf(db)
  const told = log.filter(({ type }) => type === 'effect-done')
  const verdict: MoneyVerdict = {
    ...base,
    effectsTwice: [],
    effectsMissing: [],
    withoutApproval: [],
    acknowledged: sent.filter(({ acknowledged }) => acknowledged).length,
    counts: {
      planned: effects.length,
      done: effects.filter(({ state }) => state === 'done').length,
      returns: effects.filter(({ state, tool }) => state === 'done' && tool === 'create_return').length,
      approved: approvals.filter(({ state }) => state === 'approved').length,
      denied: approvals.filter(({ state }) => state === 'denied').length,
    },
  }
  const paid = new Map(books.map((entry) => [entry.key, entry]))
  for (const [object, entries] of groupsOf(books, ({ object }) => object))
    if (entries.length > 1) verdict.effectsTwice.push(`${object} is ${entries.length} times in the books`)
  const keysTold = told.map(({ data }) => String(data.key))
  for (const key of new Set(keysTold)) {
    const own = log.filter(({ data }) => data.key === key)
    if (keysTold.filter((one) => one === key).length > 1)
      verdict.effectsTwice.push(
        `${key} was told as done twice: ${own.map(({ type, data }) => `${type} in ${data.turnId ?? data.occasion ?? '-'}`).join(', ')}`,
      )
  }

  for (const effect of effects) {
    const refund = paid.get(effect.key)
    const approval = approvals.find(({ effect_key }) => effect_key === effect.key)
    if (effect.state === 'done' && !refund) verdict.effectsMissing.push(`${effect.key} is done and not in the books`)
    if (effect.state !== 'done' && refund)
      verdict.effectsMissing.push(`${effect.key} is paid and recorded as ${effect.state}`)
    if (effect.state === 'done' && !keysTold.includes(effect.key))
      verdict.effectsMissing.push(`${effect.key} is done and its customer was never told`)
    if (refund && (refund.object !== effect.object || refund.amount !== effect.amount_minor))
      verdict.effectsMissing.push(
        `${effect.key}: ${refund.object} ${refund.amount} is in the books, ${effect.object} ${effect.amount_minor} was agreed`,
      )
    if (['in_flight', 'in_doubt'].includes(effect.state)) verdict.stuck.push(`effect ${effect.key} is ${effect.state}`)
    if (effect.state === 'awaiting' && approval?.state !== 'pending')
      verdict.effectsMissing.push(`${effect.key} was ${approval?.state} and is still waiting`)
    if (approval?.state === 'approved' && effect.state === 'failed')
      verdict.effectsMissing.push(`${effect.key} was approved and failed: ${effect.code}`)
    const agreed = decisions.filter(
      ({ approval_id, decision }) => approval_id === approval?.id && decision === 'approve',
    )
    if (refund && effect.approvals_needed > agreed.length)
      verdict.withoutApproval.push(`${effect.key} needed ${effect.approvals_needed} and had ${agreed.length}`)
    if (refund && approval && approval.state !== 'approved')
      verdict.withoutApproval.push(`${effect.key} was ${approval.state}`)
    if (refund && approval && approval.args_hash !== effect.args_hash)
      verdict.withoutApproval.push(`${effect.key}: something else was approved`)
  }
  for (const key of keysTold)
    if (!paid.has(key) && effects.length > 0) verdict.effectsMissing.push(`${key} was told as done`)
  judgeYes(log, effects, verdict)
  judgeReceipts(log, effects, verdict)
  for (const [id, said] of decided) {
    const state = approvals.find((one) => one.id === id)?.state
    if (state !== said) verdict.diverged.push(`approval ${id}: the desk was told ${said}, it is ${state}`)
  }
  return verdict
}

interface Entry {
  key: string
  object: string
  amount: number | null
}

/** What the shop itself did, whoever asked for it and however often. */
async function booksSince(db: Kysely<Tables>, since: number): Promise<Entry[]> {
  const refunds = await db.selectFrom('shop_refunds').selectAll().where('at', '>=', since).execute()
  const returns = await db.selectFrom('shop_returns').selectAll().where('request_key', 'not like', 'seed:%').execute()
  return [
    ...refunds.map(({ request_key, charge_id, amount }) => ({
      ...{ key: request_key, object: `charge:${charge_id}`, amount },
    })),
    ...returns.map(({ request_key, order_number, sku }) => ({
      ...{ key: request_key, object: `item:${order_number}:${sku}`, amount: null },
    })),
  ]
}

interface Fact {
  conversationId: string
  type: string
  data: Record<string, unknown>
}

async function logOf(db: Kysely<Tables>): Promise<Fact[]> {
  const rows = await db.selectFrom('events').selectAll().orderBy('conversation_id').orderBy('seq').execute()
  return rows.map(({ conversation_id, type, data }) => ({
    ...{ conversationId: conversation_id, type, data: JSON.parse(data) },
  }))
}

/** A yes to a question must have set going what was asked, unless a person has the conversation since. */
function judgeYes(log: Fact[], effects: { key: string; state: string }[], verdict: MoneyVerdict): void {
  const states = new Map(effects.map(({ key, state }) => [key, state]))
  for (const facts of groupsOf(log, ({ conversationId }) => conversationId).values())
    for (const [i, { type, data }] of facts.entries()) {
      if (type !== 'message-received' || data.text !== 'yes') continue
      const asked = facts.slice(0, i).findLast((fact) => fact.type === 'message-sent')?.data.action
      const items = (asked as { items?: { key: string }[] } | undefined)?.items ?? []
      // Up to the customer's next words; a turn that was killed too often goes to a person, who has to ask again.
      const next = facts.findIndex((fact, at) => at > i && fact.type === 'message-received')
      const since = facts.slice(i, next < 0 ? facts.length : next)
      const handedOver = since.some((fact) => fact.type === 'escalation-opened' && fact.data.reason === 'tool_failure')
      for (const { key } of items)
        if (states.get(key) === 'planned' && !handedOver)
          verdict.effectsMissing.push(`${key} was agreed to and is only planned`)
    }
}

/** The words of the thread name each thing that was done as often as it was done. */
function judgeReceipts(
  log: Fact[],
  effects: { key: string; state: string; message: string | null; conversation_id: string }[],
  verdict: MoneyVerdict,
): void {
  const sent = log.filter(({ type }) => type === 'message-sent')
  const done = effects.filter(({ state }) => state === 'done')
  for (const [id, own] of groupsOf(done, ({ conversation_id, message }) => `${conversation_id} ${message}`)) {
    const [{ conversation_id, message } = { conversation_id: '', message: '' }] = own
    const texts = sent.filter(({ conversationId }) => conversationId === conversation_id)
    const times = texts
      .map(({ data }) => String(data.text).replaceAll(`${ALREADY}${message}`, '').split(String(message)).length - 1)
      .reduce((sum, count) => sum + count, 0)
    if (times < own.length) verdict.effectsMissing.push(`${id}: done ${own.length} times, said ${times} times`)
    if (times > own.length) verdict.effectsTwice.push(`${id}: done ${own.length} times, said ${times} times`)
  }
}

/** How a customer is told who asks for the same once more. */
const ALREADY = 'This is done already. '
