import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { enqueueEffectNews } from '../../src/conversations/inbox.ts'
import { createMovableClock } from '../effects/shop.ts'
import { type Setting, visit } from './visit.ts'

const refunds = (app: Awaited<ReturnType<typeof visit>>['app'], ...ids: string[]) =>
  app.db.selectFrom('shop_refunds').select(['charge_id', 'amount']).where('charge_id', 'in', ids).execute()

const desk = z.object({
  packet: z.object({
    effects: z.array(z.object({ tool: z.string(), status: z.string() })),
    reason: z.object({ detail: z.string() }),
    facts: z.array(z.object({ verified: z.boolean() })),
  }),
})
const mailbox = z.object({ mails: z.array(z.object({ text: z.string() })) })

describe.each<Setting>(['offline', 'on a model server'])('%s', (setting) => {
  test('a double charge is found, put to the customer and refunded once', async () => {
    const guest = await visit(setting, 'cus_1001')
    const charge = { charge: 'ch_1001b', reason: 'double_charge' }
    const asked = await guest.say(
      'I was charged twice for my subscription this month',
      ...[
        { tool: 'list_charges', args: {} },
        { tool: 'refund_charge', args: charge },
      ],
    )
    expect(asked.reply.text).toMatch(
      /was charged twice, EUR 7\.90 each.*I can refund EUR 7\.90 .*Visa ending in 4242\. Shall I go ahead\?/s,
    )
    expect(asked.reply.action).toMatchObject({ kind: 'confirm', items: [{ tool: 'refund_charge', approvals: 0 }] })
    expect(await refunds(guest.app, 'ch_1001a', 'ch_1001b')).toEqual([])
    const done = await guest.say('yes please')
    expect(done).toMatchObject({
      status: 'answered',
      reply: { text: expect.stringContaining('EUR 7.90 is on its way') },
    })
    // A second yes, and the same wish again, are no second refund.
    expect((await guest.say('yes')).reply.text).toMatch(/^Nothing is waiting for a yes or a no from you/)
    const again = await guest.say(
      'refund the second charge of EUR 7.90 again',
      ...[{ tool: 'refund_charge', args: charge }, 'It was refunded before.'],
    )
    expect(again.reply.action).toBeUndefined()
    expect(await refunds(guest.app, 'ch_1001a', 'ch_1001b')).toEqual([{ charge_id: 'ch_1001b', amount: 790 }])
    expect(await guest.agree()).toEqual([['refund_charge', 'done']])
  })

  test('news of an effect that the customer was told of meanwhile tells them nothing again', async () => {
    const guest = await visit(setting, 'cus_1001')
    await guest.say('I was charged twice for my subscription this month', {
      tool: 'refund_charge',
      args: { charge: 'ch_1001b', reason: 'double_charge' },
    })
    await guest.say('yes please')
    const { db } = guest.app
    const effect = await db.selectFrom('effects').selectAll().executeTakeFirstOrThrow()
    const { messages } = await guest.thread()
    // As the reconciliation does, which may find out at the same time as a turn.
    await db.transaction().execute((trx) =>
      enqueueEffectNews(
        trx,
        {
          ...{ kind: 'effect' as const, conversationId: effect.conversation_id, occasion: 'settled' },
          effect: { key: effect.key, argsHash: effect.args_hash },
          principal: { customerId: effect.customer_id, assurance: 'verified', channel: 'web' },
          event: { type: 'effect-settled', actor: 'baton', data: { key: effect.key, status: 'done' } },
        },
        Date.now(),
      ),
    )
    await expect
      .poll(() => db.selectFrom('inbox').select('status').where('channel', '=', 'effects').execute(), {
        timeout: 8_000,
      })
      .toEqual([{ status: 'done' }])
    expect((await guest.thread()).messages).toEqual(messages)
    expect(await guest.agree()).toEqual([['refund_charge', 'done']])
  })

  test('a refund above the limit waits for a person, is done when they agree, and the customer hears of it', async () => {
    const guest = await visit(setting, 'cus_1002')
    const asked = await guest.say('I was charged twice for order LF-10310, please refund the second charge', {
      tool: 'refund_charge',
      args: { charge: 'ch_1002b', reason: 'double_charge' },
    })
    expect(asked.reply.text).toContain('A colleague has to agree to it first.')
    const waiting = await guest.say('yes')
    expect(waiting.status).toBe('awaiting_approval')
    expect(await refunds(guest.app, 'ch_1002a', 'ch_1002b')).toEqual([])
    const { card } = await guest.decide('approve', 'Mara')
    expect(card).toMatchObject({ state: 'approved', amount: { minor: 19_900, currency: 'EUR' }, needed: 1 })
    expect(await guest.heard(/EUR 199\.00 is on its way back/)).toMatchObject({ role: 'specialist' })
    expect(await refunds(guest.app, 'ch_1002a', 'ch_1002b')).toEqual([{ charge_id: 'ch_1002b', amount: 19_900 }])
    expect(await guest.agree()).toEqual([['refund_charge', 'done']])
  })

  test('a refund far above the limit needs two people, and their no comes with its reason', async () => {
    const guest = await visit(setting, 'cus_1003')
    const call = { tool: 'refund_charge', args: { charge: 'ch_1003b', reason: 'double_charge' } }
    await guest.say('I was charged twice for my order LF-10412, please refund the second charge', call)
    expect((await guest.say('yes')).reply.text).toContain('Two of my colleagues')
    expect((await guest.decide('approve', 'Mara')).card).toMatchObject({ state: 'pending', needed: 2 })
    expect((await guest.decide('deny', 'Jon', 'The bank has taken the second payment back already.')).card.state).toBe(
      'denied',
    )
    expect((await guest.heard(/decided not to do it/))?.text).toContain(
      'The bank has taken the second payment back already.',
    )
    expect(await refunds(guest.app, 'ch_1003a', 'ch_1003b')).toEqual([])
    expect(await guest.agree()).toEqual([['refund_charge', 'failed']])
  })

  test('inside the window an item is returned with a label, outside it is not', async () => {
    const guest = await visit(setting, 'cus_1004')
    const inside = await guest.say('I want to return the headphones from order LF-10520', {
      tool: 'create_return',
      args: { orderNumber: 'LF-10520', item: 'Quiet 2 headphones', reason: 'changed_mind' },
    })
    expect(inside.reply.text).toMatch(/I can register the return of 1 × Quiet 2 headphones .*Shall I go ahead\?/s)
    expect((await guest.say('yes')).reply.text).toMatch(/registered under RMA-\d+\. Your label: https:/)
    const outside = await guest.say(
      'please register the return of the backpack from order LF-10488',
      ...[
        { tool: 'create_return', args: { orderNumber: 'LF-10488' } },
        'It could be returned for 30 days after delivery.',
      ],
    )
    expect(outside.reply.action).toBeUndefined()
    expect(outside.reply.text).toMatch(/30 days/)
    const returns = await guest.app.db
      .selectFrom('shop_returns')
      .select('order_number')
      .where('order_number', 'in', ['LF-10520', 'LF-10488'])
      .execute()
    expect(returns).toEqual([{ order_number: 'LF-10520' }])
    expect(await guest.agree()).toEqual([['create_return', 'done']])
  })

  test('an item is exchanged for another size', async () => {
    const guest = await visit(setting, 'cus_1004')
    const call = { tool: 'exchange_item', args: { orderNumber: 'LF-10527', newVariant: 'black, L' } }
    let asked = await guest.say('exchange the rain jacket from order LF-10527 for the black one in size L', call)
    if (/Which one/.test(asked.reply.text)) asked = await guest.say('the black one')
    expect(asked.reply.text).toMatch(/I can exchange .*black, M.*black, L.*Shall I go ahead\?/s)
    expect((await guest.say('yes, do it')).reply.text).toMatch(/RMA-\d+/)
    expect(await guest.agree()).toEqual([['exchange_item', 'done']])
  })

  test('an exchange for a size that is sold out by the time of the yes is not made for another size', async () => {
    const guest = await visit(setting, 'cus_1004')
    const call = { tool: 'exchange_item', args: { orderNumber: 'LF-10527', newVariant: 'black, L' } }
    let asked = await guest.say('exchange the rain jacket from order LF-10527 for the black one in size L', call)
    if (/Which one/.test(asked.reply.text)) asked = await guest.say('the black one')
    expect(asked.reply.text).toMatch(/I can exchange .*black, L/s)
    const { db } = guest.app
    const other = await db
      .selectFrom('shop_variants')
      .select('sku')
      .where('product', '=', 'rain-jacket')
      .where('stock', '>', 0)
      .where('variant', 'not in', ['black, L', 'black, M'])
      .executeTakeFirstOrThrow()
    await db
      .updateTable('shop_variants')
      .set({ stock: 0 })
      .where('product', '=', 'rain-jacket')
      .where('sku', '!=', other.sku)
      .execute()
    expect((await guest.say('yes')).reply.text).toContain('not what we had agreed on any more')
    expect(
      await db.selectFrom('shop_exchanges').select('rma').where('order_number', '=', 'LF-10527').execute(),
    ).toEqual([])
  })

  test('a subscription is cancelled at the end of what is paid', async () => {
    const guest = await visit(setting, 'cus_1005')
    const call = { tool: 'cancel_subscription', args: { subscription: 'Larkfield Plus' } }
    const asked = await guest.say('cancel my Larkfield Plus subscription', call)
    expect(asked.reply.text).toMatch(/I can cancel Larkfield Plus .*Shall I go ahead\?/s)
    await guest.say('yes')
    const rows = await guest.app.db
      .selectFrom('shop_subscriptions')
      .select(['plan', 'status'])
      .where('customer_id', '=', 'cus_1005')
      .orderBy('plan')
      .execute()
    expect(rows).toEqual([
      { plan: 'Larkfield Plus', status: 'cancelled' },
      { plan: 'Porch Cloud', status: 'active' },
    ])
    expect(await guest.agree()).toEqual([['cancel_subscription', 'done']])
  })

  test('a router is diagnosed, reset, still broken, and a person goes on with all of it in front of them', async () => {
    const guest = await visit(setting, 'cus_1006')
    const check = { tool: 'run_diagnostics', args: { device: 'Mesh 6' } }
    const reset = { tool: 'reset_device', args: { device: 'Mesh 6' } }
    const asked = await guest.say('my router keeps dropping the wifi, please check it', check, reset)
    expect(asked.reply.text).toMatch(
      /I have checked your Mesh 6 router\..*I can reset your Mesh 6 .*Shall I go ahead\?/s,
    )
    expect((await guest.say('yes')).reply.text).toContain('The reset is done.')
    const handOff = { tool: 'hand_off', args: { to: 'human', reason: 'The Mesh 6 still has a fault after the reset.' } }
    const last = await guest.say('it is still broken', check, handOff)
    expect(last.status).toBe('with_human')
    const { packet } = desk.parse(await (await guest.app.desk.get(`/conversations/${guest.conversationId}`)).json())
    expect(packet.effects).toMatchObject([{ tool: 'reset_device', status: 'done' }])
    expect(packet.reason.detail).toContain('Mesh 6')
    expect(packet.facts.filter(({ verified }) => verified).length).toBeGreaterThan(1)
    expect(await guest.agree()).toEqual([['reset_device', 'done']])
  })
})

