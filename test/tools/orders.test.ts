import { describe, expect, test } from 'vitest'
import { openCounter } from './at-the-counter.ts'

describe('find_orders', () => {
  test('says where one order is', async () => {
    const { customer } = await openCounter()
    expect((await customer('cus_1005').look('find_orders', { orderNumber: 'LF-10633' })).say).toBe(
      'Order LF-10633 of 18 November 2026 is being prepared. In it: Duffel 40 l (black).',
    )
    expect((await customer('cus_1004').look('find_orders', { orderNumber: 'LF-10520' })).say).toMatch(
      /^Order LF-10520 of 6 November 2026 was delivered on 9 November 2026 with .+, tracking number \S+\. In it: Quiet 2 headphones \(black\) and Volt 20 power bank\.$/,
    )
  })

  test('lists the latest without a number', async () => {
    const { customer } = await openCounter()
    const { say, data } = await customer('cus_1004').look('find_orders')
    expect(say).toMatch(
      /^These are your latest orders:\n1\. Order LF-10527 of .*\n2\. Order LF-10520 of .*\n3\. Order LF-10488 of /,
    )
    expect(data).toHaveLength(3)
  })

  test('tells the same of somebody else’s order as of one that nobody has', async () => {
    const { customer } = await openCounter()
    for (const orderNumber of ['LF-10310', 'LF-99999'])
      expect(await customer('cus_1001').look('find_orders', { orderNumber })).toEqual({
        say: `I cannot find order ${orderNumber} among your orders. Could you check the number?`,
        data: null,
      })
    expect(await customer('cus_none').look('find_orders')).toMatchObject({ data: null })
  })
})

describe('cancel_order', () => {
  test('proposes what comes back how, cancels it and says so', async () => {
    const { customer, systems } = await openCounter()
    const elif = customer('cus_1005')
    expect(await elif.plan('cancel_order')).toEqual({
      object: 'order:LF-10633',
      businessKey: 'cancel_order:LF-10633',
      amount: { minor: 9_900, currency: 'EUR' },
      remainder: { minor: 9_900, currency: 'EUR' },
      proposal:
        'cancel order LF-10633 of 18 November 2026 (Duffel 40 l (black)); the reserved EUR 99.00 is released within 7 days',
    })
    const receipt =
      'Order LF-10633 is cancelled. EUR 99.00 comes back to the way you paid: a reserved amount within 7 days, a payment within 5 business days.'
    expect(await elif.done('cancel_order')).toBeNull()
    expect(await elif.perform('cancel_order', { orderNumber: 'LF-10633' })).toBe(receipt)
    expect(await elif.done('cancel_order')).toBe(receipt)
    expect(await systems.orders.find('cus_1005', 'LF-10633')).toMatchObject({ status: 'cancelled' })
    expect(await elif.refusal('cancel_order', { orderNumber: 'LF-10633' })).toBe('Order LF-10633 is cancelled already.')
  })

  test('says what was paid with what', async () => {
    const { customer, db } = await openCounter()
    await db
      .updateTable('shop_charges')
      .set({ status: 'paid', method: 'PayPal', refunded: 900 })
      .where('id', '=', 'ch_1005c')
      .execute()
    expect(await customer('cus_1005').plan('cancel_order')).toMatchObject({
      amount: { minor: 9_000 },
      proposal: expect.stringMatching(/; EUR 90\.00 goes back to your PayPal within 5 business days$/),
    })
  })

  test('does not cancel what was sent, nor another order in its place', async () => {
    const { customer } = await openCounter()
    for (const args of [{ orderNumber: 'LF-10207' }, { about: 'cancel the order with the router' }])
      expect(await customer('cus_1005').refusal('cancel_order', args)).toBe(
        'Order LF-10207 has been sent and cannot be cancelled any more. You can return it after it has arrived.',
      )
  })

  test('asks which one where several could be meant', async () => {
    const { customer, db } = await openCounter()
    await db.updateTable('shop_orders').set({ status: 'processing' }).where('number', '=', 'LF-10207').execute()
    expect(await customer('cus_1005').refusal('cancel_order', { about: 'cancel my order' })).toMatch(
      /^1\. Order LF-10633 of .*\n2\. Order LF-10207 of .*\n\nWhich of these orders should I cancel\?$/,
    )
    expect(await customer('cus_1005').plan('cancel_order', { about: 'the one with the duffel' })).toMatchObject({
      object: 'order:LF-10633',
    })
  })

  test('sees no order of somebody else', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1001').plan('cancel_order', { orderNumber: 'LF-10633' })).toBeNull()
    expect(await customer('cus_1001').plan('cancel_order')).toBeNull()
  })
})
