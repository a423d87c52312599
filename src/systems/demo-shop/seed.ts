import type { Kysely, Transaction } from 'kysely'
import type { ReturnReason } from '../../../graphs/systems.ts'
import type { Clock } from '../../clock.ts'
import type { Tables } from '../../database/tables.ts'
import { CATALOGUE, productOf, variantRows } from './catalogue.ts'
import { addBusinessDays, addDays, addMonths, dayOf } from './days.ts'
import { addDemoCustomers } from './demo-customers.ts'
import { createRandom, type Random } from './random.ts'
import { LABEL_FEE, SEND_WITHIN_DAYS } from './return-policy.ts'
import { createSeedRows, deleteAll, type SeedRows } from './seed-rows.ts'

const CUSTOMERS = 220
const ORDERS = 1_100
const DAY_MS = 86_400_000
const HISTORY_DAYS = 420
const SEED = 20_417

const FIRST_NAMES = (
  'Anna Ben Carla David Emma Felix Greta Hugo Ines Jan Karin Luca Maria Nils Olivia Pablo Romy Sofia Theo Ursula ' +
  'Viktor Wanda Yara Zoe Aidan Beatriz Ciara Dario Elena Finn Giulia Henrik'
).split(' ')
const LAST_NAMES = (
  'Andersen Bakker Costa Dubois Eriksson Fischer Garcia Horvath Ivanova Jansen Kowalski Larsen Moreau Nowak Oliveira ' +
  'Petersen Quinn Rossi Schmidt Tanaka Urban Varga Wagner Ziegler Murphy Keller Lefevre Marino'
).split(' ')
const HOMES = [
  ['de-DE', 'DE'],
  ['fr-FR', 'FR'],
  ['en-IE', 'IE'],
  ['nl-NL', 'NL'],
  ['it-IT', 'IT'],
  ['es-ES', 'ES'],
  ['pl-PL', 'PL'],
  ['en-GB', 'GB'],
  ['de-CH', 'CH'],
  ['nb-NO', 'NO'],
] as const
const PLANS = [
  { plan: 'Larkfield Plus', price: 790, period: 'month' },
  { plan: 'Larkfield Plus', price: 7_900, period: 'year' },
  { plan: 'Larkfield Care', price: 450, period: 'month' },
  { plan: 'Porch Cloud', price: 390, period: 'month' },
] as const
const RETURN_REASONS: ReturnReason[] = ['changed_mind', 'does_not_fit', 'faulty', 'damaged', 'wrong_item']

/** Fills the shop unless somebody has. Safe to run from several processes at once. @returns whether it did */
export function seedIfEmpty(db: Kysely<Tables>, clock: Clock): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    await holdSeed(trx)
    const customer = await trx.selectFrom('shop_customers').select('id').limit(1).executeTakeFirst()
    if (customer) return false
    await seed(trx, clock.now())
    return true
  })
}

/** Empties the shop and fills it anew, with days counted back from now. @returns what is in it */
export function reseed(db: Kysely<Tables>, clock: Clock): Promise<{ customers: number; orders: number }> {
  return db.transaction().execute(async (trx) => {
    await holdSeed(trx)
    await deleteAll(trx)
    return seed(trx, clock.now())
  })
}

/** Its lock makes one wait for the other. */
async function holdSeed(trx: Transaction<Tables>): Promise<void> {
  await trx
    .insertInto('shop_counters')
    .values({ name: 'seed', value: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ value: eb('shop_counters.value', '+', 1) })),
    )
    .execute()
}

async function seed(trx: Transaction<Tables>, now: number): Promise<{ customers: number; orders: number }> {
  const random = createRandom(SEED)
  const rows = createSeedRows()
  rows.rows.shop_variants.push(...variantRows())
  addDemoCustomers(rows, now)
  const customers = Array.from({ length: CUSTOMERS }, (_, i) => addCustomer(rows, random, now, i))
  addOrders(rows, random, now, customers)
  addOutages(rows, now)
  await rows.insert(trx)
  return { customers: rows.rows.shop_customers.length, orders: rows.rows.shop_orders.length }
}

interface SeededCustomer {
  id: string
  method: string
  /** Instant from which on they are a member; undefined if never. */
  plusSince: number | undefined
}

function addCustomer(seed: SeedRows, random: Random, now: number, i: number): SeededCustomer {
  const first = random.oneOf(FIRST_NAMES)
  const last = random.oneOf(LAST_NAMES)
  const [locale, country] = random.oneOf(HOMES)
  const id = `cus_${2_001 + i}`
  seed.rows.shop_customers.push({
    id,
    name: `${first} ${last}`,
    email: `${first}.${last}.${2_001 + i}@example.com`.toLowerCase(),
    locale,
    country,
    since: dayOf(now - random.between(HISTORY_DAYS, 1_600) * DAY_MS),
  })
  const method = random.oneOf([
    'PayPal',
    `Visa ending in ${random.between(1_000, 9_999)}`,
    `Mastercard ending in ${random.between(1_000, 9_999)}`,
    `SEPA direct debit ending in ${random.between(1_000, 9_999)}`,
  ])
  let plusSince: number | undefined
  for (const [n, offer] of PLANS.entries()) {
    if (!random.chance(n === 1 ? 0.08 : 0.22) || (n === 1 && plusSince !== undefined)) continue
    const since = now - random.between(20, 300) * DAY_MS
    if (offer.plan === 'Larkfield Plus') plusSince = since
    addSubscription(seed, random, now, { ...offer, id: `sub_${2_001 + i}${'abcd'[n]}`, customer_id: id, method, since })
  }
  return { id, method, plusSince }
}

