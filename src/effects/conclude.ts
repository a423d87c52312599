import type { Kysely, Transaction } from 'kysely'
import { Refusal } from '../../graphs/systems.ts'
import type { EffectTool } from '../../graphs/tool.ts'
import type { Clock } from '../clock.ts'
import type { Tables } from '../database/tables.ts'
import { argsOf, type EffectRow, findEffect, MOVED } from './effect-row.ts'
import { bumpGuard, customerGuard } from './guards.ts'

/** What is known about an effect that was tried. */
export type Finding =
  | { state: 'done'; result: unknown }
  | { state: 'failed'; code: string; message: string }
  | { state: 'in_doubt' }

/** After a try that came to no clear end, when the reconciliation first asks what became of it. */
const FIRST_LOOK_UP_MS = 5_000

/**
 * Records what became of an effect that went in flight. What is final stays; a row that somebody tried again meanwhile
 * is theirs to conclude, unless it is known to be done.
 * @returns the row as it is now
 */
export async function conclude(
  trx: Transaction<Tables>,
  clock: Clock,
  row: EffectRow,
  tool: EffectTool | undefined,
  finding: Finding,
): Promise<EffectRow> {
  await bumpGuard(trx, customerGuard(row.customer_id))
  const now = clock.now()
  const inHand = trx
    .updateTable('effects')
    .where('key', '=', row.key)
    .where('state', 'in', MOVED)
    .where('state', '!=', 'done')
    .returningAll()
  const updated = await (finding.state === 'done'
    ? inHand.set({
        state: 'done',
        code: null,
        result: JSON.stringify(finding.result ?? null),
        message: receiptOf(tool, row, finding.result),
        next_look_up_at: null,
        updated_at: now,
      })
    : inHand
        .set(
          finding.state === 'failed'
            ? { ...finding, next_look_up_at: null, updated_at: now }
            : { state: 'in_doubt', next_look_up_at: now + FIRST_LOOK_UP_MS, updated_at: now },
        )
        .where('state', '=', row.state)
        .where('attempts', '=', row.attempts)
  ).executeTakeFirst()
  return updated ?? (await findEffect(trx, row.key)) ?? row
}

/** The same in a transaction of its own. */
export function concludeAlone(
  db: Kysely<Tables>,
  clock: Clock,
  row: EffectRow,
  tool: EffectTool | undefined,
  finding: Finding,
): Promise<EffectRow> {
  return db.transaction().execute((trx) => conclude(trx, clock, row, tool, finding))
}

/** A definite no of the business system; undefined for anything else. */
export function refusalOf(error: unknown): { state: 'failed'; code: string; message: string } | undefined {
  return error instanceof Refusal ? { state: 'failed', code: error.code, message: error.message } : undefined
}

/** It is done whatever the tool makes of its result. */
function receiptOf(tool: EffectTool | undefined, row: EffectRow, result: unknown): string {
  try {
    return tool?.receipt(result, argsOf(row)) ?? DONE
  } catch {
    return DONE
  }
}

const DONE = 'This is done.'
