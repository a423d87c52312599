import type { Transaction } from 'kysely'
import type { ShopTables } from '../../database/shop.ts'
import type { Tables } from '../../database/tables.ts'
import { productOf } from './catalogue.ts'
import { dayOf } from './days.ts'

/** Every table, in an order in which rows can be put in; the other way round they can be taken out. */
const TABLES = [
  'shop_counters',
  'shop_customers',
  'shop_variants',
  'shop_orders',
  'shop_order_items',
  'shop_order_cancellations',
  'shop_subscriptions',
  'shop_charges',
  'shop_refunds',
  'shop_invoices',
  'shop_returns',
  'shop_exchanges',
  'shop_devices',
  'shop_device_resets',
  'shop_outages',
  'shop_tickets',
] as const satisfies (keyof ShopTables)[]

/** Both databases take more parameters than this in one statement. */
const PARAMETERS = 20_000
const FREE_DELIVERY_FROM = 5_000
const STANDARD_FEE = 490
const EXPRESS_FEE = 990

type Rows = { [Table in keyof ShopTables]: ShopTables[Table][] }
type Charge = ShopTables['shop_charges']

/** An order with what belongs to it: items, delivery fee, charge. */
export interface SeedOrder {
  number: string
  customerId: string
  placedAt: number
  status: ShopTables['shop_orders']['status']
  /** Day; null until then. */
  deliveredOn: string | null
  /** SKU to pieces. */
  items: Record<string, number>
  method: string
  chargeId: string
  plus?: boolean
  express?: boolean
}

interface SeedSubscriptionCharge {
  id: string
  subscription: Pick<ShopTables['shop_subscriptions'], 'id' | 'customer_id' | 'plan' | 'price' | 'period'>
  at: number
  method: string
}

/** Collects the shop's rows, and puts them in many at a time. */
export function createSeedRows() {
  const rows = Object.fromEntries(TABLES.map((table) => [table, []])) as unknown as Rows
  return {
    rows,

    addOrder(order: SeedOrder): Charge {
      const items = Object.entries(order.items).map(([sku, quantity]) => ({
        order_number: order.number,
        sku,
        quantity,
        price: productOf(sku).price,
      }))
      const goods = items.reduce((sum, { quantity, price }) => sum + quantity * price, 0)
      const fee = deliveryFee(goods, order)
      const sent = order.status === 'shipped' || order.status === 'delivered'
      rows.shop_orders.push({
        number: order.number,
        customer_id: order.customerId,
        placed_at: order.placedAt,
        status: order.status,
        delivered_on: order.deliveredOn,
        delivery_fee: fee,
        carrier: sent ? 'DHL' : null,
        tracking_number: sent ? `JJD0${order.number.slice(3)}${goods}` : null,
        plus: order.plus ? 1 : 0,
      })
      rows.shop_order_items.push(...items)
      const charge: Charge = {
        id: order.chargeId,
        customer_id: order.customerId,
        at: order.placedAt,
        description: `Order ${order.number}`,
        amount: goods + fee,
        refunded: 0,
        // Cards are charged when the parcel leaves, PayPal with the order.
        status: sent || order.method.startsWith('PayPal') ? 'paid' : 'pending',
        method: order.method,
        order_number: order.number,
        subscription_id: null,
      }
      if (order.status === 'cancelled') charge.status = 'failed'
      rows.shop_charges.push(charge)
      return charge
    },

    /** One payment of a subscription, for the month or the year that begins then. */
    addSubscriptionCharge({ id, subscription, at, method }: SeedSubscriptionCharge): void {
      const period =
        subscription.period === 'year'
          ? `year from ${dayOf(at)}`
          : new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }).format(at)
      rows.shop_charges.push({
        id,
        customer_id: subscription.customer_id,
        at,
        description: `${subscription.plan}, ${period}`,
        amount: subscription.price,
        refunded: 0,
        status: 'paid',
        method,
        order_number: null,
        subscription_id: subscription.id,
      })
    },

    addDevice(
      device: Pick<ShopTables['shop_devices'], 'id' | 'customer_id' | 'serial'> & {
        sku: string
        outdated?: boolean
        online?: boolean
        fault?: ShopTables['shop_devices']['fault']
        faultSince?: number
      },
    ): void {
      const { title, device: made } = productOf(device.sku)
      if (!made) throw new RangeError(`${title} is no device`)
      rows.shop_devices.push({
        id: device.id,
        customer_id: device.customer_id,
        model: title,
        kind: made.kind,
        serial: device.serial,
        firmware: device.outdated ? made.before : made.firmware,
        latest_firmware: made.firmware,
        online: (device.online ?? true) ? 1 : 0,
        fault: device.fault ?? 'none',
        fault_since: device.faultSince ?? null,
      })
    },

    /** Gives every charge that was not let go its invoice, numbered by date, and writes everything down. */
    async insert(trx: Transaction<Tables>): Promise<void> {
      rows.shop_invoices.push(...invoicesOf(rows.shop_charges))
      for (const table of TABLES) await insertAll(trx, table, rows[table])
    },
  }
}

export type SeedRows = ReturnType<typeof createSeedRows>

/** Empties the shop. */
export async function deleteAll(trx: Transaction<Tables>): Promise<void> {
  for (const table of TABLES.toReversed()) await trx.deleteFrom(table).execute()
}

function deliveryFee(goods: number, { plus, express }: SeedOrder): number {
  if (express) return plus ? 0 : EXPRESS_FEE
  return goods >= FREE_DELIVERY_FROM ? 0 : STANDARD_FEE
}

function invoicesOf(charges: Charge[]): ShopTables['shop_invoices'][] {
  const given = new Map<string, number>()
  return charges
    .filter(({ status }) => status === 'paid')
    .toSorted((a, b) => a.at - b.at)
    .map(({ customer_id, at, amount, id }) => {
      const issued_on = dayOf(at)
      const year = issued_on.slice(0, 4)
      const n = (given.get(year) ?? 1_000) + 1
      given.set(year, n)
      return {
        number: `LF-${year}-${String(n).padStart(6, '0')}`,
        customer_id,
        issued_on,
        total: amount,
        status: 'paid',
        charge_id: id,
      }
    })
}

async function insertAll<Table extends keyof ShopTables>(
  trx: Transaction<Tables>,
  table: Table,
  rows: ShopTables[Table][],
): Promise<void> {
  const [first] = rows
  if (!first) return
  const batch = Math.floor(PARAMETERS / Object.keys(first).length)
  for (let at = 0; at < rows.length; at += batch)
    await trx
      .insertInto(table)
      .values(rows.slice(at, at + batch) as never)
      .execute()
}
