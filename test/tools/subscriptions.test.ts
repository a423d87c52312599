import { expect, test } from 'vitest'
import { openCounter } from './at-the-counter.ts'

test('list_subscriptions says what renews when', async () => {
  const { customer } = await openCounter()
  expect((await customer('cus_1005').look('list_subscriptions')).say).toBe(
    [
      'These are your subscriptions:',
      '1. Larkfield Plus: EUR 7.90 a month, renews on 7 December 2026',
      '2. Porch Cloud: EUR 3.90 a month, renews on 30 November 2026',
    ].join('\n'),
  )
  expect(await customer('cus_1006').look('list_subscriptions')).toEqual({
    say: 'There is no subscription in your account.',
    data: null,
  })
})

test('cancel_subscription says until when it goes on, ends it, and knows that it has', async () => {
  const { customer, systems } = await openCounter()
  const elif = customer('cus_1005')
  const args = { subscription: 'please cancel Larkfield Plus' }
  expect(await elif.plan('cancel_subscription', args)).toEqual({
    object: 'subscription:sub_1005',
    businessKey: 'cancel:sub_1005:2026-12-07',
    proposal:
      'cancel Larkfield Plus (EUR 7.90 a month). You keep it until 7 December 2026, and nothing more is charged',
  })
  const receipt = 'Larkfield Plus is cancelled. You keep it until 7 December 2026, and nothing more is charged.'
  expect(await elif.done('cancel_subscription')).toBeNull()
  expect(await elif.perform('cancel_subscription', args)).toBe(receipt)
  expect(await elif.done('cancel_subscription')).toBe(receipt)
  expect((await systems.billing.subscriptions('cus_1005')).map(({ status }) => status)).toEqual(['cancelled', 'active'])
  // Not the other one, only because it is the only one left.
  expect(await elif.refusal('cancel_subscription', args)).toBe(
    'Larkfield Plus is cancelled already. It ends on 7 December 2026, and nothing more is charged.',
  )
  expect(await elif.plan('cancel_subscription')).toMatchObject({ object: 'subscription:sub_1006' })
})

test('cancel_subscription asks which one where several could be meant', async () => {
  const { customer } = await openCounter()
  expect(await customer('cus_1005').refusal('cancel_subscription', { subscription: 'cancel my subscription' })).toBe(
    [
      '1. Larkfield Plus: EUR 7.90 a month, renews on 7 December 2026',
      '2. Porch Cloud: EUR 3.90 a month, renews on 30 November 2026',
      '',
      'Which of these should I cancel?',
    ].join('\n'),
  )
  expect(await customer('cus_1001').plan('cancel_subscription')).toMatchObject({ object: 'subscription:sub_1001' })
})

test('cancel_subscription sees no subscription of somebody else', async () => {
  const { customer } = await openCounter()
  expect(await customer('cus_1006').plan('cancel_subscription', { subscription: 'Larkfield Plus' })).toBeNull()
  expect(await customer('cus_1001').plan('cancel_subscription', { subscription: 'sub_1005' })).toBeNull()
})