function addSubscription(
  seed: SeedRows,
  random: Random,
  now: number,
  { since, method, ...of }: { id: string; customer_id: string; since: number; method: string } & (typeof PLANS)[number],
): void {
  const months = of.period === 'year' ? 12 : 1
  let paidUntil = dayOf(since)
  for (let n = 1; paidUntil <= dayOf(now); n += 1) {
    seed.addSubscriptionCharge({ id: `ch_${of.id.slice(4)}${n}`, subscription: of, at: Date.parse(paidUntil), method })
    paidUntil = addMonths(dayOf(since), n * months)
  }
  const status = random.chance(0.1) ? 'cancelled' : 'active'
  seed.rows.shop_subscriptions.push({ ...of, status, paid_until: paidUntil, cancel_key: null })
}

function addOrders(rows: SeedRows, random: Random, now: number, customers: SeededCustomer[]): void {
  const skus = CATALOGUE.flatMap(({ variants }) => Object.keys(variants))
  const instants = Array.from({ length: ORDERS }, () => now - random.between(30, HISTORY_DAYS * 1_440) * 60_000)
  for (const [i, placedAt] of instants.toSorted((a, b) => a - b).entries()) {
    const { id: customerId, method, plusSince } = random.oneOf(customers)
    const days = (now - placedAt) / DAY_MS
    const cancelled = random.chance(0.03)
    const status = cancelled ? 'cancelled' : days < 1 ? 'processing' : days < 4 ? 'shipped' : 'delivered'
    const deliveredOn = status === 'delivered' ? addDays(dayOf(placedAt), random.between(2, 4)) : null
    const items: Record<string, number> = {}
    for (let n = random.between(1, 3); n > 0; n -= 1) items[random.oneOf(skus)] = random.chance(0.1) ? 2 : 1
    const number = `LF-${11_001 + i}`
    const chargeId = `ch_${30_001 + i}`
    const plus = plusSince !== undefined && plusSince <= placedAt
    const express = plus && random.chance(0.6)
    rows.addOrder({ number, customerId, placedAt, status, deliveredOn, items, method, chargeId, plus, express })
    if (deliveredOn === null) continue
    if (days > 40 && random.chance(0.08)) addFinishedReturn(rows, random, { number, chargeId, deliveredOn, items })
    else addDevices(rows, random, now, { customerId, items, n: i })
  }
}

/** One piece of the order came back, and its money went. */
function addFinishedReturn(
  { rows }: SeedRows,
  random: Random,
  order: { number: string; chargeId: string; deliveredOn: string; items: Record<string, number> },
): void {
  const [sku] = Object.keys(order.items)
  const charge = rows.shop_charges.at(-1)
  if (sku === undefined || charge?.id !== order.chargeId) return
  const n = 10_001 + rows.shop_returns.length
  const reason = productOf(sku).personalised ? 'wrong_item' : random.oneOf(RETURN_REASONS)
  const registeredOn = addDays(order.deliveredOn, random.between(1, 12))
  const refundedOn = addBusinessDays(registeredOn, 10)
  const ours = reason !== 'changed_mind' && reason !== 'does_not_fit'
  const amount = productOf(sku).price - (ours ? 0 : LABEL_FEE)
  charge.refunded = amount
  rows.shop_refunds.push({
    id: `re_${n}`,
    request_key: `seed:re_${n}`,
    charge_id: order.chargeId,
    at: Date.parse(refundedOn),
    amount,
    reason: `return RMA-${n}`,
    expected_by: addBusinessDays(refundedOn, 8),
  })
  rows.shop_returns.push({
    rma: `RMA-${n}`,
    request_key: `seed:RMA-${n}`,
    order_number: order.number,
    sku,
    quantity: 1,
    reason,
    registered_on: registeredOn,
    send_by: addDays(registeredOn, SEND_WITHIN_DAYS),
    refund: amount,
    delivery_refund: 0,
    refund_id: `re_${n}`,
  })
}

function addDevices(
  rows: SeedRows,
  random: Random,
  now: number,
  { customerId, items, n }: { customerId: string; items: Record<string, number>; n: number },
): void {
  for (const [at, sku] of Object.keys(items).entries()) {
    if (!productOf(sku).device || !random.chance(0.7)) continue
    const fault = random.chance(0.06) ? random.oneOf(['config', 'hardware'] as const) : 'none'
    rows.addDevice({
      id: `dev_${20_001 + n}${'abc'[at]}`,
      customer_id: customerId,
      sku,
      serial: `LK${n.toString(36).toUpperCase().padStart(4, '0')}${at}${random.between(10_000, 99_999)}`,
      outdated: random.chance(0.2),
      online: random.chance(0.9),
      fault,
      ...(fault !== 'none' && { faultSince: now - random.between(1, 20) * DAY_MS }),
    })
  }
}

function addOutages({ rows }: SeedRows, now: number): void {
  rows.shop_outages.push(
    {
      id: 'out_1',
      service: 'Porch Cloud',
      region: 'Norway',
      since: now - 3 * 3_600_000,
      ended_at: null,
      note: 'In Norway, new Porch Cloud recordings show up to an hour late. Nothing is lost.',
    },
    {
      id: 'out_2',
      service: 'Device check',
      region: 'Portugal',
      since: now - DAY_MS,
      ended_at: null,
      note: 'In Portugal, the device check in the app takes up to 15 minutes instead of 3.',
    },
    {
      id: 'out_3',
      service: 'Larkfield app',
      region: 'Ireland',
      since: now - 12 * DAY_MS,
      ended_at: now - 11 * DAY_MS,
      note: 'In Ireland, the app could not be signed in to.',
    },
  )
}
