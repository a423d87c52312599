import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Clock, systemClock } from '../../src/clock.ts'
import { chatResponse } from '../../src/http/schemas.ts'
import { parseEvents } from '../app.ts'
import { readEvents } from '../http/event-reader.ts'
import { GatedModel } from './gated-model.ts'
import {
  arrived,
  BILLING,
  createSmallShop,
  eventually,
  facts,
  inboxOf,
  RETURNS,
  type SmallShop,
  smallConfig,
  threadOf,
  threadTexts,
  turnOf,
} from './small-shop.ts'

const TWICE = 'A double charge is refunded within 5 business days [1].'
const ZIP = 'Send it back free of charge within 30 days [1].'

/** The machine's time, except that the silence after a burst lasts until the test says that it has passed. */
function heldDebounce() {
  let ahead = 0
  let waiting: (() => void)[] = []
  const clock: Clock = {
    now: () => Date.now() + ahead,
    sleep(ms, signal) {
      if (ms <= 1_000 || ms > 10_000) return systemClock.sleep(ms, signal)
      return new Promise((resolve) => {
        waiting.push(resolve)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      })
    },
  }
  return {
    clock,
    async pass() {
      await eventually(() => waiting.length > 0)
      ahead += 20_000
      for (const resolve of waiting) resolve()
      waiting = []
    },
  }
}

async function opened(app: SmallShop): Promise<string> {
  const { id } = await eventually(() => app.db.selectFrom('conversations').select('id').executeTakeFirst())
  return id
}

test('a new message is answered, and everything it led to is on record', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const answered = await turnOf(customer.say({ messageId: 'm-1', text: BILLING }))
  expect(answered).toMatchObject({
    messageId: 'm-1',
    status: 'answered',
    route: { to: 'billing', by: 'local' },
    reply: {
      author: { kind: 'specialist', name: 'billing' },
      citations: [{ title: 'Charged twice for a subscription' }],
    },
  })
  expect(await inboxOf(app, answered.conversationId)).toMatchObject([
    { external_id: 'm-1', status: 'done', turn_id: answered.turnId, attempts: 1 },
  ])
  expect((await facts(app, answered.conversationId)).map(({ type }) => type)).toEqual([
    'conversation-opened',
    'message-received',
    'route-decided',
    'passages-used',
    'claim-made',
    'message-sent',
  ])
  const outbox = await app.db.selectFrom('outbox').select(['id', 'status', 'turn_id']).execute()
  expect(outbox).toEqual([{ id: answered.reply?.id, status: 'sent', turn_id: answered.turnId }])
})

test('the events of a streamed turn come as route, tokens, citations, message, done', async () => {
  const app = await createSmallShop()
  const response = await app.customer().say(BILLING, { Accept: 'text/event-stream' })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const events = parseEvents(await response.text())
  const order = events.map(({ event }) => event).filter((event, i, all) => event !== all[i - 1])
  expect(order).toEqual(['accepted', 'route', 'token', 'citation', 'message', 'done'])
  const done = chatResponse.parse(events.at(-1)?.data)
  expect(events.find(({ event }) => event === 'message')?.data).toMatchObject({ ...done.reply, role: 'specialist' })
  expect(events.filter(({ event }) => event === 'citation').map(({ data }) => data)).toEqual(done.reply?.citations)
  expect(events.filter(({ event, id }) => event !== 'accepted' && id === undefined)).toEqual([])
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
})

test('the same messageId of a finished turn gets the same body, and nothing runs again', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const first = await turnOf(customer.say({ messageId: 'm-1', text: BILLING }))
  const before = await facts(app, first.conversationId)
  expect(await turnOf(customer.say({ messageId: 'm-1', text: BILLING }))).toEqual(first)
  expect(await turnOf(customer.say({ messageId: 'm-1', text: BILLING, conversationId: first.conversationId }))).toEqual(
    first,
  )
  expect(await facts(app, first.conversationId)).toEqual(before)
  expect(await inboxOf(app, first.conversationId)).toHaveLength(1)
})

test('the same messageId of a running turn waits for its one result', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  await turnOf(customer.say('hello'))
  const first = customer.say({ messageId: 'm-1', text: BILLING })
  const call = await model.asked(1)
  const again = Promise.all([1, 2, 3].map(() => turnOf(customer.say({ messageId: 'm-1', text: BILLING }))))
  call.answer(TWICE)
  const answered = await turnOf(first)
  expect(answered.reply?.text).toBe(TWICE)
  for (const result of await again) expect(result).toEqual(answered)
  expect(model.calls).toHaveLength(1)
})

test('two copies of a new message that arrive together open one conversation', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  await turnOf(customer.say('hello'))
  const results = await Promise.all([1, 2, 3, 4].map(() => turnOf(customer.say({ messageId: 'm-1', text: BILLING }))))
  expect(new Set(results.map(({ conversationId }) => conversationId)).size).toBe(1)
  expect(await app.db.selectFrom('conversations').select('id').execute()).toHaveLength(2)
})

