import type { Kysely, Selectable, Transaction } from 'kysely'
import {
  type Eligibility,
  type Exchange,
  Refusal,
  type ReturnAuthorization,
  type ReturnReason,
  type Returns,
} from '../../../graphs/systems.ts'
import type { ShopTables } from '../../database/shop.ts'
import type { Tables } from '../../database/tables.ts'
import { nextNumber } from './counters.ts'
import { addDays, dayOf } from './days.ts'
import { euros } from './euros.ts'
import { lockOrder } from './orders.ts'
import { promisedForReturns } from './promised.ts'
import { isOurFault, judgeReturn, LABEL_FEE, SEND_WITHIN_DAYS, STANDARD_DELIVERY } from './return-policy.ts'

/** Exchanges are made within the EU only. */
const NO_EXCHANGE = new Set(['GB', 'CH', 'NO'])

/** One item of one customer's order, and how many of it are still with the customer. */
interface BoughtItem {
  order: Selectable<ShopTables['shop_orders']>
  country: string
  sku: string
  product: string
  title: string
  personalised: number
  price: number
  ordered: number
  left: number
}

/** The shop's returns and exchanges. */
export function createReturns({ db }: { db: Kysely<Tables> }): Returns {
  return {
    async eligibility(customerId, { orderNumber, sku, reason, on }) {
      const item = await boughtItem(db, customerId, orderNumber, sku)
      return item ? judge(item, reason, on) : null
    },

    create: (customerId, request) =>
      db.transaction().execute(async (trx) => {
        const { orderNumber, sku, quantity, key } = request
        if (!(await lockOrder(trx, customerId, orderNumber))) throw notFound(orderNumber, sku)
        const before = await returnOf(trx, key)
        if (before) return before
        const item = await returnable(trx, customerId, request)
        if (!Number.isInteger(quantity) || quantity < 1 || quantity > item.ordered)
          throw new Refusal('returns.not_eligible', `Order ${orderNumber} has ${item.ordered} of ${item.title}.`)
        if (quantity > item.left)
          throw new Refusal('returns.already_returned', `${item.left} of ${item.title} can still be returned.`)
        const { total, delivery } = await refundFor(trx, item, quantity, request.reason)
        const row = {
          rma: `RMA-${await nextNumber(trx, 'rma')}`,
          request_key: key,
          order_number: orderNumber,
          sku,
          quantity,
          reason: request.reason,
          registered_on: request.on,
          send_by: addDays(request.on, SEND_WITHIN_DAYS),
          refund: total,
          delivery_refund: delivery,
          refund_id: null,
        }
        await trx.insertInto('shop_returns').values(row).execute()
        return authorization(row)
      }),

    async variants(sku) {
      const rows = await db
        .selectFrom('shop_variants')
        .select(['sku', 'variant', 'stock'])
        .where('product', '=', (eb) => eb.selectFrom('shop_variants').select('product').where('sku', '=', sku))
        .where('sku', '!=', sku)
        .orderBy('sku')
        .execute()
      return rows.map(({ stock, ...row }) => ({ ...row, inStock: stock }))
    },

    exchange: (customerId, request) =>
      db.transaction().execute(async (trx) => {
        const { orderNumber, sku } = request
        if (!(await lockOrder(trx, customerId, orderNumber))) throw notFound(orderNumber, sku)
        const before = await exchangeOf(trx, request.key)
        if (before) return before
        const item = await returnable(trx, customerId, request)
        const variant = await reserveVariant(trx, item, request.newSku)
        const row = {
          rma: `RMA-${await nextNumber(trx, 'rma')}`,
          request_key: request.key,
          order_number: orderNumber,
          sku,
          new_sku: request.newSku,
          reason: request.reason,
          registered_on: request.on,
          send_by: addDays(request.on, SEND_WITHIN_DAYS),
        }
        await trx.insertInto('shop_exchanges').values(row).execute()
        return exchange({ ...row, variant })
      }),

    settled: async (key) => (await returnOf(db, key)) ?? (await exchangeOf(db, key)),
  }
}

async function boughtItem(
  db: Kysely<Tables>,
  customerId: string,
  orderNumber: string,
  sku: string,
): Promise<BoughtItem | null> {
  const order = await db
    .selectFrom('shop_orders')
    .selectAll()
    .where('number', '=', orderNumber)
    .where('customer_id', '=', customerId)
    .executeTakeFirst()
  const item = await db
    .selectFrom('shop_order_items as item')
    .innerJoin('shop_variants as variant', 'variant.sku', 'item.sku')
    .select(['item.quantity', 'item.price', 'variant.product', 'variant.title', 'variant.personalised'])
    .where('item.order_number', '=', orderNumber)
    .where('item.sku', '=', sku)
    .executeTakeFirst()
  if (!order || !item) return null
  const { country } = await db
    .selectFrom('shop_customers')
    .select('country')
    .where('id', '=', customerId)
    .executeTakeFirstOrThrow()
  const gone = await piecesGone(db, orderNumber, sku)
  const { quantity, ...rest } = item
  return { order, country, sku, ...rest, ordered: quantity, left: quantity - gone }
}

