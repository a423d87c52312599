import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { loadPolicies } from '../../src/effects/policy-file.ts'
import { evaluate } from './arithmetic.ts'
import type { Address, Order, Records, User } from './records.ts'
import { createShop } from './shop.ts'
import { openVisit, verdictOf } from './visit.ts'

const address: Address = {
  address1: '1 Test Way',
  address2: '',
  city: 'Town',
  country: 'USA',
  state: 'TX',
  zip: '00001',
}

function userOf(name: string, orders: string[]): User {
  const card = { source: 'credit_card' as const, id: `card_${name}`, brand: 'visa', last_four: '0000' }
  const gift = { source: 'gift_card' as const, id: `gift_${name}`, balance: 12 }
  return {
    user_id: name,
    name: { first_name: name, last_name: 'Test' },
    address,
    email: `${name}@example.test`,
    payment_methods: { [card.id]: card, [gift.id]: gift },
    orders,
  }
}

function orderOf(userId: string, id: string, status: string): Order {
  const item = { name: 'Lamp', product_id: 'lamp', item_id: 'small', price: 10, options: { size: 'S' } }
  const payment = { transaction_type: 'payment' as const, amount: 10, payment_method_id: `card_${userId}` }
  return {
    order_id: id,
    user_id: userId,
    address,
    items: [item],
    status,
    fulfillments: [],
    payment_history: [payment],
  }
}

const records: Records = {
  products: {
    lamp: {
      name: 'Lamp',
      product_id: 'lamp',
      variants: {
        small: { item_id: 'small', options: { size: 'S' }, available: true, price: 10 },
        large: { item_id: 'large', options: { size: 'L' }, available: true, price: 12.5 },
        huge: { item_id: 'huge', options: { size: 'XL' }, available: true, price: 99 },
        gone: { item_id: 'gone', options: { size: 'M' }, available: false, price: 11 },
      },
    },
  },
  users: { ann: userOf('ann', ['#P', '#D']), bob: userOf('bob', ['#B']) },
  orders: {
    '#P': orderOf('ann', '#P', 'pending'),
    '#D': orderOf('ann', '#D', 'delivered'),
    '#B': orderOf('bob', '#B', 'pending'),
  },
}

/** A shop with somebody in it, who has said who they are. */
async function enter(name = 'ann') {
  const shop = createShop(records)
  const visit = await openVisit(shop, await loadPolicies(fileURLToPath(new URL('.', import.meta.url))))
  onTestFinished(visit.close)
  await visit.call('find_user_id_by_email', { email: `${name}@example.test` })
  const verdict = async (tool: string, args: Record<string, unknown>) => verdictOf(await visit.call(tool, args))
  return { shop, visit, verdict }
}

const replace = (order: string, by: string, method: string) => ({
  order_id: order,
  item_ids: ['small'],
  new_item_ids: [by],
  payment_method_id: method,
})

test('who has not said who they are reads and changes nothing', async () => {
  const { shop, visit } = await enter('nobody')
  const read = await visit.call('get_order_details', { order_id: '#P' })
  const cancelled = await visit.call('cancel_pending_order', { order_id: '#P', reason: 'no longer needed' })
  expect([read.outcome.status, cancelled.outcome.status]).toEqual(['verification_needed', 'verification_needed'])
  expect(shop.changes()).toEqual({})
})

test('a conversation stays with the customer who was found first', async () => {
  const { verdict } = await enter()
  expect(await verdict('find_user_id_by_email', { email: 'bob@example.test' })).toBe('refused')
  expect(await verdict('find_user_id_by_name_zip', { first_name: 'Bob', last_name: 'test', zip: '00001' })).toBe(
    'refused',
  )
  expect(await verdict('find_user_id_by_email', { email: 'ANN@example.test' })).toBe('done')
})