test('messages close together are one turn: the first is answered, the others are merged into it', async () => {
  const model = new GatedModel()
  const { clock, pass } = heldDebounce()
  const app = await createSmallShop({ model, clock }, smallConfig({ DEBOUNCE_MS: '10000' }))
  const customer = app.customer()
  const greeting = customer.say('hello')
  const conversationId = await opened(app)
  await pass()
  await turnOf(greeting)
  const texts = ['Hi, me again', BILLING, 'can you check that please']
  const sent: (Response | Promise<Response>)[] = []
  for (const [i, text] of texts.entries()) {
    sent.push(customer.say({ conversationId, messageId: `m-${i}`, text }))
    await arrived(app, conversationId, i + 2)
  }
  await pass()
  const call = await model.asked(1)
  expect(call.prompt.slice(-3).map(({ text }) => text)).toEqual(texts)
  call.answer(TWICE)
  const [lead, ...others] = await Promise.all(sent.map(turnOf))
  expect(lead).toMatchObject({ status: 'answered', messageId: 'm-0', reply: { text: TWICE } })
  for (const other of others)
    expect(other).toMatchObject({ status: 'merged', turnId: lead?.turnId, reply: { id: lead?.reply?.id } })
  expect(model.calls).toHaveLength(1)
  const rows = (await inboxOf(app, conversationId)).slice(1)
  expect(rows.map(({ turn_id, status }) => [turn_id, status])).toEqual(texts.map(() => [lead?.turnId, 'done']))
})

test('a newer message before the reply is sent replaces the turn: earlier callers get the later reply', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const first = customer.say({ conversationId, messageId: 'm-1', text: BILLING })
  const unsent = await model.asked(1)
  const second = customer.say({ conversationId, messageId: 'm-2', text: RETURNS })
  await arrived(app, conversationId, 3)
  unsent.answer('This is never sent.')
  const call = await model.asked(2)
  expect(call.prompt.filter((message) => message.getType() === 'human').map(({ text }) => text)).toEqual([
    'hello',
    BILLING,
    RETURNS,
  ])
  expect(call.prompt.map(({ text }) => text).join()).not.toContain('never sent')
  call.answer(TWICE)
  const [merged, answered] = await Promise.all([turnOf(first), turnOf(second)])
  expect(answered).toMatchObject({ status: 'answered', reply: { text: TWICE } })
  expect(merged).toMatchObject({ status: 'merged', turnId: answered.turnId, reply: { id: answered.reply?.id } })

  const recorded = await facts(app, conversationId)
  expect(recorded.filter(({ type }) => type === 'reply-superseded')).toMatchObject([{ data: { by: answered.turnId } }])
  expect(JSON.stringify(recorded)).not.toContain('never sent')
  const spent = await app.db.selectFrom('conversations').select('model_calls').executeTakeFirstOrThrow()
  expect(spent).toEqual({ model_calls: 2 })
  expect(JSON.stringify(await threadOf(customer, conversationId))).not.toContain('never sent')
  expect((await threadTexts(app, conversationId)).slice(-3)).toEqual([BILLING, RETURNS, TWICE])
  expect(await app.db.selectFrom('outbox').select('id').where('turn_id', '=', answered.turnId).execute()).toHaveLength(
    1,
  )
  expect(await app.db.selectFrom('outbox').select('id').execute()).toHaveLength(2)
})

test('the stream of a replaced turn starts over and ends with the later reply', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const stream = readEvents(await customer.say({ conversationId, text: BILLING }, { Accept: 'text/event-stream' }))
  const unsent = await model.asked(1)
  unsent.write('Thrown away. ')
  await stream.until((seen) => seen.some(({ event }) => event === 'token'))
  const second = customer.say({ conversationId, text: RETURNS })
  await arrived(app, conversationId, 3)
  unsent.answer('Really.')
  const call = await model.asked(2)
  call.answer(TWICE)
  const events = await stream.rest()
  const restarted = events.findIndex(({ event }) => event === 'restart')
  const tokens = events.slice(restarted).filter(({ event }) => event === 'token')
  expect(tokens.map(({ data }) => (data as { text: string }).text).join('')).toBe(TWICE)
  expect(events.at(-1)).toMatchObject({ event: 'done', data: { status: 'merged', reply: { text: TWICE } } })
  await turnOf(second)
})

