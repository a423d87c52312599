import { expect, test } from 'vitest'
import { z } from 'zod'
import { parseEvents } from '../app.ts'
import { GatedModel } from '../conversations/gated-model.ts'
import {
  arrived,
  BILLING,
  createSmallShop,
  errorOf,
  inboxOf,
  RETURNS,
  smallConfig,
  threadOf,
  turnOf,
} from '../conversations/small-shop.ts'
import { readEvents } from './event-reader.ts'

const SSE = { Accept: 'text/event-stream' }

const described = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        summary: z.string().min(1),
        responses: z.record(
          z.string(),
          z.object({
            description: z.string().min(1),
            content: z.record(z.string(), z.object({ schema: z.unknown() })).optional(),
          }),
        ),
      }),
    ),
  ),
})

test('the OpenAPI document lists every route under /v1 and nothing else', async () => {
  const app = await createSmallShop()
  const { paths } = described.parse(await (await app.server.request('/openapi.json')).json())
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = app.server.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/') && !path.startsWith('/v1/owner/'))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`)
  expect(listed.toSorted()).toEqual([...new Set(served)].toSorted())
  expect(listed).toContain('POST /v1/chat')
})

test('every refusal in the OpenAPI document has the one shape, and every route names those it can give', async () => {
  const app = await createSmallShop()
  const { paths } = described.parse(await (await app.server.request('/openapi.json')).json())
  for (const [path, methods] of Object.entries(paths))
    for (const [method, { responses }] of Object.entries(methods)) {
      const name = `${method} ${path}`
      const refusals = Object.entries(responses).filter(([status]) => !status.startsWith('2'))
      for (const [status, { content }] of refusals)
        expect(content?.['application/json']?.schema, `${name} ${status}`).toEqual({
          $ref: '#/components/schemas/Error',
        })
      const statuses = refusals.map(([status]) => status)
      expect(statuses, name).toEqual(expect.arrayContaining(path === '/v1/session' ? ['401'] : ['401', '404']))
      if (method === 'post') expect(statuses, name).toEqual(expect.arrayContaining(['400', '413', '415']))
    }
})

test('nothing is served outside the named paths', async () => {
  const app = await createSmallShop()
  const open = app.server.routes.filter(({ method }) => method !== 'ALL').map(({ path }) => path)
  const named =
    /^\/($|health$|ready$|openapi\.json$|docs(\/|$)|assets\/|v1\/(chat|session$|conversations\/|desk\/|owner\/|demo\/)|demo\/mailbox$)/
  expect(open.filter((path) => !named.test(path))).toEqual([])
})

