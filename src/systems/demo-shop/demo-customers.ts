import type { ShopTables } from '../../database/shop.ts'
import { addDays, addMonths, dayOf } from './days.ts'
import type { SeedRows } from './seed-rows.ts'

/** The customers that a newcomer may sign in as, each with something to ask for. */
export const DEMO_CUSTOMERS: { id: string; name: string; email: string; situation: string; examples: string[] }[] = [
  {
    id: 'cus_1001',
    name: 'Nora Lindqvist',
    email: 'nora.lindqvist@example.com',
    situation: 'Larkfield Plus was charged twice this month, EUR 7.90 each: a refund that policy allows at once.',
    examples: ['I was charged twice for my subscription this month', 'show me my latest charges'],
  },
  {
    id: 'cus_1002',
    name: 'Tomás Ferreira',
    email: 'tomas.ferreira@example.com',
    situation: 'Order LF-10310 of EUR 199.00 was charged twice: a refund that one person has to approve.',
    examples: ['I was charged twice for order LF-10310, please refund the second charge'],
  },
  {
    id: 'cus_1003',
    name: 'Aoife Byrne',
    email: 'aoife.byrne@example.com',
    situation: 'Order LF-10412 of EUR 628.00 was charged twice: a refund that two people have to approve.',
    examples: ['I was charged twice for my order LF-10412, please refund the second charge'],
  },
  {
    id: 'cus_1004',
    name: 'Jonas Weber',
    email: 'jonas.weber@example.com',
    situation:
      'Order LF-10520 (headphones, power bank) can still be returned, LF-10488 (backpack) no longer; the rain jacket in LF-10527 can be exchanged for another size.',
    examples: [
      'I want to return the headphones from order LF-10520',
      'can I return the backpack from order LF-10488',
      'exchange the rain jacket from order LF-10527 for size L',
    ],
  },
  {
    id: 'cus_1005',
    name: 'Elif Kaya',
    email: 'elif.kaya@example.com',
    situation:
      'Pays for Larkfield Plus and Porch Cloud; order LF-10633 is not sent yet; the Mesh 6 router drops the connection and a reset heals it.',
    examples: [
      'my router keeps dropping the wifi, please check it',
      'cancel my order LF-10633',
      'cancel my Larkfield Plus subscription',
    ],
  },
  {
    id: 'cus_1006',
    name: 'Marek Novák',
    email: 'marek.novak@example.com',
    situation: 'The Mesh 6 router is broken, also after a reset; the Porch Cam needs an update.',
    examples: ['my router keeps dropping the wifi, please check it', 'my Porch Cam shows offline'],
  },
]

const LOCALES: Record<string, [locale: string, country: string]> = {
  cus_1001: ['sv-SE', 'SE'],
  cus_1002: ['pt-PT', 'PT'],
  cus_1003: ['en-IE', 'IE'],
  cus_1004: ['de-DE', 'DE'],
  cus_1005: ['de-AT', 'AT'],
  cus_1006: ['cs-CZ', 'CZ'],
}

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** What the demo customers have, with days counted back from `now`. */
export function addDemoCustomers(seed: SeedRows, now: number): void {
  for (const { id, name, email } of DEMO_CUSTOMERS) {
    const [locale = 'en-IE', country = 'IE'] = LOCALES[id] ?? []
    seed.rows.shop_customers.push({ id, name, email, locale, country, since: addDays(dayOf(now), -400) })
  }
  addDoubleCharges(seed, now)
  addReturnableOrders(seed, now)
  addSubscriber(seed, now)
  addBrokenRouter(seed, now)
}

function addDoubleCharges(seed: SeedRows, now: number): void {
  const today = dayOf(now)
  // Two days ago, unless that was last month.
  const at = Math.max(now - 2 * DAY_MS, Date.parse(`${today.slice(0, 7)}-01`))
  const plus = addMonthly(seed, {
    id: 'sub_1001',
    plan: 'Larkfield Plus',
    customer_id: 'cus_1001',
    price: 790,
    paid_until: addMonths(dayOf(at), 1),
  })
  const method = 'Visa ending in 4242'
  seed.addSubscriptionCharge({ id: 'ch_1001a', subscription: plus, at, method })
  seed.addSubscriptionCharge({ id: 'ch_1001b', subscription: plus, at: Math.min(at + 4 * MINUTE_MS, now), method })
  for (const [customerId, number, items, method] of [
    ['cus_1002', 'LF-10310', { 'QUIET2-SND': 1 }, 'Mastercard ending in 8210'],
    ['cus_1003', 'LF-10412', { 'SLATE10-128': 1, 'QUIET2-BLK': 1 }, 'Visa ending in 1881'],
  ] as const) {
    const chargeId = `ch_${customerId.slice(4)}a`
    const first = seed.addOrder({
      number,
      customerId,
      placedAt: now - 8 * DAY_MS,
      status: 'delivered',
      deliveredOn: addDays(today, -5),
      items,
      method,
      chargeId,
    })
    seed.rows.shop_charges.push({ ...first, id: `ch_${customerId.slice(4)}b`, at: first.at + 3 * MINUTE_MS })
  }
}

