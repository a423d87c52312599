import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scratch } from '../app.ts'
import { DESK_TOKEN } from './agent.ts'
import { CUSTOMER_AUDIENCE, CUSTOMER_SECRET, createCustomer } from './customers.ts'
import { delivered, dieAfterNextSend, recordingChannel, scriptedArticles } from './scripted.ts'
import { createScriptedApp, eventually } from './scripted-app.ts'
import type { ServerOrder } from './server-process.ts'
import { createServers, type Servers } from './servers.ts'
import { judge, problemsOf } from './verdict.ts'

const STUCK = 120_000
const QUESTION = 'I was charged twice'
let servers: Servers

beforeAll(async () => {
  servers = await createServers()
}, STUCK)
afterAll(() => servers.close())

function orderIn(folder: string, model = { least: 0, most: 10 }): ServerOrder & { channelFile: string } {
  const env = {
    PORT: '0',
    DATABASE_URL: `file:${join(folder, 'baton.db')}`,
    ARTICLES_DIR: scriptedArticles(folder),
    DEBOUNCE_MS: '10',
    DESK_TOKEN,
    CUSTOMER_JWT_SECRET: CUSTOMER_SECRET,
    CUSTOMER_JWT_AUDIENCE: CUSTOMER_AUDIENCE,
  }
  return { env, model, inbox: true, channelFile: join(folder, 'channel.jsonl') }
}

async function desk(url: string, conversationId: string | undefined, action: string, body: object) {
  const response = await fetch(`${url}/v1/desk/conversations/${conversationId}/${action}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${DESK_TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ agent: 'Noor', ...body }),
  })
  return response.status
}

test('a conversation goes on with its history after the server was killed', { timeout: STUCK }, async () => {
  const order = orderIn(scratch())
  const customer = await createCustomer('c')
  const before = await servers.start(order)
  await customer.send(before.url, customer.write(QUESTION), 'json')
  const earlier = (await customer.thread(before.url)).messages
  await before.kill()

  const after = await servers.start(order)
  const next = customer.write('And when do I get it back?')
  await customer.send(after.url, next, 'json')
  const { messages } = await customer.thread(after.url)
  expect(messages.slice(0, 2)).toEqual(earlier)
  expect(messages.map(({ role }) => role)).toEqual(['customer', 'specialist', 'customer', 'specialist'])
  // Asked about the new message alone: the thread before it was there.
  expect(next.told[0]?.reply?.text).toContain(`Asked: ${next.text}.`)
  await after.kill()
})

test('a person who owns the conversation still does after the server was killed', { timeout: STUCK }, async () => {
  const order = orderIn(scratch())
  const customer = await createCustomer('c')
  const before = await servers.start(order)
  await customer.send(before.url, customer.write('let me talk to a person'), 'json')
  expect((await customer.thread(before.url)).status).toBe('with_human')
  await before.kill()

  const after = await servers.start(order)
  const waiting = customer.write('Are you there?')
  await customer.send(after.url, waiting, 'json')
  expect(waiting.told[0]).toMatchObject({ status: 'with_human', reply: null })
  expect(await desk(after.url, customer.conversationId, 'reply', { text: 'Noor here.' })).toBe(200)
  await after.kill()

  const later = await servers.start(order)
  expect(await desk(later.url, customer.conversationId, 'hand-back', {})).toBe(200)
  const last = customer.write(QUESTION)
  await customer.send(later.url, last, 'json')
  expect(last.told[0]).toMatchObject({ status: 'answered' })
  const { status, messages } = await customer.thread(later.url)
  expect(status).toBe('open')
  expect(messages.map(({ role }) => role)).toEqual([
    'customer',
    'system',
    'customer',
    'agent',
    'customer',
    'specialist',
  ])
  await later.kill()
})

test.each([
  { finds: true, name: 'a channel that can be asked gets each reply once', most: 1 },
  { finds: false, name: 'a channel that cannot be asked gets at most one copy more for each crash', most: 2 },
])('killed between sending and noting it: $name', { timeout: STUCK }, async ({ finds, most }) => {
  const order = { ...orderIn(scratch()), channelFinds: finds }
  const customer = await createCustomer('c')
  for (let crash = 0; crash < 3; crash += 1) {
    const server = await servers.start(order)
    dieAfterNextSend(order.channelFile)
    await customer.send(server.url, customer.write(QUESTION), 'json')
    expect(await server.exited).toBe('SIGKILL')
  }
  const server = await servers.start(order)
  await customer.send(server.url, customer.write(QUESTION), 'json')
  const replies = await eventually(
    () => delivered(order.channelFile),
    (taken) => new Set(taken.map(({ id }) => id)).size === 4,
  )
  server.signal('SIGTERM')
  expect(await server.exited).toBe(0)
  for (const { id } of replies) {
    const copies = delivered(order.channelFile).filter((reply) => reply.id === id).length
    expect(copies).toBeGreaterThanOrEqual(1)
    expect(copies).toBeLessThanOrEqual(most)
  }
})

test('stopped under load, again and again, it ends in time and loses and doubles nothing', {
  timeout: STUCK,
}, async () => {
  const order = orderIn(scratch(), { least: 50, most: 400 })
  const customers = await Promise.all(Array.from({ length: 6 }, (_, i) => createCustomer(`c${i}`)))
  for (let stop = 0; stop < 5; stop += 1) {
    const server = await servers.start(order)
    const traffic = Promise.all(
      customers.flatMap((customer) =>
        customer.conversationId
          ? [1, 2].map(() =>
              customer.send(server.url, customer.write(QUESTION), Math.random() < 0.5 ? 'json' : 'stream'),
            )
          : [customer.send(server.url, customer.write(QUESTION), 'stream')],
      ),
    )
    await new Promise((resolve) => setTimeout(resolve, stop === 0 ? 1_500 : Math.random() * 600))
    server.signal('SIGTERM')
    expect(await server.exited).toBe(0)
    await traffic
  }
  const app = await createScriptedApp({
    databaseUrl: String(order.env.DATABASE_URL),
    channels: [recordingChannel(order.channelFile)],
  })
  await eventually(
    async () => [
      ...(await app.db.selectFrom('inbox').select('id').where('status', 'in', ['new', 'running']).execute()),
      ...(await app.db.selectFrom('outbox').select('id').where('status', '!=', 'sent').execute()),
    ],
    (open) => open.length === 0,
  )
  const sent = customers.flatMap(({ messages }) => messages)
  expect(sent.filter(({ acknowledged }) => acknowledged).length).toBeGreaterThan(6)
  expect(problemsOf(await judge(app, sent, delivered(order.channelFile)))).toEqual([])
  expect(await app.db.selectFrom('escalations').select('detail').execute(), 'a restart is no failed turn').toEqual([])
})