test('the API page and its parts are served from here', async () => {
  const app = await createSmallShop()
  expect((await app.server.request('/docs')).headers.get('location')).toBe('/docs/')
  for (const path of ['/docs/', '/docs/start.js', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'])
    expect((await app.server.request(path)).status, path).toBe(200)
  for (const path of [
    '/docs/package.json',
    '/docs/..%2f..%2fpackage.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/nothing.js',
  ])
    expect((await errorOf(app.server.request(path))).status, path).toBe(404)
})

test('health says what writes the replies, and ready what is there', async () => {
  const app = await createSmallShop()
  expect(await (await app.server.request('/health')).json()).toEqual({ status: 'ok', model: 'offline' })
  expect(await (await app.server.request('/ready')).json()).toMatchObject({ status: 'ready', articles: 3 })
})

test('a process that stops is not ready', async () => {
  const app = await createSmallShop()
  await app.stop()
  expect(await errorOf(app.server.request('/ready'))).toMatchObject({ status: 503, code: 'server.stopping' })
  expect((await app.server.request('/health')).status).toBe(200)
})

test.each([
  ['GET', '/nothing'],
  ['GET', '/v1'],
  ['GET', '/v1/chat'],
  ['DELETE', '/v1/chat'],
  ['GET', '/v1/conversations/'],
  ['POST', '/openapi.json'],
  ['GET', '/.env'],
  ['GET', '/%E0%A4%A'],
])('%s %s is not there, and says so in JSON', async (method, path) => {
  const app = await createSmallShop()
  expect(await errorOf(app.server.request(path, { method }))).toEqual({
    status: 404,
    code: 'request.not_found',
    message: 'There is nothing here.',
  })
})

test('every response, a refusal too, carries the headers that protect a page', async () => {
  const app = await createSmallShop()
  for (const path of ['/health', '/openapi.json', '/nothing', '/v1/desk/queue', '/v1/conversations/7', '/docs/']) {
    const { headers } = await app.server.request(path)
    expect(headers.get('x-content-type-options'), path).toBe('nosniff')
    expect(headers.get('x-frame-options'), path).toBe('DENY')
    expect(headers.get('referrer-policy'), path).toBe('no-referrer')
    expect(headers.get('content-security-policy'), path).toMatch(/default-src 'none'.*script-src 'self'/)
    expect(headers.get('access-control-allow-origin'), path).toBeNull()
  }
})

test('more messages a minute than allowed are refused before they are stored, for that customer alone', async () => {
  const config = smallConfig()
  const app = await createSmallShop({}, { ...config, http: { ...config.http, messagesPerMinute: 3 } })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say(BILLING))
  for (let n = 0; n < 2; n += 1) await turnOf(customer.say({ conversationId, text: RETURNS }))
  const refused = await customer.say({ conversationId, text: 'one too many' })
  const seconds = Number(refused.headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(60)
  expect(await errorOf(refused)).toMatchObject({ status: 429, code: 'request.too_many' })
  expect(await inboxOf(app, conversationId)).toHaveLength(3)
  expect((await threadOf(customer, conversationId)).messages).toHaveLength(6)
  await turnOf(app.customer().say(BILLING))
})

test('with too much waiting a new message is refused, an accepted one is not', async () => {
  const config = smallConfig()
  const model = new GatedModel()
  const app = await createSmallShop({ model }, { ...config, inbox: { maxWaiting: 1 } })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const accepted = customer.say({ conversationId, messageId: 'm-1', text: BILLING })
  const call = await model.asked(1)
  const refused = await customer.say({ conversationId, messageId: 'm-2', text: RETURNS })
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(await errorOf(refused)).toMatchObject({ status: 429, code: 'conversation.overloaded' })
  expect(await inboxOf(app, conversationId)).toHaveLength(2)
  // The one that is waiting may be asked for again.
  const again = readEvents(await customer.say({ conversationId, messageId: 'm-1', text: BILLING }, SSE))
  await again.until((events) => events.some(({ event }) => event === 'accepted'))
  const agent = app.desk.post(conversationId, 'take-over', { agent: 'Mara' })
  await arrived(app, conversationId, 3)
  call.answer('It is refunded [1].')
  const events = await again.rest()
  expect(events.at(-1)).toMatchObject({ event: 'done', data: await turnOf(accepted) })
  await turnOf(agent)
})

test('a refusal is the same whether the answer was to be streamed or not', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const plain = await errorOf(customer.say({ text: '' }))
  expect(await errorOf(customer.say({ text: '' }, SSE))).toEqual(plain)
})

test('a fault of ours says nothing about itself, and nothing is half stored', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  await app.db.schema.alterTable('events').renameTo('events_away').execute()
  const broken = await customer.say({ conversationId, text: BILLING })
  expect(await errorOf(broken)).toEqual({ status: 500, code: 'internal', message: 'Something went wrong on our side.' })
  await app.db.schema.alterTable('events_away').renameTo('events').execute()
  expect(await inboxOf(app, conversationId)).toHaveLength(1)
  const events = parseEvents(await (await customer.say({ conversationId, text: BILLING }, SSE)).text())
  expect(events.at(-1)).toMatchObject({ event: 'done', data: { status: 'answered' } })
})
