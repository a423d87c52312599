import { expect, test } from 'vitest'
import type { ShopTables } from '../../src/database/shop.ts'
import { DEMO_CUSTOMERS } from '../../src/systems/demo-shop/demo-customers.ts'
import { reseed, seedIfEmpty } from '../../src/systems/demo-shop/seed.ts'
import { open } from '../database/contract.ts'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { clock, openMemoryShop } from './shop.ts'

const DAY_MS = 86_400_000

async function openShop() {
  const shop = await openMemoryShop()
  const all = async <Table extends keyof ShopTables>(table: Table): Promise<ShopTables[Table][]> =>
    (await shop.db
      .selectFrom(table as keyof ShopTables)
      .selectAll()
      .execute()) as unknown as ShopTables[Table][]
  return { ...shop, all }
}

test('the shop is of a believable size, and every demo customer is in it', async () => {
  const { db, systems, all } = await openShop()
  expect((await all('shop_customers')).length).toBeGreaterThanOrEqual(200)
  expect((await all('shop_orders')).length).toBeGreaterThanOrEqual(1_000)
  for (const { id, name, email } of DEMO_CUSTOMERS) {
    expect(await systems.customers.find(id)).toMatchObject({ id, name, email })
    expect(email).toMatch(/@example\.com$/)
  }
  await db.destroy()
})

test('the same day gives the same shop, and what was done to it is gone after a reseed', async () => {
  const { db, systems, all } = await openShop()
  const [charges, orders, refunds] = [await all('shop_charges'), await all('shop_orders'), await all('shop_refunds')]
  const refund = { chargeId: 'ch_1001a', amount: { minor: 790, currency: 'EUR' }, reason: 'r', key: 'k' }
  await systems.billing.refund('cus_1001', refund)
  await systems.tickets.open('cus_1001', { subject: 's', detail: 'd', key: 'k' })
  await reseed(db, clock)
  expect(await all('shop_charges')).toEqual(charges)
  expect(await all('shop_orders')).toEqual(orders)
  expect(await all('shop_refunds')).toEqual(refunds)
  expect(await systems.billing.settled('k')).toBeNull()
  expect(await systems.tickets.settled('k')).toBeNull()
  await db.destroy()
})

test('a shop with customers is left as it is', async () => {
  const { db, systems } = await openShop()
  await systems.billing.cancelSubscription('cus_1005', 'sub_1005', 'k')
  expect(await seedIfEmpty(db, clock)).toBe(false)
  expect(await systems.billing.settled('k')).not.toBeNull()
  await db.destroy()
})

test('on any day, Larkfield Plus was charged twice this month and nothing lies in the future', async () => {
  const { db, systems } = await openShop()
  for (const instant of [
    '2027-01-01T00:00:30Z',
    '2028-02-29T23:59:59Z',
    '2026-12-31T12:00:00Z',
    '2027-03-02T06:00:00Z',
  ]) {
    const now = Date.parse(instant)
    await reseed(db, { ...clock, now: () => now })
    const charges = await systems.billing.charges('cus_1001', 10)
    expect(charges.map(({ amount }) => amount.minor)).toEqual([790, 790])
    for (const { at } of charges) expect(at.slice(0, 7)).toBe(instant.slice(0, 7))
    const { latest } = await db
      .selectFrom('shop_charges')
      .select((eb) => eb.fn.max('at').as('latest'))
      .executeTakeFirstOrThrow()
    expect(Number(latest)).toBeLessThanOrEqual(now)
  }
  await db.destroy()
})

test('the rows agree with each other', async () => {
  const { db, all } = await openShop()
  const [charges, refunds, orders, items] = [
    await all('shop_charges'),
    await all('shop_refunds'),
    await all('shop_orders'),
    await all('shop_order_items'),
  ]
  for (const { id, refunded } of charges) {
    const back = refunds.filter(({ charge_id }) => charge_id === id).reduce((sum, { amount }) => sum + amount, 0)
    expect(refunded).toBe(back)
  }
  for (const order of orders) {
    const goods = items.filter(({ order_number }) => order_number === order.number)
    const total = goods.reduce((sum, { quantity, price }) => sum + quantity * price, order.delivery_fee)
    expect(total).toBeGreaterThan(0)
    const own = charges.filter(({ order_number }) => order_number === order.number)
    expect(own[0]?.amount).toBe(total)
    expect(order.status === 'delivered').toBe(order.delivered_on !== null)
  }
  const daysAgo = orders.map(({ delivered_on }) => (clock.now() - Date.parse(delivered_on ?? '')) / DAY_MS)
  expect(daysAgo.filter((days) => days <= 30).length).toBeGreaterThan(20)
  expect(daysAgo.filter((days) => days > 60).length).toBeGreaterThan(100)
  await db.destroy()
})

test.skipIf(!TEST_DATABASE_URL)(
  'processes that start together on an empty database fill it once',
  {
    timeout: 60_000,
  },
  async () => {
    const url = await openScratchDatabase()
    const processes = await Promise.all(Array.from({ length: 4 }, () => open(url)))
    const filled = await Promise.all(processes.map(({ db }) => seedIfEmpty(db, clock)))
    expect(filled.filter(Boolean)).toHaveLength(1)
    expect(await processes[0]?.db.selectFrom('shop_customers').select('id').execute()).toHaveLength(226)
    const anew = await Promise.all(processes.map(({ db }) => reseed(db, clock)))
    expect(anew).toEqual(Array(4).fill({ customers: 226, orders: 1_108 }))
  },
)
