import { describe, expect, test } from 'vitest'
import { openCounter } from './at-the-counter.ts'

describe('list_charges', () => {
  test('finds a double charge and points to the refund of the later one', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1001').look('list_charges')).toMatchObject({
      say: 'Larkfield Plus, November was charged twice, EUR 7.90 each: on 16 November 2026 and on 16 November 2026. The second one is a double charge.',
      next: { tool: 'refund_charge', args: { charge: 'ch_1001b', reason: 'double_charge' } },
    })
  })

  test('lists the latest charges where none is double', async () => {
    const { customer } = await openCounter()
    const found = await customer('cus_1005').look('list_charges')
    expect(found.next).toBeUndefined()
    expect(found.say).toMatch(/^These are the latest charges:\n1\. Order LF-10633: EUR 99\.00 on 18 November 2026 /)
    expect(found.say).toContain('Larkfield Plus, November: EUR 7.90 on 7 November 2026 with Visa ending in 5556')
  })

  test('explains a charge of one amount, or of one order', async () => {
    const { customer } = await openCounter()
    const elif = customer('cus_1005')
    expect((await elif.look('list_charges', { amountMinor: 390 })).say).toMatch(/\n1\. Porch Cloud, .*EUR 3\.90[^\n]*$/)
    expect((await elif.look('list_charges', { orderNumber: 'LF-10633' })).data).toHaveLength(1)
    expect(await elif.look('list_charges', { amountMinor: 391 })).toEqual({
      say: 'I see no charge of EUR 3.91 in your account.',
      data: null,
    })
    expect(await elif.look('list_charges', { orderNumber: 'LF-10310' })).toMatchObject({ data: null })
  })

  test('no longer finds one that was refunded', async () => {
    const { customer } = await openCounter()
    await customer('cus_1001').perform('refund_charge', { charge: 'ch_1001b' })
    expect((await customer('cus_1001').look('list_charges')).next).toBeUndefined()
  })

  test('takes the parcels of one order for what they are', async () => {
    const { customer, db } = await openCounter()
    // Half of the order's total each: together they are the order, not one too many.
    await db.updateTable('shop_charges').set({ amount: 9_950 }).where('order_number', '=', 'LF-10310').execute()
    expect((await customer('cus_1002').look('list_charges')).next).toBeUndefined()
  })

  test('takes the same amount a month later for the next month', async () => {
    const { customer, db } = await openCounter()
    const at = Date.UTC(2026, 9, 16)
    await db.updateTable('shop_charges').set({ at }).where('id', '=', 'ch_1001a').execute()
    expect((await customer('cus_1001').look('list_charges')).next).toBeUndefined()
  })
})

