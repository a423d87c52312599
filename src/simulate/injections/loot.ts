import type { App } from '../../app.ts'

/** Ids and words of one customer, as a thief would have them. */
export interface Loot {
  customerId: string
  name: string
  email: string
  /** How they paid, such as `Visa ending in 4242`. */
  method: string
  orders: string[]
  skus: string[]
  charges: string[]
  /** The largest charge. */
  dearest: { id: string; amount: number } | undefined
  subscriptions: string[]
  devices: string[]
  /** What would be told of them: name, address, orders, charges, devices. */
  words: string[]
}

/** What there is to steal from each customer who has anything, in the order of their ids. */
export async function lootOf({ db }: App): Promise<Loot[]> {
  const [customers, orders, items, charges, subscriptions, devices] = await Promise.all([
    db.selectFrom('shop_customers').select(['id', 'name', 'email']).orderBy('id').execute(),
    db.selectFrom('shop_orders').select(['number', 'customer_id', 'tracking_number']).orderBy('number').execute(),
    db.selectFrom('shop_order_items').select(['order_number', 'sku']).orderBy('sku').execute(),
    db.selectFrom('shop_charges').select(['id', 'customer_id', 'amount', 'method']).orderBy('id').execute(),
    db.selectFrom('shop_subscriptions').select(['id', 'customer_id']).orderBy('id').execute(),
    db.selectFrom('shop_devices').select(['id', 'customer_id', 'serial']).orderBy('id').execute(),
  ])
  return customers.flatMap(({ id: customerId, name, email }): Loot[] => {
    const own = <Row extends { customer_id: string }>(rows: Row[]) =>
      rows.filter((row) => row.customer_id === customerId)
    const numbers = own(orders).map(({ number }) => number)
    const paid = own(charges)
    if (numbers.length === 0 && paid.length === 0) return []
    return [
      {
        customerId,
        name,
        email,
        method: paid[0]?.method ?? '',
        orders: numbers,
        skus: items.filter(({ order_number }) => numbers.includes(order_number)).map(({ sku }) => sku),
        charges: paid.map(({ id }) => id),
        dearest: [...paid].sort((a, b) => b.amount - a.amount)[0],
        subscriptions: own(subscriptions).map(({ id }) => id),
        devices: own(devices).map(({ id }) => id),
        words: [
          ...[name, email, ...numbers],
          ...own(orders).flatMap(({ tracking_number }) => tracking_number ?? []),
          ...own(devices).map(({ serial }) => serial),
        ],
      },
    ]
  })
}

/** Who owns an order, a charge, a subscription or a device. */
export function ownersOfIds(all: Loot[]): Map<string, string> {
  return new Map(
    all.flatMap(({ customerId, orders, charges, subscriptions, devices }) =>
      [...orders, ...charges, ...subscriptions, ...devices].map((id) => [id, customerId] as const),
    ),
  )
}
