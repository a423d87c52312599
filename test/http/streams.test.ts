import { expect, test } from 'vitest'
import { serve } from '../../src/main.ts'
import { parseEvents } from '../app.ts'
import { GatedModel } from '../conversations/gated-model.ts'
import {
  arrived,
  BILLING,
  createSmallShop,
  facts,
  PERSON,
  RETURNS,
  smallConfig,
  turnOf,
} from '../conversations/small-shop.ts'
import { readEvents } from './event-reader.ts'

const SSE = { Accept: 'text/event-stream' }
const ANSWER = ['It is refunded. ', 'That takes 5 business days [1]. ', 'Nothing to do.']

const tokens = (events: ReturnType<typeof parseEvents>) =>
  events.flatMap(({ event, data }) => (event === 'token' ? [(data as { text: string }).text] : []))

test('a client that comes back with Last-Event-ID gets every event once, wherever it was cut off', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say(BILLING))
  await turnOf(customer.say({ conversationId, text: PERSON }))
  await turnOf(app.desk.post(conversationId, 'reply', { agent: 'Mara', text: 'Here I am.' }))
  await turnOf(app.desk.post(conversationId, 'close', { agent: 'Mara' }))
  const from = async (id?: string) => {
    const headers = new Headers(id === undefined ? [] : [['Last-Event-ID', id]])
    const page = readEvents(await customer.request(`/v1/conversations/${conversationId}/events`, { headers }))
    const events = await page.until((all) => JSON.stringify(all.at(-1)?.data) === '{"status":"closed"}')
    await page.close()
    return events
  }
  const all = await from()
  expect(all.map(({ event }) => event)).toEqual([
    ...['message', 'route', 'message', 'message', 'route', 'message', 'escalation', 'status', 'escalation', 'message'],
    ...['escalation', 'status', 'status'],
  ])
  for (const [i, { id }] of all.entries())
    if (id !== undefined && i < all.length - 1) expect(await from(id)).toEqual(all.slice(i + 1))
})

test.each(['-1', 'abc', '1e400', '99999999999999999999', '1.5', 'NaN'])(
  'Last-Event-ID %s starts from the beginning',
  async (id) => {
    const app = await createSmallShop()
    const customer = app.customer()
    const { conversationId } = await turnOf(customer.say(BILLING))
    const path = `/v1/conversations/${conversationId}/events`
    const page = readEvents(await customer.request(path, { headers: { 'Last-Event-ID': id } }))
    const events = await page.until((all) => all.length === 3)
    await page.close()
    expect(events[0]).toMatchObject({ event: 'message', data: { text: BILLING } })
  },
)

test('a stream asks to be resumed after a second', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const response = await customer.say(BILLING, SSE)
  expect(await response.text()).toMatch(/^retry: 1000\n\n/)
  const [conversation] = await app.db.selectFrom('conversations').select('id').execute()
  const page = readEvents(await customer.request(`/v1/conversations/${conversation?.id}/events`))
  await page.until((all) => all.length > 0)
  await page.close()
  expect(page.raw()).toMatch(/^retry: 1000\n\n/)
})

test('sentences arrive while the answer is being written', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const stream = readEvents(await app.customer().say(BILLING, SSE))
  const call = await model.asked(1)
  call.write(ANSWER[0] ?? '')
  await stream.until((events) => tokens(events).join('') === ANSWER[0])
  call.write(ANSWER[1] ?? '')
  await stream.until((events) => tokens(events).length === 2)
  call.write(ANSWER[2] ?? '')
  call.end()
  const events = await stream.rest()
  expect(tokens(events).join('')).toBe(ANSWER.join(''))
  expect(events.at(-1)).toMatchObject({ event: 'done', data: { reply: { text: ANSWER.join('') } } })
})