describe('refund_charge', () => {
  test('proposes the exact amount and method, refunds it and says when it is there', async () => {
    const { customer, systems } = await openCounter()
    const nora = customer('cus_1001')
    expect(await nora.plan('refund_charge', { charge: 'ch_1001b', reason: 'double_charge' })).toEqual({
      object: 'charge:ch_1001b',
      businessKey: 'refund:ch_1001b',
      amount: { minor: 790, currency: 'EUR' },
      remainder: { minor: 790, currency: 'EUR' },
      proposal:
        'refund EUR 7.90 for Larkfield Plus, November (charged on 16 November 2026) to your Visa ending in 4242',
    })
    expect(await nora.done('refund_charge')).toBeNull()
    const receipt = 'EUR 7.90 is on its way back to your Visa ending in 4242. It should be there by 30 November 2026.'
    expect(await nora.perform('refund_charge', { charge: 'ch_1001b' })).toBe(receipt)
    expect(await nora.done('refund_charge')).toBe(receipt)
    expect(await systems.billing.charge('cus_1001', 'ch_1001b')).toMatchObject({ refunded: { minor: 790 } })
    expect(await nora.refusal('refund_charge', { charge: 'ch_1001b' })).toBe(
      'EUR 7.90 for Larkfield Plus, November has been refunded already.',
    )
    expect(await nora.refusal('refund_charge', { charge: 'ch_1001a', reason: 'double_charge' })).toBe(
      'I see only one charge of EUR 7.90 for Larkfield Plus, November, so it is not a double charge.',
    )
  })

  test('finds the double charge that is meant', async () => {
    const { customer } = await openCounter()
    const reason = 'double_charge'
    for (const args of [{ charge: 'refund the second charge', reason }, { reason }])
      expect(await customer('cus_1001').plan('refund_charge', args)).toMatchObject({ object: 'charge:ch_1001b' })
    expect(await customer('cus_1002').plan('refund_charge', { orderNumber: 'LF-10310', reason })).toMatchObject({
      object: 'charge:ch_1002b',
      amount: { minor: 19_900 },
    })
  })

  test('refunds a part, and no more than is left', async () => {
    const { customer } = await openCounter()
    const nora = customer('cus_1001')
    expect(await nora.plan('refund_charge', { charge: 'ch_1001b', amountMinor: 300 })).toMatchObject({
      amount: { minor: 300 },
      remainder: { minor: 790 },
      proposal: expect.stringMatching(/^refund EUR 3\.00 for /),
    })
    await nora.perform('refund_charge', { charge: 'ch_1001b', amountMinor: 300 })
    expect(await nora.plan('refund_charge', { charge: 'ch_1001b' })).toMatchObject({ amount: { minor: 490 } })
    expect(await nora.refusal('refund_charge', { charge: 'ch_1001b', amountMinor: 491 })).toBe(
      'At most EUR 4.90 of the charge for Larkfield Plus, November can be refunded.',
    )
  })

  test('asks which charge it is', async () => {
    const { customer } = await openCounter()
    const elif = customer('cus_1005')
    expect(await elif.plan('refund_charge', { charge: 'I want my money back' })).toEqual({
      precluded: {
        code: 'refund_charge.which',
        message: expect.stringMatching(/^1\. Larkfield Plus.*\n2\. .*\n\nWhich of these charges do you mean\?$/s),
      },
    })
    expect(await elif.plan('refund_charge', { charge: 'refund Porch Cloud please' })).toMatchObject({
      object: 'charge:ch_1005b',
    })
    expect(await elif.plan('refund_charge', { charge: 'refund it', amountMinor: 790 })).toMatchObject({
      object: 'charge:ch_1005a',
      amount: { minor: 790 },
    })
  })

  test('reads somebody else’s charge, and one that nobody has, as not there', async () => {
    const { customer } = await openCounter()
    for (const charge of ['ch_1002b', 'ch_none1'])
      expect(await customer('cus_1001').plan('refund_charge', { charge })).toBeNull()
    expect(await customer('cus_1001').plan('refund_charge', { orderNumber: 'LF-10310' })).toBeNull()
  })

  test.each([
    ['a month that was not used', { charge: 'ch_1005a', reason: 'unused' }, /month that has begun is not refunded/],
    ['goods that were sent', { charge: 'ch_1005d' }, /^For goods please use a return/],
    ['what was only reserved', { charge: 'ch_1005c' }, /only reserved/],
  ])('does not promise what the articles do not: %s', async (_, args, message) => {
    const { customer } = await openCounter()
    expect(await customer('cus_1005').refusal('refund_charge', args)).toMatch(message)
  })

  test('refunds an annual plan for the days that are left, in its first 30 days, as the article says', async () => {
    const { customer, db } = await openCounter()
    await db.updateTable('shop_subscriptions').set({ period: 'year' }).where('id', '=', 'sub_1005').execute()
    const charged = (daysAgo: number) =>
      db
        .updateTable('shop_charges')
        .set({ amount: 7_900, at: Date.UTC(2026, 10, 18 - daysAgo, 12) })
        .where('id', '=', 'ch_1005a')
        .execute()
    const args = { charge: 'ch_1005a', reason: 'unused' }
    await charged(10)
    expect(await customer('cus_1005').plan('refund_charge', args)).toMatchObject({ amount: { minor: 7_684 } })
    await charged(31)
    expect(await customer('cus_1005').refusal('refund_charge', args)).toBe(
      'An annual plan is refunded pro rata in its first 30 days. This one was charged on 18 October 2026, so it runs until the year ends.',
    )
    expect(await customer('cus_1005').refusal('refund_charge', { ...args, reason: 'trial' })).toBe(
      'The first payment after a trial is refunded within 14 days. This one was made on 18 October 2026.',
    )
  })
})

test('list_invoices gives the latest with their links', async () => {
  const { customer } = await openCounter()
  const { say } = await customer('cus_1001').look('list_invoices')
  expect(say).toMatch(
    /^These are your latest invoices:\n1\. LF-2026-\d{6} of 16 November 2026: EUR 7\.90\. https:\/\/larkfield\.example\/account\/invoices\/LF-2026-\d{6}\.pdf/,
  )
  expect(await customer('cus_none').look('list_invoices')).toMatchObject({ data: null })
})