async function piecesGone(db: Kysely<Tables>, orderNumber: string, sku?: string): Promise<number> {
  let returned = db.selectFrom('shop_returns').select('quantity').where('order_number', '=', orderNumber)
  let exchanged = db.selectFrom('shop_exchanges').select('rma').where('order_number', '=', orderNumber)
  if (sku !== undefined) {
    returned = returned.where('sku', '=', sku)
    exchanged = exchanged.where('sku', '=', sku)
  }
  const quantities = await returned.execute()
  return quantities.reduce((sum, { quantity }) => sum + quantity, (await exchanged.execute()).length)
}

function judge(item: BoughtItem, reason: ReturnReason, on: string): Eligibility {
  const { order, left, title, personalised } = item
  const never = (why: string) => ({ eligible: false, until: null, why })
  if (order.status === 'cancelled') return never(`Order ${order.number} was cancelled.`)
  if (order.delivered_on === null) return never(`${title} has not been delivered yet.`)
  if (left === 0) return never(`${title} of order ${order.number} is already registered for a return or an exchange.`)
  const { delivered_on: deliveredOn, plus } = order
  const orderedOn = dayOf(order.placed_at)
  return judgeReturn({ orderedOn, deliveredOn, plus: plus === 1, personalised: personalised === 1, reason, on })
}

/** @throws {Refusal} unless the customer has the item and it may go back */
async function returnable(
  trx: Transaction<Tables>,
  customerId: string,
  { orderNumber, sku, reason, on }: { orderNumber: string; sku: string; reason: ReturnReason; on: string },
): Promise<BoughtItem> {
  const item = await boughtItem(trx, customerId, orderNumber, sku)
  if (!item) throw notFound(orderNumber, sku)
  const { eligible, why } = judge(item, reason, on)
  if (!eligible) throw new Refusal(item.left === 0 ? 'returns.already_returned' : 'returns.not_eligible', why)
  return item
}

function notFound(orderNumber: string, sku: string): Refusal {
  return new Refusal('returns.item_not_found', `There is no ${sku} in an order ${orderNumber}.`)
}

async function refundFor(
  trx: Transaction<Tables>,
  item: BoughtItem,
  quantity: number,
  reason: ReturnReason,
): Promise<{ total: number; delivery: number }> {
  const { order, price } = item
  const { refundable, deliveryRefunded } = await promisedForReturns(trx, order.number)
  const { pieces } = await trx
    .selectFrom('shop_order_items')
    .select((eb) => eb.fn.sum<number>('quantity').as('pieces'))
    .where('order_number', '=', order.number)
    .executeTakeFirstOrThrow()
  const whole = (await piecesGone(trx, order.number)) + quantity === Number(pieces)
  const delivery =
    (whole || reason === 'damaged') && deliveryRefunded === 0 ? Math.min(order.delivery_fee, STANDARD_DELIVERY) : 0
  const goods = price * quantity - (isOurFault(reason) ? 0 : LABEL_FEE)
  return { total: Math.max(0, Math.min(goods + delivery, refundable)), delivery }
}

/** Takes the new piece out of stock. @returns what it is called @throws {Refusal} */
async function reserveVariant(trx: Transaction<Tables>, item: BoughtItem, newSku: string): Promise<string> {
  const refuse = (why: string) => new Refusal('returns.not_eligible', why)
  if (NO_EXCHANGE.has(item.country))
    throw refuse('Exchanges are possible within the EU only. Please return the item and order the other one.')
  const wanted = await trx.selectFrom('shop_variants').selectAll().where('sku', '=', newSku).executeTakeFirst()
  if (wanted?.product !== item.product || newSku === item.sku || wanted.price !== item.price)
    throw refuse(`${item.title} can be exchanged for another size or colour of the same product at the same price.`)
  const { numUpdatedRows } = await trx
    .updateTable('shop_variants')
    .set((eb) => ({ stock: eb('stock', '-', 1) }))
    .where('sku', '=', newSku)
    .where('stock', '>=', 1)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n)
    throw new Refusal('returns.out_of_stock', `${wanted.title}, ${wanted.variant}, is not in stock at the moment.`)
  return wanted.variant
}

async function returnOf(db: Kysely<Tables>, key: string): Promise<ReturnAuthorization | null> {
  const row = await db.selectFrom('shop_returns').selectAll().where('request_key', '=', key).executeTakeFirst()
  return row ? authorization(row) : null
}

async function exchangeOf(db: Kysely<Tables>, key: string): Promise<Exchange | null> {
  const row = await db
    .selectFrom('shop_exchanges as exchange')
    .innerJoin('shop_variants as variant', 'variant.sku', 'exchange.new_sku')
    .selectAll('exchange')
    .select('variant.variant')
    .where('exchange.request_key', '=', key)
    .executeTakeFirst()
  return row ? exchange(row) : null
}

function authorization(row: Omit<ShopTables['shop_returns'], 'refund_id'>): ReturnAuthorization {
  return {
    rma: row.rma,
    orderNumber: row.order_number,
    sku: row.sku,
    quantity: row.quantity,
    labelUrl: labelUrl(row.rma),
    sendBy: row.send_by,
    refund: euros(row.refund),
  }
}

function exchange(row: ShopTables['shop_exchanges'] & { variant: string }): Exchange {
  return {
    rma: row.rma,
    orderNumber: row.order_number,
    sku: row.sku,
    newSku: row.new_sku,
    newVariant: row.variant,
    labelUrl: labelUrl(row.rma),
    sendBy: row.send_by,
  }
}

function labelUrl(rma: string): string {
  return `https://larkfield.example/account/returns/${rma}/label`
}
