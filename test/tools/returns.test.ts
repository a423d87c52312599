import { describe, expect, test } from 'vitest'
import { openCounter } from './at-the-counter.ts'

describe('check_return', () => {
  test('says until when an item may go back, and points to the return', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1004').look('check_return', { item: 'can I send my headphones back' })).toMatchObject({
      say: 'Quiet 2 headphones (black) from order LF-10520: It can be returned until 9 December 2026; the label costs EUR 4.90, which is deducted from the refund.',
      next: {
        tool: 'create_return',
        args: { orderNumber: 'LF-10520', item: 'QUIET2-BLK', reason: 'changed_mind' },
      },
    })
  })

  test('says why not, and what the warranty still covers', async () => {
    const { customer } = await openCounter()
    const jonas = customer('cus_1004')
    const late = await jonas.look('check_return', { item: 'backpack' })
    expect(late.say).toBe(
      'Backpack 24 l (green) from order LF-10488: It could be returned until 4 October 2026, 30 days after delivery.',
    )
    expect(late.next).toBeUndefined()
    const faulty = await jonas.look('check_return', { item: 'backpack', reason: 'faulty' })
    expect(faulty.say).toContain('its warranty of 24 months covers the fault until 4 September 2028')
    expect(faulty.next).toBeUndefined()
  })

  test('asks which item it is', async () => {
    const { customer } = await openCounter()
    const { say, next } = await customer('cus_1004').look('check_return', { orderNumber: 'LF-10520' })
    expect(say).toMatch(
      /1\. Quiet 2 headphones \(black\), order LF-10520, delivered on 9 November 2026\n2\. Volt 20 power bank, .*\n\nWhich of these items should go back\?$/s,
    )
    expect(next).toBeUndefined()
  })

  test('tells the same of somebody else’s order as of one that nobody has', async () => {
    const { customer } = await openCounter()
    for (const orderNumber of ['LF-10520', 'LF-99999'])
      expect(await customer('cus_1001').look('check_return', { orderNumber, item: 'headphones' })).toEqual({
        say: `I cannot find order ${orderNumber} among your orders. Could you check the number?`,
        data: null,
      })
  })

  test('says so where nothing was sent yet', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1001').look('check_return')).toEqual({
      say: 'I see no order that has been sent to you yet.',
      data: null,
    })
  })
})

describe('create_return', () => {
  test('proposes the return with what the label costs, registers it and gives the label', async () => {
    const { customer } = await openCounter()
    const jonas = customer('cus_1004')
    const args = { orderNumber: 'LF-10520', item: 'QUIET2-BLK' }
    expect(await jonas.plan('create_return', args)).toEqual({
      object: 'item:LF-10520:QUIET2-BLK',
      businessKey: 'return:item:LF-10520:QUIET2-BLK',
      proposal:
        'register the return of 1 × Quiet 2 headphones (black) from order LF-10520 and make the label. The label costs EUR 4.90, which is deducted from the refund',
    })
    expect(await jonas.done('create_return')).toBeNull()
    const receipt = await jonas.perform('create_return', args)
    expect(receipt).toMatch(
      /^The return is registered under RMA-\d+\. Your label: https:\S+\. Please hand in the parcel by 2 December 2026; EUR 194\.10 goes back to the original payment method within 5 business days after it is checked\.$/,
    )
    expect(await jonas.done('create_return')).toBe(receipt)
  })

  test.each(['faulty', 'damaged', 'wrong_item'])('the label is free for what is %s', async (reason) => {
    const { customer } = await openCounter()
    const plan = await customer('cus_1004').plan('create_return', { item: 'rain jacket', reason })
    expect(plan?.proposal).toMatch(/The label is free$/)
  })

  test('is precluded outside of the window, and for more pieces than were ordered', async () => {
    const { customer } = await openCounter()
    const jonas = customer('cus_1004')
    expect(await jonas.plan('create_return', { orderNumber: 'LF-10488' })).toEqual({
      precluded: {
        code: 'returns.not_eligible',
        message: 'It could be returned until 4 October 2026, 30 days after delivery.',
      },
    })
    expect(await jonas.refusal('create_return', { item: 'rain jacket', quantity: 2 })).toBe(
      'Order LF-10527 has only 1 × Rain jacket (black, M).',
    )
  })

  test('asks which item should go back', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1004').refusal('create_return', { item: 'I want to return something' })).toMatch(
      /^1\. Rain jacket .*\n\nWhich of these items should go back\?$/s,
    )
  })

  test('sees no order and no item of somebody else', async () => {
    const { customer } = await openCounter()
    const nora = customer('cus_1001')
    expect(await nora.plan('create_return', { orderNumber: 'LF-10520', item: 'QUIET2-BLK' })).toBeNull()
    expect(await customer('cus_1004').plan('create_return', { item: 'SLATE10-128' })).toBeNull()
  })
})

