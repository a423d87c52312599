import { fakeModel } from '@langchain/core/testing'
import SqliteFile from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { parseEvents } from '../app.ts'
import { GatedModel } from './gated-model.ts'
import {
  BILLING,
  createSmallShop,
  deskViewOf,
  facts,
  queueOf,
  smallConfig,
  threadOf,
  threadTexts,
  turnOf,
} from './small-shop.ts'

test('a model that fails brings a person, and the customer one true sentence', async () => {
  const app = await createSmallShop({ model: fakeModel().alwaysThrow(new Error('secret-detail at /srv/model.ts:3')) })
  const customer = app.customer()
  const failed = await turnOf(customer.say(BILLING))
  expect(failed).toMatchObject({
    status: 'with_human',
    reply: { author: { kind: 'system' }, citations: [] },
    escalation: { reason: 'tool_failure', status: 'open' },
  })
  expect(JSON.stringify([failed, await threadOf(customer, failed.conversationId)])).not.toContain('secret-detail')
  expect(await queueOf(app)).toMatchObject([{ conversationId: failed.conversationId, reason: 'tool_failure' }])
  expect(await facts(app, failed.conversationId)).toContainEqual(
    expect.objectContaining({
      type: 'turn-failed',
      data: expect.objectContaining({ turnId: failed.turnId, node: 'billing' }),
    }),
  )
  const { packet } = await deskViewOf(app, failed.conversationId)
  expect(packet.attempted).toContainEqual(expect.objectContaining({ by: 'billing', result: 'failed' }))
  expect(packet.asks).toMatchObject([{ text: BILLING, status: 'open' }])
})

test('a model that breaks off in the middle of its answer brings a person, and the half answer is not kept', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const response = customer.say(BILLING, { Accept: 'text/event-stream' })
  const call = await model.asked(1)
  call.write('The first half. And the ')
  call.fail('cut off')
  const events = parseEvents(await (await response).text())
  expect(events.at(-1)).toMatchObject({
    event: 'done',
    data: { status: 'with_human', reply: { author: { kind: 'system' } } },
  })
  expect(events.map(({ event }) => event)).not.toContain('error')
  const { conversationId } = z.object({ conversationId: z.uuid() }).parse(events[0]?.data)
  expect(JSON.stringify(await threadOf(customer, conversationId))).not.toContain('first half')
  expect((await threadTexts(app, conversationId)).join()).not.toContain('first half')
})

test('an empty answer brings a person', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const answered = turnOf(app.customer().say(BILLING))
  const call = await model.asked(1)
  call.answer('  \n ')
  expect(await answered).toMatchObject({ status: 'with_human', reply: { author: { kind: 'system' } } })
})

test('an answer that holds a secret is held back, also while it is written', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const response = customer.say(BILLING, { Accept: 'text/event-stream' })
  const call = await model.asked(1)
  call.answer('Of course. The key is sk-abcdefghijklmnopqrstuvwx. Anything else?')
  const text = await (await response).text()
  expect(text).not.toContain('sk-abc')
  expect(text).not.toContain('Anything else?')
  expect(parseEvents(text).at(-1)).toMatchObject({ event: 'done', data: { status: 'with_human' } })
  expect(JSON.stringify(await app.db.selectFrom('events').selectAll().execute())).not.toContain('sk-abc')
})

test('with every model down the customer gets a degraded answer with its sources', async () => {
  const app = await createSmallShop({}, smallConfig({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' }))
  const answered = await turnOf(app.customer().say(BILLING))
  expect(answered).toMatchObject({
    status: 'answered',
    reply: { degraded: true, model: 'offline', citations: [{ articleId: 'billing/charged-twice' }] },
  })
})

test('a router that throws brings a person', async () => {
  const app = await createSmallShop({
    router: {
      route() {
        throw new Error('no router')
      },
    },
  })
  const failed = await turnOf(app.customer().say(BILLING))
  expect(failed).toMatchObject({ status: 'with_human', route: null, escalation: { reason: 'tool_failure' } })
})

test('a graph that cannot run at all brings a person, and what the customer writes then stays with the person', async () => {
  const config = smallConfig()
  const app = await createSmallShop({}, config)
  const checkpoints = new SqliteFile(config.databaseUrl.replace('file:', '').replace(/\.db$/, '.checkpoints.db'))
  onTestFinished(() => void checkpoints.close())
  checkpoints.exec('ALTER TABLE writes RENAME TO writes_away')
  const customer = app.customer()
  const first = await turnOf(customer.say(BILLING))
  expect(first).toMatchObject({
    status: 'with_human',
    reply: { author: { kind: 'system' } },
    escalation: { reason: 'tool_failure', status: 'open' },
  })
  const { conversationId } = first
  expect(await queueOf(app)).toMatchObject([{ conversationId, reason: 'tool_failure' }])
  expect((await deskViewOf(app, conversationId)).packet.transcript).toMatchObject([
    { text: BILLING },
    { role: 'system' },
  ])

  checkpoints.exec('ALTER TABLE writes_away RENAME TO writes')
  const second = await turnOf(customer.say({ conversationId, text: BILLING }))
  expect(second).toMatchObject({ status: 'with_human', reply: null, escalation: { id: first.escalation?.id } })
  expect(await queueOf(app)).toHaveLength(1)
})