test('an eager writer gets an answer after three replaced ones', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const sent = [customer.say({ conversationId, text: BILLING })]
  for (let n = 1; n <= 4; n += 1) {
    const call = await model.asked(n)
    sent.push(customer.say({ conversationId, text: `${BILLING} (${n})` }))
    await arrived(app, conversationId, n + 2)
    call.answer(`Answer ${n} [1].`)
  }
  const last = await model.asked(5)
  last.answer('Answer 5 [1].')
  const results = await Promise.all(sent.map(turnOf))
  expect(results.map(({ status, reply }) => [status, reply?.text])).toEqual([
    ['merged', 'Answer 4 [1].'],
    ['merged', 'Answer 4 [1].'],
    ['merged', 'Answer 4 [1].'],
    ['answered', 'Answer 4 [1].'],
    ['answered', 'Answer 5 [1].'],
  ])
})

test('a question back that was never sent does not count towards a handover', async () => {
  const model = new GatedModel()
  const unsure = { to: 'billing', by: 'local', confidence: 0.1, reason: 'a guess', alternatives: [], asks: [] } as const
  const app = await createSmallShop({
    models: { name: 'gated', answers: model, routes: model, health: () => [] },
    router: { route: () => ({ ...unsure, alternatives: [], asks: [] }) },
  })
  const customer = app.customer()
  const session = turnOf(customer.say('hello'))
  const greeted = await model.asked(1)
  greeted.answer('')
  await session
  const first = customer.say({ text: 'blorp zib' })
  const unsent = await model.asked(2)
  const { conversation_id: conversationId } = await eventually(() =>
    app.db.selectFrom('inbox').select('conversation_id').where('status', '=', 'running').executeTakeFirst(),
  )
  const second = customer.say({ conversationId, text: 'qux frob' })
  await arrived(app, conversationId, 2)
  unsent.fail('the model is away')
  const call = await model.asked(3)
  call.fail('the model is away')
  expect(await turnOf(second)).toMatchObject({ status: 'answered', route: { needsClarification: true } })
  expect(await turnOf(first)).toMatchObject({ status: 'merged', route: { needsClarification: true } })
  // The next one that nobody can place does.
  const third = customer.say({ conversationId, text: 'zorp' })
  const asked = await model.asked(4)
  asked.fail('the model is away')
  expect(await turnOf(third)).toMatchObject({ status: 'with_human', escalation: { reason: 'low_confidence' } })
})

test('the answer to whom a question is for is understood, whatever the router makes of it', async () => {
  const unsure = { to: 'billing', by: 'local', confidence: 0.1, reason: 'a guess' } as const
  const app = await createSmallShop({ router: { route: () => ({ ...unsure, alternatives: [], asks: [] }) } })
  const customer = app.customer()
  const asked = await turnOf(customer.say('blorp zib'))
  expect(asked).toMatchObject({ route: { needsClarification: true } })
  const { conversationId } = asked
  expect(await turnOf(customer.say({ conversationId, text: `returns, because ${RETURNS}` }))).toMatchObject({
    status: 'answered',
    route: { to: 'returns', reason: 'the customer named it when asked' },
  })
})

test('conversations are worked on side by side', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const [ann, bob] = [app.customer(), app.customer()]
  const first = ann.say(BILLING)
  const held = await model.asked(1)
  const second = bob.say(RETURNS)
  const other = await model.asked(2)
  other.answer(ZIP)
  expect(await turnOf(second)).toMatchObject({ status: 'answered' })
  held.answer(TWICE)
  expect(await turnOf(first)).toMatchObject({ status: 'answered' })
})

test('fifty messages at once to one conversation are all kept in the order of arrival, and never two turns run at once', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const texts = Array.from({ length: 50 }, (_, i) => `${BILLING}, case ${i}`)
  const results = await Promise.all(
    texts.map((text, i) => turnOf(customer.say({ conversationId, messageId: `m-${i}`, text }))),
  )
  expect(results.filter(({ reply }) => reply === null)).toEqual([])
  const { messages } = await threadOf(customer, conversationId)
  const received = messages.filter(({ role }) => role === 'customer').map(({ text }) => text)
  expect(received.slice(1).toSorted()).toEqual(texts.toSorted())
  const inGraph = (await threadTexts(app, conversationId)).filter((text) => texts.includes(text))
  expect(inGraph).toEqual(received.slice(1))
  const turns = await app.db.selectFrom('turns').selectAll().orderBy('started_at').execute()
  for (const [i, turn] of turns.slice(1).entries())
    expect(turn.started_at).toBeGreaterThanOrEqual(turns[i]?.finished_at ?? 0)
})

test('a sender that goes away does not end the turn', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const messageId = randomUUID()
  const gone = new AbortController()
  await turnOf(customer.say('hello'))
  const left = customer.request('/v1/chat', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ messageId, text: BILLING }),
    signal: gone.signal,
  })
  const call = await model.asked(1)
  gone.abort()
  await Promise.resolve(left).catch(() => {})
  call.answer(TWICE)
  expect(await turnOf(customer.say({ messageId, text: BILLING }))).toMatchObject({
    status: 'answered',
    reply: { text: TWICE },
  })
  expect(model.calls).toHaveLength(1)
  expect(await opened(app)).toBeTruthy()
})
