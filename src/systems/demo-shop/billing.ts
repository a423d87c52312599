import type { Kysely, Selectable, Transaction } from 'kysely'
import {
  type Billing,
  type Charge,
  type Money,
  type Refund,
  Refusal,
  type SubscriptionCancellation,
} from '../../../graphs/systems.ts'
import type { Clock } from '../../clock.ts'
import type { ShopTables } from '../../database/shop.ts'
import type { Tables } from '../../database/tables.ts'
import { nextNumber } from './counters.ts'
import { addBusinessDays, dayOf } from './days.ts'
import { euros, inWords } from './euros.ts'
import { lockOrder } from './orders.ts'
import { promisedForReturns } from './promised.ts'

type ChargeRow = Selectable<ShopTables['shop_charges']>

/** Five business days of ours and three of the bank's. */
const REFUND_BUSINESS_DAYS = 8

/** The shop's charges, invoices, subscriptions and refunds. */
export function createBilling({ db, clock }: { db: Kysely<Tables>; clock: Clock }): Billing {
  const chargesOf = (customerId: string) =>
    db.selectFrom('shop_charges').selectAll().where('customer_id', '=', customerId)
  return {
    async charges(customerId, limit) {
      const rows = await chargesOf(customerId).orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(chargeOf)
    },

    async charge(customerId, id) {
      const row = await chargesOf(customerId).where('id', '=', id).executeTakeFirst()
      return row ? chargeOf(row) : null
    },

    async invoices(customerId, limit) {
      const rows = await db
        .selectFrom('shop_invoices')
        .selectAll()
        .where('customer_id', '=', customerId)
        .orderBy('issued_on', 'desc')
        .orderBy('number', 'desc')
        .limit(limit)
        .execute()
      return rows.map(({ number, issued_on, total, status, charge_id }) => ({
        number,
        issuedOn: issued_on,
        total: euros(total),
        status,
        url: `https://larkfield.example/account/invoices/${number}.pdf`,
        chargeId: charge_id,
      }))
    },

    async subscriptions(customerId) {
      const rows = await db
        .selectFrom('shop_subscriptions')
        .selectAll()
        .where('customer_id', '=', customerId)
        .orderBy('id')
        .execute()
      return rows.map(({ id, plan, price, period, status, paid_until }) => ({
        id,
        plan,
        price: euros(price),
        period,
        status,
        paidUntil: paid_until,
      }))
    },

    refund: (customerId, { chargeId, amount, reason, key }) =>
      db.transaction().execute(async (trx) => {
        const charge = await lockCharge(trx, customerId, chargeId)
        if (!charge) throw new Refusal('billing.charge_not_found', `There is no charge ${chargeId}.`)
        const before = await refundOf(trx, key)
        if (before) return before
        await checkRefund(trx, charge, amount)
        return refund(trx, charge, { cents: amount.minor, reason, key, now: clock.now() })
      }),

    cancelSubscription: (customerId, subscriptionId, key) =>
      db.transaction().execute(async (trx) => {
        const subscription = await trx
          .updateTable('shop_subscriptions')
          .set((eb) => ({ id: eb.ref('id') }))
          .where('id', '=', subscriptionId)
          .where('customer_id', '=', customerId)
          .returningAll()
          .executeTakeFirst()
        if (!subscription)
          throw new Refusal('billing.subscription_not_found', `There is no subscription ${subscriptionId}.`)
        const before = await subscriptionCancellationOf(trx, key)
        if (before) return before
        const { id, plan, paid_until } = subscription
        if (subscription.status === 'cancelled')
          throw new Refusal('billing.already_cancelled', `${plan} is cancelled already and ends on ${paid_until}.`)
        await trx
          .updateTable('shop_subscriptions')
          .set({ status: 'cancelled', cancel_key: key })
          .where('id', '=', id)
          .execute()
        return { subscriptionId: id, plan, endsOn: paid_until }
      }),

    settled: async (key) => (await refundOf(db, key)) ?? (await subscriptionCancellationOf(db, key)),
  }
}