test('what is somebody else’s is not there', async () => {
  const { shop, verdict } = await enter()
  expect(await verdict('get_user_details', { user_id: 'bob' })).toBe('refused')
  expect(await verdict('get_order_details', { order_id: '#B' })).toBe('refused')
  expect(await verdict('cancel_pending_order', { order_id: '#B', reason: 'no longer needed' })).toBe('refused')
  expect(await verdict('modify_user_address', { user_id: 'bob', ...address })).toBe('refused')
  expect(await verdict('modify_pending_order_payment', { order_id: '#P', payment_method_id: 'card_bob' })).toBe(
    'refused',
  )
  expect(shop.changes()).toEqual({})
})

test('a second yes to an effect does it no second time', async () => {
  const { shop, visit } = await enter()
  const { planned, performed } = await visit.call('modify_pending_order_items', replace('#P', 'large', 'gift_ann'))
  if (!planned) throw new Error('it was not planned')
  expect(await visit.again(planned)).toEqual(performed)
  expect(shop.user('ann')?.payment_methods.gift_ann?.balance).toBe(9.5)
  expect(shop.order('#P')?.payment_history).toHaveLength(2)
})

test('an order is modified once, and cannot be cancelled after it', async () => {
  const { verdict } = await enter()
  expect(await verdict('modify_pending_order_items', replace('#P', 'large', 'card_ann'))).toBe('done')
  expect(await verdict('modify_pending_order_items', replace('#P', 'large', 'card_ann'))).toBe('refused')
  expect(await verdict('cancel_pending_order', { order_id: '#P', reason: 'no longer needed' })).toBe('refused')
})

test('an order is exchanged or returned, once', async () => {
  const { shop, verdict } = await enter()
  const back = { order_id: '#D', item_ids: ['small'], payment_method_id: 'card_ann' }
  expect(await verdict('return_delivered_order_items', back)).toBe('done')
  expect(await verdict('exchange_delivered_order_items', replace('#D', 'large', 'card_ann'))).toBe('refused')
  expect(shop.order('#D')).toMatchObject({ status: 'return requested', return_items: ['small'] })
})

test('only what is in stock and can be paid comes instead', async () => {
  const { shop, verdict } = await enter()
  expect(await verdict('modify_pending_order_items', replace('#P', 'gone', 'card_ann'))).toBe('refused')
  expect(await verdict('modify_pending_order_items', replace('#P', 'huge', 'gift_ann'))).toBe('refused')
  const twice = {
    ...replace('#D', 'large', 'card_ann'),
    item_ids: ['small', 'small'],
    new_item_ids: ['large', 'large'],
  }
  expect(await verdict('exchange_delivered_order_items', twice)).toBe('refused')
  expect(shop.changes()).toEqual({})
})

test('an order is paid by another method once', async () => {
  const { shop, verdict } = await enter()
  expect(await verdict('modify_pending_order_payment', { order_id: '#P', payment_method_id: 'card_ann' })).toBe(
    'refused',
  )
  expect(await verdict('modify_pending_order_payment', { order_id: '#P', payment_method_id: 'gift_ann' })).toBe('done')
  expect(shop.user('ann')?.payment_methods.gift_ann?.balance).toBe(2)
  expect(shop.order('#P')?.payment_history.map((payment) => Object.values(payment))).toEqual([
    ['payment', 10, 'card_ann'],
    ['payment', 10, 'gift_ann'],
    ['refund', 10, 'card_ann'],
  ])
  expect(await verdict('modify_pending_order_payment', { order_id: '#P', payment_method_id: 'card_ann' })).toBe(
    'refused',
  )
})

test('an address can be changed, changed back, and changed again', async () => {
  const { shop, verdict } = await enter()
  const there = { ...address, address1: '2 Other Way' }
  for (const to of [there, address, there]) {
    expect(await verdict('modify_pending_order_address', { order_id: '#P', ...to })).toBe('done')
    expect(await verdict('modify_user_address', { user_id: 'ann', ...to })).toBe('done')
  }
  expect(shop.order('#P')?.address).toEqual(there)
  expect(shop.user('ann')?.address).toEqual(there)
})

test('sums are worked out, and nothing else is', () => {
  expect(evaluate('2 * (3.5 - 1) - -4 / 8')).toBe(5.5)
  for (const wrong of ['', '1 +', '(1', '1 2', '1 / 0', 'process.exit()', '2 ** 3']) expect(evaluate(wrong)).toBe(null)
})
