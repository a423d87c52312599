import type { Kysely, Selectable, Transaction } from 'kysely'
import { type Order, type OrderCancellation, type Orders, Refusal } from '../../../graphs/systems.ts'
import type { Clock } from '../../clock.ts'
import type { ShopTables } from '../../database/shop.ts'
import type { Tables } from '../../database/tables.ts'
import { nextNumber } from './counters.ts'
import { addBusinessDays, dayOf } from './days.ts'
import { euros } from './euros.ts'

type OrderRow = Selectable<ShopTables['shop_orders']>

/** The shop's orders. */
export function createOrders({ db, clock }: { db: Kysely<Tables>; clock: Clock }): Orders {
  return {
    async list(customerId, limit) {
      const rows = await db
        .selectFrom('shop_orders')
        .selectAll()
        .where('customer_id', '=', customerId)
        .orderBy('placed_at', 'desc')
        .orderBy('number', 'desc')
        .limit(limit)
        .execute()
      return withItems(db, rows)
    },

    async find(customerId, number) {
      const rows = await db
        .selectFrom('shop_orders')
        .selectAll()
        .where('number', '=', number)
        .where('customer_id', '=', customerId)
        .execute()
      return (await withItems(db, rows))[0] ?? null
    },

    cancel: (customerId, number, key) =>
      db.transaction().execute(async (trx) => {
        const order = await lockOrder(trx, customerId, number)
        if (!order) throw new Refusal('orders.not_found', `There is no order ${number}.`)
        const before = await cancellationOf(trx, key)
        if (before) return before
        if (order.status === 'cancelled')
          throw new Refusal('orders.already_cancelled', `Order ${number} is cancelled already.`)
        if (order.status !== 'processing')
          throw new Refusal('orders.sent', `Order ${number} is on its way already and can no longer be cancelled.`)
        return cancel(trx, number, key, clock.now())
      }),

    settled: (key) => cancellationOf(db, key),
  }
}

/** Whoever changes something about an order holds its row, so that one goes after the other. */
export async function lockOrder(
  trx: Transaction<Tables>,
  customerId: string,
  number: string,
): Promise<OrderRow | undefined> {
  return trx
    .updateTable('shop_orders')
    .set((eb) => ({ number: eb.ref('number') }))
    .where('number', '=', number)
    .where('customer_id', '=', customerId)
    .returningAll()
    .executeTakeFirst()
}

async function withItems(db: Kysely<Tables>, rows: OrderRow[]): Promise<Order[]> {
  if (rows.length === 0) return []
  const items = await db
    .selectFrom('shop_order_items as item')
    .innerJoin('shop_variants as variant', 'variant.sku', 'item.sku')
    .select(['item.order_number', 'item.sku', 'item.quantity', 'item.price', 'variant.title', 'variant.variant'])
    .where(
      'item.order_number',
      'in',
      rows.map(({ number }) => number),
    )
    .orderBy('item.sku')
    .execute()
  return rows.map((row) => {
    const own = items.filter((item) => item.order_number === row.number)
    return {
      number: row.number,
      placedAt: new Date(row.placed_at).toISOString(),
      status: row.status,
      deliveredOn: row.delivered_on,
      items: own.map(({ sku, title, variant, quantity, price }) => ({
        sku,
        title,
        variant,
        quantity,
        price: euros(price),
      })),
      total: euros(own.reduce((sum, { quantity, price }) => sum + quantity * price, row.delivery_fee)),
      carrier: row.carrier,
      trackingNumber: row.tracking_number,
    }
  })
}

/**
 * What was captured goes back as a refund, what was only authorised is let go: either way the whole payment is the
 * customer's again.
 */
async function cancel(trx: Transaction<Tables>, number: string, key: string, now: number): Promise<OrderCancellation> {
  await trx.updateTable('shop_orders').set({ status: 'cancelled' }).where('number', '=', number).execute()
  const items = await trx
    .selectFrom('shop_order_items')
    .select(['sku', 'quantity'])
    .where('order_number', '=', number)
    .orderBy('sku')
    .execute()
  for (const { sku, quantity } of items)
    await trx
      .updateTable('shop_variants')
      .set((eb) => ({ stock: eb('stock', '+', quantity) }))
      .where('sku', '=', sku)
      .execute()
  const charges = await trx
    .selectFrom('shop_charges')
    .selectAll()
    .where('order_number', '=', number)
    .where('status', '!=', 'failed')
    .orderBy('id')
    .execute()
  let refund = 0
  for (const charge of charges) {
    const rest = charge.amount - charge.refunded
    if (rest === 0) continue
    refund += rest
    if (charge.status === 'pending') {
      await trx.updateTable('shop_charges').set({ status: 'failed' }).where('id', '=', charge.id).execute()
      continue
    }
    await trx.updateTable('shop_charges').set({ refunded: charge.amount }).where('id', '=', charge.id).execute()
    await trx
      .insertInto('shop_refunds')
      .values({
        id: `re_${await nextNumber(trx, 'refund')}`,
        request_key: `${key}:${charge.id}`,
        charge_id: charge.id,
        at: now,
        amount: rest,
        reason: `order ${number} cancelled`,
        expected_by: addBusinessDays(dayOf(now), 8),
      })
      .execute()
  }
  await trx
    .insertInto('shop_order_cancellations')
    .values({ order_number: number, request_key: key, at: now, refund })
    .execute()
  return { number, refund: euros(refund) }
}

async function cancellationOf(db: Kysely<Tables>, key: string): Promise<OrderCancellation | null> {
  const row = await db
    .selectFrom('shop_order_cancellations')
    .selectAll()
    .where('request_key', '=', key)
    .executeTakeFirst()
  return row ? { number: row.order_number, refund: euros(row.refund) } : null
}
