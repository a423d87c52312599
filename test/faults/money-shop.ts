import type { App } from '../../src/app.ts'
import { addDays, dayOf } from '../../src/systems/demo-shop/days.ts'
import { groupsOf } from './groups.ts'
import { refundText, returnText } from './money.ts'

/** A customer of the shop, with a message for everything that they may ask for. */
export interface Wishes {
  customerId: string
  texts: string[]
}

/** For every customer: a part of each charge, and the items that may still go back; in an order that `random` decides. */
export async function wishesIn({ db }: Pick<App, 'db'>, random: () => number): Promise<Wishes[]> {
  const items = await db
    .selectFrom('shop_order_items as item')
    .innerJoin('shop_orders as order', 'order.number', 'item.order_number')
    .innerJoin('shop_variants as variant', 'variant.sku', 'item.sku')
    .select(['order.number', 'order.customer_id', 'item.sku'])
    .where('order.delivered_on', '>', addDays(dayOf(Date.now()), -25))
    .where('variant.personalised', '=', 0)
    .orderBy('order.number')
    .orderBy('item.sku')
    .execute()
  const returned = new Set(items.map(({ number }) => number))
  const charges = await db
    .selectFrom('shop_charges')
    .select(['id', 'customer_id', 'amount', 'order_number'])
    .where('status', '=', 'paid')
    .where('amount', '>=', 300)
    .where('refunded', '=', 0)
    .orderBy('id')
    .execute()
  const wishes = [
    ...items.map(({ customer_id, number, sku }) => ({ customer_id, text: returnText(number, sku) })),
    ...charges
      // What goes back with a parcel is not there for a refund: an agreed refund might be one too many.
      .filter(({ order_number }) => order_number === null || !returned.has(order_number))
      .map(({ customer_id, id, amount }) => ({ customer_id, text: refundText(id, partOf(amount, random)) })),
  ]
  const groups = [...groupsOf(wishes, ({ customer_id }) => customer_id)]
  return shuffled(groups, random).map(([customerId, own]) => ({
    customerId,
    texts: shuffled(own, random).map(({ text }) => text),
  }))
}

/** A part each time, so that the shop itself would not notice a second one; the dear ones need people. */
function partOf(amount: number, random: () => number): number {
  const part = Math.floor(amount * 0.4)
  return Math.max(100, amount < 12_600 || random() < 0.1 ? Math.min(part, 500) : part)
}

function shuffled<T>(things: T[], random: () => number): T[] {
  return things
    .map((thing) => ({ thing, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ thing }) => thing)
}