function addReturnableOrders(seed: SeedRows, now: number): void {
  const today = dayOf(now)
  for (const [number, daysAgo, items, chargeId] of [
    ['LF-10520', 9, { 'QUIET2-BLK': 1, VOLT20: 1 }, 'ch_1004a'],
    ['LF-10527', 5, { 'JACKET-BLK-M': 1 }, 'ch_1004b'],
    ['LF-10488', 75, { 'PACK24-GRN': 1 }, 'ch_1004c'],
  ] as const)
    seed.addOrder({
      number,
      customerId: 'cus_1004',
      placedAt: now - (daysAgo + 3) * DAY_MS,
      status: 'delivered',
      deliveredOn: addDays(today, -daysAgo),
      items,
      method: 'PayPal',
      chargeId,
    })
}

function addSubscriber(seed: SeedRows, now: number): void {
  const today = dayOf(now)
  const paid = { customerId: 'cus_1005', method: 'Visa ending in 5556' }
  for (const [subscriptionId, plan, price, chargeId, daysAgo] of [
    ['sub_1005', 'Larkfield Plus', 790, 'ch_1005a', 11],
    ['sub_1006', 'Porch Cloud', 390, 'ch_1005b', 19],
  ] as const) {
    const at = now - daysAgo * DAY_MS
    const paidUntil = addMonths(dayOf(at), 1)
    const of = { id: subscriptionId, customer_id: paid.customerId, plan, price, paid_until: paidUntil }
    seed.addSubscriptionCharge({ id: chargeId, subscription: addMonthly(seed, of), at, method: paid.method })
  }
  seed.addOrder({
    ...paid,
    number: 'LF-10633',
    placedAt: now - 90 * MINUTE_MS,
    status: 'processing',
    deliveredOn: null,
    items: { 'DUFFEL40-BLK': 1 },
    chargeId: 'ch_1005c',
    plus: true,
    express: true,
  })
  seed.addOrder({
    ...paid,
    number: 'LF-10207',
    placedAt: now - 160 * DAY_MS,
    status: 'delivered',
    deliveredOn: addDays(today, -157),
    items: { MESH6: 1, 'PORCHCAM-WHT': 1 },
    chargeId: 'ch_1005d',
  })
  const devices = { customer_id: 'cus_1005' }
  const faultSince = now - 3 * DAY_MS
  seed.addDevice({ ...devices, id: 'dev_1005', sku: 'MESH6', serial: 'LK1005MESH6A', fault: 'config', faultSince })
  seed.addDevice({ ...devices, id: 'dev_1007', sku: 'PORCHCAM-WHT', serial: 'LK1005PORCHA' })
}

function addBrokenRouter(seed: SeedRows, now: number): void {
  seed.addOrder({
    number: 'LF-10101',
    customerId: 'cus_1006',
    placedAt: now - 203 * DAY_MS,
    status: 'delivered',
    deliveredOn: addDays(dayOf(now), -200),
    items: { MESH6: 1, 'PORCHCAM-BLK': 1 },
    method: 'SEPA direct debit ending in 0317',
    chargeId: 'ch_1006a',
  })
  const devices = { customer_id: 'cus_1006' }
  const faultSince = now - 6 * DAY_MS
  seed.addDevice({ ...devices, id: 'dev_1006', sku: 'MESH6', serial: 'LK1006MESH6A', fault: 'hardware', faultSince })
  seed.addDevice({ ...devices, id: 'dev_1008', sku: 'PORCHCAM-BLK', serial: 'LK1006PORCHA', outdated: true })
}

function addMonthly(
  { rows }: SeedRows,
  of: { id: string; customer_id: string; plan: string; price: number; paid_until: string },
): ShopTables['shop_subscriptions'] {
  const subscription = { ...of, period: 'month', status: 'active', cancel_key: null } as const
  rows.shop_subscriptions.push(subscription)
  return subscription
}