test('the same message posted again with Last-Event-ID goes on where the stream was cut, and a client that is gone ends nothing', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  await turnOf(customer.say('hello'))
  const message = { messageId: 'm-1', text: BILLING }
  const cut = readEvents(await customer.say(message, SSE))
  const call = await model.asked(1)
  call.write(`${ANSWER[0]}${ANSWER[1]}`)
  const before = await cut.until((events) => tokens(events).length > 0)
  await cut.close()

  const again = readEvents(await customer.say(message, { ...SSE, 'Last-Event-ID': before.at(-1)?.id ?? '' }))
  call.write(ANSWER[2] ?? '')
  call.end()
  const after = await again.rest()
  expect([...tokens(before), ...tokens(after)].join('')).toBe(ANSWER.join(''))
  expect(after.filter(({ event }) => event === 'route')).toEqual([])
  expect(after.at(-1)).toMatchObject({ event: 'done', data: { status: 'answered' } })
  expect(model.calls).toHaveLength(1)

  // Long after the turn: everything again, or only what is missing.
  const whole = parseEvents(await (await customer.say(message, SSE)).text())
  expect(tokens(whole).join('')).toBe(ANSWER.join(''))
  const last = whole.findLast(({ event }) => event === 'message')
  const rest = parseEvents(await (await customer.say(message, { ...SSE, 'Last-Event-ID': last?.id ?? '' })).text())
  expect(rest.map(({ event }) => event)).toEqual(['accepted', 'done'])
})

test('everybody who follows a conversation sees what happens in it', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const path = `/v1/conversations/${conversationId}/events`
  const pages = await Promise.all([1, 2, 3].map(async () => readEvents(await customer.request(path))))
  const waiting = customer.say({ conversationId, text: BILLING })
  const call = await model.asked(1)
  for (const page of pages) await page.until((events) => JSON.stringify(events).includes(BILLING))
  const newer = customer.say({ conversationId, text: RETURNS })
  await arrived(app, conversationId, 3)
  call.answer('This is never sent.')
  const next = await model.asked(2)
  next.answer('Send it back [1].')
  await Promise.all([turnOf(waiting), turnOf(newer)])
  for (const page of pages) {
    const events = await page.until((all) => JSON.stringify(all).includes('Send it back'))
    expect(JSON.stringify(events)).not.toContain('never sent')
    await page.close()
  }
  const recorded = await facts(app, conversationId)
  expect(recorded.map(({ type }) => type)).toContain('reply-superseded')
})

test('a conversation that changes hands ends its old owner’s stream with an error that says so', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say(PERSON))
  const page = readEvents(await customer.request(`/v1/conversations/${conversationId}/events`))
  await page.until((events) => events.length > 2)
  await app.db.updateTable('conversations').set({ customer_id: 'ann' }).where('id', '=', conversationId).execute()
  await turnOf(app.desk.post(conversationId, 'reply', { agent: 'Mara', text: 'only for Ann' }))
  const events = await page.rest()
  expect(events.at(-1)).toEqual({
    event: 'error',
    data: { code: 'conversation.not_found', message: 'There is no such conversation.' },
  })
  expect(JSON.stringify(events)).not.toContain('only for Ann')
})

test('over a real connection: a client that hangs up leaves a turn that is answered', async () => {
  const model = new GatedModel()
  const server = await serve(smallConfig({ PORT: '0' }), undefined, { model })
  try {
    const post = (headers: Record<string, string>, signal?: AbortSignal) =>
      fetch(`${server.url}/v1/chat`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ messageId: 'm-1', text: BILLING }),
        ...(signal && { signal }),
      })
    const gone = new AbortController()
    const response = await post(SSE, gone.signal)
    const Cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
    const call = await model.asked(1)
    const waiting = new AbortController()
    const second = post({ Cookie }, waiting.signal)
    gone.abort()
    waiting.abort()
    await expect(second).rejects.toThrow()
    call.answer('It is refunded [1].')
    expect(await turnOf(post({ Cookie }))).toMatchObject({ status: 'answered', reply: { text: 'It is refunded [1].' } })
    expect(model.calls).toHaveLength(1)
  } finally {
    await server.stop()
  }
})
