import { expect, test } from 'vitest'
import type { Channel, OutgoingMessage, PushDelivery } from '../../src/channels/channel.ts'
import { type Clock, systemClock } from '../../src/clock.ts'
import { BILLING, createSmallShop, eventually, RETURNS, type SmallShop, smallConfig, turnOf } from './small-shop.ts'

/** A channel with a server of its own that records what got there. */
function pushChannel(delivery: Partial<PushDelivery> = {}) {
  const sent: OutgoingMessage[] = []
  const looked: string[] = []
  const channel: Channel = {
    name: 'web',
    delivery: {
      async send(message) {
        sent.push(message)
        return { externalId: `out-${sent.length}` }
      },
      async find(id) {
        looked.push(id)
        const at = sent.findIndex((message) => message.id === id)
        return at < 0 ? null : { externalId: `out-${at + 1}` }
      },
      ...delivery,
    },
  }
  return { channel, sent, looked }
}

/** The machine's time, `ahead` of it, that looks again without waiting for a second. */
function clockAhead(ahead: () => number): Clock {
  return {
    now: () => Date.now() + ahead(),
    sleep: (ms, signal) => systemClock.sleep(ms <= 1_000 ? 20 : ms, signal),
  }
}

const outboxOf = (app: SmallShop) =>
  app.db.selectFrom('outbox').select(['id', 'status', 'external_id', 'attempts']).orderBy('created_at').execute()

const settled = (app: SmallShop, status: string) =>
  eventually(async () => {
    const rows = await outboxOf(app)
    return rows.length > 0 && rows.every((row) => row.status === status) && rows
  })

test('a reply is handed to its channel once it is committed', async () => {
  const { channel, sent, looked } = pushChannel()
  const app = await createSmallShop({ channels: [channel] })
  const { reply, conversationId } = await turnOf(app.customer().say(BILLING))
  const rows = await settled(app, 'sent')
  expect(rows).toEqual([{ id: reply?.id, status: 'sent', external_id: 'out-1', attempts: 1 }])
  expect(sent).toEqual([{ id: reply?.id, conversationId, text: reply?.text, author: reply?.author }])
  expect(looked).toEqual([])
})

test('a reply that was sent and not recorded as sent is looked up after the restart, not sent twice', async () => {
  const config = smallConfig()
  // It gets there, and the process dies before it can note it.
  const outside = pushChannel()
  const dying = pushChannel({
    async send(message) {
      outside.sent.push(message)
      return new Promise(() => {})
    },
  })
  const before = await createSmallShop({ channels: [dying.channel] }, config)
  const { reply } = await turnOf(before.customer().say(BILLING))
  await eventually(() => outside.sent.length === 1)
  await before.stop()

  const later = clockAhead(() => 60_000)
  const after = await createSmallShop({ channels: [outside.channel], clock: later }, config)
  const rows = await settled(after, 'sent')
  expect(rows).toMatchObject([{ id: reply?.id, external_id: 'out-1' }])
  expect(outside.looked).toEqual([reply?.id])
  expect(outside.sent).toHaveLength(1)
})

test('a reply that never got there before the crash is sent after the restart', async () => {
  const config = smallConfig()
  const outside = pushChannel()
  const dying = pushChannel({ send: () => new Promise(() => {}) })
  const before = await createSmallShop({ channels: [dying.channel] }, config)
  await turnOf(before.customer().say(BILLING))
  await settled(before, 'sending')
  await before.stop()

  const later = clockAhead(() => 60_000)
  const after = await createSmallShop({ channels: [outside.channel], clock: later }, config)
  await settled(after, 'sent')
  expect(outside.looked).toHaveLength(1)
  expect(outside.sent).toHaveLength(1)
})

test('a send whose answer is lost is looked up before it is tried again', async () => {
  let now = 0
  const outside = pushChannel()
  const { channel } = pushChannel({
    ...(outside.channel.delivery as PushDelivery),
    async send(message) {
      outside.sent.push(message)
      throw new Error('the connection was cut')
    },
  })
  const app = await createSmallShop({ channels: [channel], clock: clockAhead(() => now) })
  await turnOf(app.customer().say(BILLING))
  await settled(app, 'pending')
  now = 600_000
  await settled(app, 'sent')
  expect(outside.sent).toHaveLength(1)
  expect(outside.looked).toHaveLength(1)
})

test('replies of one conversation arrive in order, also when the first has to be tried again', async () => {
  let now = 0
  let broken = true
  const outside = pushChannel()
  const { channel } = pushChannel({
    ...(outside.channel.delivery as PushDelivery),
    async send(message) {
      if (broken) throw new Error('down')
      outside.sent.push(message)
      return { externalId: `out-${outside.sent.length}` }
    },
  })
  const app = await createSmallShop({ channels: [channel], clock: clockAhead(() => now) })
  const customer = app.customer()
  const first = await turnOf(customer.say(BILLING))
  await settled(app, 'pending')
  broken = false
  const second = await turnOf(customer.say({ conversationId: first.conversationId, text: RETURNS }))
  const other = await turnOf(app.customer().say(BILLING))
  // Another conversation does not wait for it.
  await eventually(() => outside.sent.some(({ id }) => id === other.reply?.id))
  now = 600_000
  await settled(app, 'sent')
  const mine = outside.sent.filter(({ conversationId }) => conversationId === first.conversationId)
  expect(mine.map(({ id }) => id)).toEqual([first.reply?.id, second.reply?.id])
})

test('after eight tries a reply is set aside and the next one goes out', async () => {
  let now = 0
  let refuse = true
  const outside = pushChannel()
  const { channel } = pushChannel({
    ...(outside.channel.delivery as PushDelivery),
    async send(message) {
      if (refuse) throw new Error('no such address')
      outside.sent.push(message)
      return { externalId: 'out' }
    },
  })
  const app = await createSmallShop({ channels: [channel], clock: clockAhead(() => now) })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say(BILLING))
  await eventually(async () => {
    now += 600_000
    return (await outboxOf(app)).some(({ status, attempts }) => status === 'dead' && attempts === 8)
  })
  refuse = false
  const { reply } = await turnOf(customer.say({ conversationId, text: RETURNS }))
  await eventually(() => outside.sent.length === 1)
  expect(outside.sent[0]?.id).toBe(reply?.id)
})
