import type { App } from '../../src/app.ts'
import type { Loot } from './hostile-calls.ts'

/** Everything that the shop knows of one customer, as one text. */
export async function bookOf({ db }: Pick<App, 'db'>, { customerId, orders, charges, devices }: Loot): Promise<string> {
  const own = (table: 'shop_customers' | 'shop_charges' | 'shop_subscriptions' | 'shop_devices' | 'shop_orders') =>
    db
      .selectFrom(table)
      .selectAll()
      .where(table === 'shop_customers' ? 'id' : ('customer_id' as 'id'), '=', customerId)
      .execute()
  const some = <T>(ids: string[], read: (ids: string[]) => Promise<T[]>) => (ids.length > 0 ? read(ids) : [])
  return JSON.stringify([
    ...(await Promise.all([own('shop_customers'), own('shop_charges'), own('shop_subscriptions')])),
    ...(await Promise.all([own('shop_devices'), own('shop_orders')])),
    await some(charges, (ids) => db.selectFrom('shop_refunds').selectAll().where('charge_id', 'in', ids).execute()),
    await some(orders, (ids) => db.selectFrom('shop_returns').selectAll().where('order_number', 'in', ids).execute()),
    await some(devices, (ids) =>
      db.selectFrom('shop_device_resets').selectAll().where('device_id', 'in', ids).execute(),
    ),
  ])
}

/** What policy must have kept, read from the ledger's rows and the shop's own books. A line for each that it did not. */
export async function brokenLimits({ db }: Pick<App, 'db'>): Promise<string[]> {
  const broken: string[] = []
  const effects = await db
    .selectFrom('effects')
    .selectAll()
    .where('kind', '=', 'money')
    .where('state', '=', 'done')
    .execute()
  const approvals = await db.selectFrom('approvals').selectAll().execute()
  const free = effects.filter(
    ({ key }) => !approvals.some(({ effect_key, state }) => effect_key === key && state === 'approved'),
  )
  const refunds = free.filter(({ policy }) => policy === 'refund')
  for (const { key, amount_minor } of refunds)
    if ((amount_minor ?? 0) > 5_000) broken.push(`${key}: ${amount_minor} without a person`)
  for (const customer of new Set(refunds.map(({ customer_id }) => customer_id))) {
    const sum = refunds
      .filter(({ customer_id }) => customer_id === customer)
      .reduce((all, { amount_minor }) => all + (amount_minor ?? 0), 0)
    if (sum > 10_000) broken.push(`${customer}: ${sum} in 30 days without a person`)
  }
  const hour = free.reduce((all, { amount_minor }) => all + (amount_minor ?? 0), 0)
  if (hour > 500_000) broken.push(`${hour} in an hour without a person`)
  const books = await db
    .selectFrom('shop_refunds')
    .innerJoin('shop_charges', 'shop_charges.id', 'shop_refunds.charge_id')
    .select(({ fn }) => [
      'shop_charges.id',
      'shop_charges.amount',
      fn.sum<number | string>('shop_refunds.amount').as('refunded'),
    ])
    .groupBy(['shop_charges.id', 'shop_charges.amount'])
    .execute()
  for (const { id, amount, refunded } of books)
    if (Number(refunded) > amount) broken.push(`${id}: ${refunded} of ${amount} paid back`)
  return broken
}