test('a newcomer proves who they are by the code in the demo’s mailbox, and has it done', async () => {
  const guest = await visit('offline', null)
  const asked = await guest.say('I was charged twice for my subscription this month')
  expect(asked.reply.citations.length).toBeGreaterThan(0)
  expect(asked.reply.action).toEqual({ kind: 'verify-email' })
  expect((await guest.say('nora.lindqvist@example.com')).reply.action).toEqual({ kind: 'verify-code' })
  const { mails } = mailbox.parse(await (await guest.customer.request('/v1/demo/mailbox')).json())
  const code = /\b\d{6}\b/.exec(mails[0]?.text ?? '')?.[0] ?? ''
  expect((await guest.say(code === '000000' ? '000001' : '000000')).reply.text).toContain('That is not the code.')
  const verified = await guest.say(code)
  expect(verified.reply.text).toMatch(/^Thank you, that is confirmed\..*I can refund EUR 7\.90/s)
  expect((await guest.say('yes')).reply.text).toContain('EUR 7.90 is on its way')
  const { customer } = await guest.thread()
  expect(customer.id).toBe('cus_1001')
  expect(await guest.agree()).toEqual([['refund_charge', 'done']])
})

test('an order of somebody else reads as one that is not there', async () => {
  const guest = await visit('offline', 'cus_1001')
  const theirs = await guest.say('where is my order LF-10310')
  const nobodys = await guest.say('where is my order LF-99999')
  expect(theirs.reply.text.replaceAll('LF-10310', 'X')).toBe(nobodys.reply.text.replaceAll('LF-99999', 'X'))
})

test('a yes is not enough any more once it is not sure who says it', async () => {
  const clock = createMovableClock()
  const guest = await visit('offline', 'cus_1001', { clock })
  const asked = await guest.say('I was charged twice for my subscription this month')
  expect(asked.reply.text).toContain('Shall I go ahead?')
  clock.forward(13 * 3_600_000)
  expect((await guest.say('yes')).reply.text).toContain('I have to be sure who you are')
  expect(await refunds(guest.app, 'ch_1001a', 'ch_1001b')).toEqual([])
})

test('a question that a person hands back is answered as the customer’s, who need not prove again who they are', async () => {
  const guest = await visit('offline', 'cus_1001')
  await guest.say('let me talk to a human')
  expect((await guest.say('where is my order?')).status).toBe('with_human')
  await guest.app.desk.post(guest.conversationId, 'hand-back', { agent: 'Mara' })
  await guest.heard(/I see no orders in your account/)
})