describe('list_variants', () => {
  test('names what is in stock besides what was bought', async () => {
    const { customer } = await openCounter()
    expect((await customer('cus_1004').look('list_variants', { item: 'my rain jacket' })).say).toBe(
      'Rain jacket is in stock in:\n1. black, L\n2. black, S\n3. green, L\n4. green, M',
    )
    expect((await customer('cus_1004').look('list_variants', { item: 'power bank' })).say).toBe(
      'Volt 20 power bank is not in stock in any other variant.',
    )
  })

  test('asks which item it is, and sees none of somebody else', async () => {
    const { customer } = await openCounter()
    expect((await customer('cus_1004').look('list_variants')).say).toMatch(/Which of these items do you mean\?$/)
    expect(await customer('cus_1001').look('list_variants', { orderNumber: 'LF-10527' })).toMatchObject({ data: null })
  })
})

describe('exchange_item', () => {
  test('proposes both variants and what the label costs, registers it and reserves the new one', async () => {
    const { customer } = await openCounter()
    const jonas = customer('cus_1004')
    const words = 'exchange my rain jacket for the green one in L'
    const args = { item: words, newVariant: words }
    expect(await jonas.plan('exchange_item', args)).toEqual({
      object: 'item:LF-10527:JACKET-BLK-M',
      businessKey: 'return:item:LF-10527:JACKET-BLK-M',
      proposal:
        'exchange Rain jacket (black, M) from order LF-10527 for green, L and make the label. The label costs EUR 4.90, charged to the original payment method when the new item leaves',
    })
    expect(await jonas.done('exchange_item')).toBeNull()
    const receipt = await jonas.perform('exchange_item', args)
    expect(receipt).toMatch(
      /^The exchange is registered under RMA-\d+\. Your label: https:\S+\. Please hand in the parcel by 2 December 2026; green, L is reserved for you and leaves within 2 business days after we have checked it\.$/,
    )
    expect(await jonas.done('exchange_item')).toBe(receipt)
  })

  test('takes the new variant by its sku, and a size by its word', async () => {
    const { customer } = await openCounter()
    const jonas = customer('cus_1004')
    const wants = async (newVariant: string) =>
      (await jonas.plan('exchange_item', { orderNumber: 'LF-10527', newVariant }))?.proposal
    expect(await wants('JACKET-GRN-M')).toContain('for green, M and')
    expect(await wants('a black one in large')).toContain('for black, L and')
    expect(await wants('black and small please')).toContain('for black, S and')
  })

  test('asks which variant it should be', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1004').refusal('exchange_item', { orderNumber: 'LF-10527', newVariant: 'L' })).toBe(
      'Rain jacket (black, M) can be exchanged for one of these:\n1. black, L\n2. green, L\n\nWhich one would you like?',
    )
  })

  test('is precluded outside of the window, and where nothing else is in stock', async () => {
    const { customer } = await openCounter()
    const jonas = customer('cus_1004')
    expect(await jonas.refusal('exchange_item', { orderNumber: 'LF-10488' })).toMatch(
      /^It could be returned until 4 October 2026/,
    )
    expect(await jonas.refusal('exchange_item', { item: 'power bank' })).toBe(
      'Volt 20 power bank is not in stock in any other size or colour. It can be returned for a refund instead.',
    )
  })

  test('sees no order of somebody else', async () => {
    const { customer } = await openCounter()
    expect(await customer('cus_1001').plan('exchange_item', { orderNumber: 'LF-10527', newVariant: 'L' })).toBeNull()
  })

  test('excludes the return of the same item, and the other way round', async () => {
    const { customer } = await openCounter()
    const jonas = customer('cus_1004')
    const exchange = await jonas.plan('exchange_item', { orderNumber: 'LF-10527', newVariant: 'green, L' })
    const back = await jonas.plan('create_return', { orderNumber: 'LF-10527' })
    expect(exchange?.businessKey).toBe(back?.businessKey)
    await jonas.perform('create_return', { orderNumber: 'LF-10527' })
    expect(await jonas.refusal('exchange_item', { orderNumber: 'LF-10527', newVariant: 'green, L' })).toBeDefined()
  })
})
