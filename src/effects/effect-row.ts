import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import type { EffectOutcome, PlannedEffect } from '../../graphs/effects.ts'
import type { Money } from '../../graphs/systems.ts'
import type { EffectState, Tables } from '../database/tables.ts'

/** An effect as it is stored. */
export type EffectRow = Selectable<Tables['effects']>

/** While a row is in one of these, its business key is taken. */
export const TAKEN: EffectState[] = ['awaiting', 'in_flight', 'done', 'in_doubt']

/** What may have moved in the world. */
export const MOVED: EffectState[] = ['in_flight', 'done', 'in_doubt']

export async function findEffect(
  db: Kysely<Tables> | Transaction<Tables>,
  key: string,
): Promise<EffectRow | undefined> {
  return db.selectFrom('effects').selectAll().where('key', '=', key).executeTakeFirst()
}

/** The checked arguments. */
export function argsOf({ args }: EffectRow): Record<string, unknown> {
  return JSON.parse(args)
}

/** On whose behalf. */
export function principalOf({ principal }: EffectRow): Principal {
  return JSON.parse(principal)
}

export function amountOf({ amount_minor, currency }: EffectRow): Money | null {
  return amount_minor === null || currency === null ? null : { minor: amount_minor, currency }
}

/** A row as the conversation speaks of it before it is performed. */
export function plannedOf(row: EffectRow): PlannedEffect {
  return { ...effectOf(row), argsHash: row.args_hash, approvals: row.approvals_needed }
}

/** What an effect is, whatever became of it. */
export function effectOf(row: EffectRow) {
  const { key, tool, summary } = row
  return { key, tool, summary, amount: amountOf(row) }
}

/** A row that cannot be performed, or is, in words for the customer. */
export function outcomeOf(row: EffectRow, approvalId = ''): EffectOutcome {
  const { state, code } = row
  const effect = { ...effectOf(row), message: messageOf(row) }
  switch (state) {
    case 'done':
      return { ...effect, status: 'done' }
    case 'awaiting':
      return { ...effect, status: 'awaiting', approvalId }
    case 'failed':
      return { ...effect, status: 'failed', code: code ?? 'effect.failed' }
    default:
      return { ...effect, status: 'in_doubt' }
  }
}

function messageOf({ state, message, approvals_needed, code }: EffectRow): string {
  if (message !== null) return message
  if (state === 'awaiting')
    return approvals_needed > 1
      ? 'Two of my colleagues have to agree to this first. I have asked them, and you will hear from me as soon as they have decided.'
      : 'A colleague has to agree to this first. I have asked, and you will hear from me as soon as it is decided.'
  if (code === UNRESOLVED)
    return 'I still cannot tell whether this went through. A colleague is looking at it; it will not be done twice.'
  return 'I cannot tell yet whether this went through. I am finding out and will tell you; it will not be done twice.'
}

/** The reconciliation has given up on a row in doubt: a person has to look. */
export const UNRESOLVED = 'effect.unresolved'

/** What somebody is told who asks for the same thing once more. */
export function repeatedMessage(row: EffectRow, customerId: string): string {
  if (row.customer_id !== customerId) return 'This has been asked for already.'
  switch (row.state) {
    case 'done':
      return `This is done already. ${row.message ?? ''}`.trim()
    case 'awaiting':
      return 'This is waiting for the decision of a colleague already. You will hear from me as soon as it is there.'
    default:
      return 'This is under way already. I am finding out what became of it and will tell you.'
  }
}
