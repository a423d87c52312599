import type { Kysely, Transaction } from 'kysely'
import type { Money } from '../../graphs/systems.ts'
import type { Tables } from '../database/tables.ts'
import { MOVED } from './effect-row.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** What a policy wants to know of the past, without the effect that is being asked about. Sums are minor units. */
export async function figuresOf(
  db: Kysely<Tables> | Transaction<Tables>,
  about: { customerId: string; policy: string; now: number },
): Promise<{ customerLast30Days: number; lastHour: number; countLastDay: number }> {
  const { customerId, policy, now } = about
  const moved = db.selectFrom('effects').where('state', 'in', MOVED)
  const own = moved.where('customer_id', '=', customerId).where('policy', '=', policy)
  const month = await own
    .select(({ fn }) => fn.sum<number | string | null>('amount_minor').as('sum'))
    .where('kind', '=', 'money')
    .where('started_at', '>', now - 30 * DAY)
    .executeTakeFirstOrThrow()
  const hour = await moved
    .select(({ fn }) => fn.sum<number | string | null>('amount_minor').as('sum'))
    .where('kind', '=', 'money')
    .where('started_at', '>', now - HOUR)
    .executeTakeFirstOrThrow()
  const day = await own
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('started_at', '>', now - DAY)
    .executeTakeFirstOrThrow()
  return {
    customerLast30Days: Number(month.sum ?? 0),
    lastHour: Number(hour.sum ?? 0),
    countLastDay: Number(day.count),
  }
}

/** What the system says is left of an object, without what is on its way there and may not be in its books yet. */
export async function leftOf(
  db: Kysely<Tables> | Transaction<Tables>,
  object: string,
  remainder: Money,
): Promise<Money> {
  const { sum } = await db
    .selectFrom('effects')
    .select(({ fn }) => fn.sum<number | string | null>('amount_minor').as('sum'))
    .where('object', '=', object)
    .where('kind', '=', 'money')
    .where('state', 'in', ['in_flight', 'in_doubt'])
    .executeTakeFirstOrThrow()
  return { ...remainder, minor: remainder.minor - Number(sum ?? 0) }
}