function chargeOf(row: ChargeRow): Charge {
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    description: row.description,
    amount: euros(row.amount),
    refunded: euros(row.refunded),
    status: row.status,
    method: row.method,
    orderNumber: row.order_number,
    subscriptionId: row.subscription_id,
  }
}

/** The order first, as everybody does who changes something about it. */
async function lockCharge(
  trx: Transaction<Tables>,
  customerId: string,
  chargeId: string,
): Promise<ChargeRow | undefined> {
  const charge = await trx
    .selectFrom('shop_charges')
    .select('order_number')
    .where('id', '=', chargeId)
    .where('customer_id', '=', customerId)
    .executeTakeFirst()
  if (charge?.order_number) await lockOrder(trx, customerId, charge.order_number)
  return trx
    .updateTable('shop_charges')
    .set((eb) => ({ id: eb.ref('id') }))
    .where('id', '=', chargeId)
    .where('customer_id', '=', customerId)
    .returningAll()
    .executeTakeFirst()
}

/** @throws {Refusal} */
async function checkRefund(trx: Transaction<Tables>, charge: ChargeRow, amount: Money): Promise<void> {
  if (charge.status !== 'paid')
    throw new Refusal('billing.not_paid', `${charge.description} was not paid, so there is nothing to refund.`)
  if (amount.currency !== 'EUR' || !Number.isInteger(amount.minor) || amount.minor < 1)
    throw new Refusal('billing.bad_amount', 'A refund is an amount of at least one cent in EUR.')
  const left = charge.amount - charge.refunded
  if (amount.minor > left)
    throw new Refusal('billing.over_remainder', `Of ${charge.description}, ${inWords(left)} can still be refunded.`)
  if (charge.order_number === null) return
  const { refundable } = await promisedForReturns(trx, charge.order_number)
  if (amount.minor > refundable)
    throw new Refusal(
      'billing.over_remainder',
      `Part of order ${charge.order_number} is refunded when its return arrives; ${inWords(Math.max(refundable, 0))} can be refunded besides.`,
    )
}

async function refund(
  trx: Transaction<Tables>,
  charge: ChargeRow,
  { cents, reason, key, now }: { cents: number; reason: string; key: string; now: number },
): Promise<Refund> {
  const row = {
    id: `re_${await nextNumber(trx, 'refund')}`,
    request_key: key,
    charge_id: charge.id,
    at: now,
    amount: cents,
    reason,
    expected_by: addBusinessDays(dayOf(now), REFUND_BUSINESS_DAYS),
  }
  await trx.insertInto('shop_refunds').values(row).execute()
  await trx
    .updateTable('shop_charges')
    .set({ refunded: charge.refunded + cents })
    .where('id', '=', charge.id)
    .execute()
  return {
    id: row.id,
    chargeId: charge.id,
    amount: euros(cents),
    method: charge.method,
    expectedBy: row.expected_by,
  }
}

async function refundOf(db: Kysely<Tables>, key: string): Promise<Refund | null> {
  const row = await db
    .selectFrom('shop_refunds as refund')
    .innerJoin('shop_charges as charge', 'charge.id', 'refund.charge_id')
    .select(['refund.id', 'refund.charge_id', 'refund.amount', 'refund.expected_by', 'charge.method'])
    .where('refund.request_key', '=', key)
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    chargeId: row.charge_id,
    amount: euros(row.amount),
    method: row.method,
    expectedBy: row.expected_by,
  }
}

async function subscriptionCancellationOf(db: Kysely<Tables>, key: string): Promise<SubscriptionCancellation | null> {
  const row = await db
    .selectFrom('shop_subscriptions')
    .select(['id', 'plan', 'paid_until'])
    .where('cancel_key', '=', key)
    .executeTakeFirst()
  return row ? { subscriptionId: row.id, plan: row.plan, endsOn: row.paid_until } : null
}
