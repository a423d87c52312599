import { expect, test } from 'vitest'
import { readEvents } from '../http/event-reader.ts'
import { GatedModel } from './gated-model.ts'
import {
  arrived,
  BILLING,
  createSmallShop,
  deskViewOf,
  facts,
  inboxOf,
  PERSON,
  queueOf,
  RETURNS,
  type SmallShop,
  threadOf,
  threadTexts,
  turnOf,
  WIFI,
} from './small-shop.ts'

const ANSWER = 'A double charge is refunded within 5 business days [1].'

/** A customer whose conversation a person owns. */
async function withPerson(app: SmallShop) {
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say(PERSON))
  return { customer, conversationId, say: (text: string) => customer.say({ conversationId, text }) }
}

const texts = (thread: { messages: { text: string }[] }) => thread.messages.map(({ text }) => text)

test('who asks for a person gets one sentence, and the desk gets the conversation', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const asked = await turnOf(customer.say(PERSON))
  expect(asked).toMatchObject({
    status: 'with_human',
    reply: { author: { kind: 'system' } },
    escalation: { reason: 'customer_request', status: 'open' },
  })
  expect(await queueOf(app)).toMatchObject([
    { id: asked.escalation?.id, conversationId: asked.conversationId, status: 'open', agent: null },
  ])
  expect(await threadOf(customer, asked.conversationId)).toMatchObject({
    status: 'with_human',
    escalations: [{ id: asked.escalation?.id, status: 'open', closedAt: null }],
  })
})

test('while a person owns the conversation the AI writes nothing and the desk sees each message at once', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const { conversationId, say } = await withPerson(app)
  const [first, second] = [await turnOf(say(BILLING)), await turnOf(say(RETURNS))]
  expect([first, second]).toMatchObject([
    { status: 'with_human', reply: null, route: null, escalation: { status: 'open' } },
    { status: 'with_human', reply: null, route: null },
  ])
  expect(model.calls).toHaveLength(0)
  const seen = await deskViewOf(app, conversationId)
  expect(texts(seen).slice(-2)).toEqual([BILLING, RETURNS])
  expect((await threadTexts(app, conversationId)).slice(-2)).toEqual([BILLING, RETURNS])
  expect((await inboxOf(app, conversationId)).map(({ status }) => status)).toEqual(['done', 'done', 'done'])
})

test('two messages at once to a person are both kept, in one turn or two', async () => {
  const app = await createSmallShop()
  const { conversationId, customer } = await withPerson(app)
  const sent = ['a', 'b', 'c', 'd'].map((text) => customer.say({ conversationId, text }))
  for (const result of await Promise.all(sent.map(turnOf)))
    expect(result).toMatchObject({ status: 'with_human', reply: null })
  const kept = texts(await threadOf(customer, conversationId)).slice(-4)
  expect(kept.toSorted()).toEqual(['a', 'b', 'c', 'd'])
  expect((await threadTexts(app, conversationId)).slice(-4)).toEqual(kept)
})

test('an agent takes an escalation: it is claimed, and nothing is said twice', async () => {
  const app = await createSmallShop()
  const { conversationId, customer } = await withPerson(app)
  const before = texts(await threadOf(customer, conversationId))
  expect(await turnOf(app.desk.post(conversationId, 'take-over', { agent: 'Mara' }))).toMatchObject({
    status: 'with_human',
    reply: null,
    escalation: { status: 'claimed' },
  })
  expect(texts(await threadOf(customer, conversationId))).toEqual(before)
  expect(await queueOf(app)).toMatchObject([{ status: 'claimed', agent: 'Mara' }])
  const types = (await facts(app, conversationId)).map(({ type }) => type)
  expect(types.filter((type) => type === 'message-sent')).toHaveLength(1)
  expect(types.filter((type) => type === 'route-decided')).toHaveLength(1)
  expect(types.at(-1)).toBe('escalation-claimed')
})

test('the agent’s reply reaches the thread and the open page at once', async () => {
  const app = await createSmallShop()
  const { conversationId, customer, say } = await withPerson(app)
  const page = readEvents(await customer.request(`/v1/conversations/${conversationId}/events`))
  await page.until((events) => events.some(({ event }) => event === 'escalation'))
  await turnOf(say(BILLING))
  const replied = await turnOf(app.desk.post(conversationId, 'reply', { agent: 'Mara', text: 'I am looking at it.' }))
  expect(replied).toMatchObject({ status: 'with_human', reply: null, escalation: { status: 'claimed' } })
  const events = await page.until((all) => JSON.stringify(all).includes('I am looking at it.'))
  await page.close()
  const message = { role: 'agent', text: 'I am looking at it.', author: { kind: 'agent', name: 'Mara' }, citations: [] }
  expect(events.at(-1)).toMatchObject({ event: 'message', data: message })
  const thread = await threadOf(customer, conversationId)
  expect(thread.messages.at(-1)).toMatchObject(message)
  expect((await threadTexts(app, conversationId)).at(-1)).toBe('I am looking at it.')
})

test('an agent’s double click sends one reply', async () => {
  const app = await createSmallShop()
  const { conversationId, customer } = await withPerson(app)
  const reply = { agent: 'Mara', text: 'Here I am.', messageId: 'click-1' }
  const both = [app.desk.post(conversationId, 'reply', reply), app.desk.post(conversationId, 'reply', reply)]
  const [first, second] = await Promise.all(both.map(turnOf))
  expect(second).toEqual(first)
  expect(texts(await threadOf(customer, conversationId)).filter((text) => text === 'Here I am.')).toHaveLength(1)
})

test('handed back with nothing open, the AI answers the next message', async () => {
  const app = await createSmallShop()
  const { conversationId, customer, say } = await withPerson(app)
  await turnOf(app.desk.post(conversationId, 'reply', { agent: 'Mara', text: 'All done.' }))
  const back = await turnOf(app.desk.post(conversationId, 'hand-back', { agent: 'Mara', note: 'Refund sent.' }))
  expect(back).toMatchObject({ status: 'answered', reply: null })
  expect(await queueOf(app)).toEqual([])
  expect(await threadOf(customer, conversationId)).toMatchObject({
    status: 'open',
    escalations: [{ status: 'closed' }],
  })
  expect(await facts(app, conversationId)).toContainEqual(
    expect.objectContaining({
      type: 'handed-back',
      actor: 'Mara',
      data: expect.objectContaining({ note: 'Refund sent.' }),
    }),
  )
  expect(await turnOf(say(BILLING))).toMatchObject({ status: 'answered', reply: { author: { name: 'billing' } } })
})

test('handed back with a question open, the AI answers it at once', async () => {
  const app = await createSmallShop()
  const { conversationId, customer, say } = await withPerson(app)
  await turnOf(say(WIFI))
  const back = await turnOf(app.desk.post(conversationId, 'hand-back', { agent: 'Mara' }))
  expect(back).toMatchObject({
    status: 'answered',
    route: { to: 'tech-support' },
    reply: { author: { name: 'tech-support' } },
  })
  const thread = await threadOf(customer, conversationId)
  expect(thread).toMatchObject({ status: 'open', specialist: 'tech-support' })
  expect(thread.messages.at(-1)).toMatchObject({ role: 'specialist', text: back.reply?.text })
  const types = (await facts(app, conversationId)).map(({ type }) => type)
  expect(types.slice(types.indexOf('handed-back'))).toEqual([
    'handed-back',
    'route-decided',
    'passages-used',
    'claim-made',
    'message-sent',
    'escalation-closed',
  ])
})

test('handed back while the customer asks for a person, the desk gets it anew, claimed by nobody', async () => {
  const app = await createSmallShop()
  const { conversationId, customer, say } = await withPerson(app)
  await turnOf(app.desk.post(conversationId, 'take-over', { agent: 'Mara' }))
  await turnOf(say('I want to speak to a real person please'))
  expect(await turnOf(app.desk.post(conversationId, 'hand-back', { agent: 'Mara' }))).toMatchObject({
    status: 'with_human',
  })
  expect(await queueOf(app)).toMatchObject([
    { conversationId, status: 'open', agent: null, reason: 'customer_request' },
  ])
  const { escalations } = await threadOf(customer, conversationId)
  expect(escalations.map(({ status }) => status)).toEqual(['closed', 'open'])
})

test('a closed conversation leaves the queue, and the next message opens it again', async () => {
  const app = await createSmallShop()
  const { conversationId, customer, say } = await withPerson(app)
  expect(
    await turnOf(app.desk.post(conversationId, 'close', { agent: 'Mara', note: 'Solved by phone.' })),
  ).toMatchObject({
    reply: null,
  })
  expect(await queueOf(app)).toEqual([])
  expect(await threadOf(customer, conversationId)).toMatchObject({ status: 'closed', specialist: null })
  expect(await turnOf(say(BILLING))).toMatchObject({ status: 'answered', route: { to: 'billing' } })
  expect(await threadOf(customer, conversationId)).toMatchObject({ status: 'open' })
})

test('what nobody has taken cannot be handed back or closed', async () => {
  const app = await createSmallShop()
  const { conversationId } = await turnOf(app.customer().say(BILLING))
  for (const action of ['hand-back', 'close']) {
    const refused = await app.desk.post(conversationId, action, { agent: 'Mara' })
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ error: { code: 'desk.not_taken' } })
  }
})

test('taken over in the middle of a turn, the caller is told and the AI’s answer is never sent', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const waiting = customer.say({ conversationId, text: BILLING })
  const call = await model.asked(1)
  const taking = app.desk.post(conversationId, 'take-over', { agent: 'Mara' })
  await arrived(app, conversationId, 3)
  call.answer(ANSWER)
  expect(await turnOf(waiting)).toMatchObject({ status: 'with_human', reply: null, escalation: { status: 'claimed' } })
  expect(await turnOf(taking)).toMatchObject({ status: 'with_human', reply: null })
  const recorded = await facts(app, conversationId)
  expect(recorded).toContainEqual(expect.objectContaining({ type: 'taken-over', actor: 'Mara' }))
  expect(JSON.stringify(recorded)).not.toContain(ANSWER)
  expect(JSON.stringify(await threadOf(customer, conversationId))).not.toContain(ANSWER)
  expect(await threadTexts(app, conversationId)).not.toContain(ANSWER)
  expect(await queueOf(app)).toMatchObject([
    { conversationId, reason: 'agent_takeover', status: 'claimed', agent: 'Mara' },
  ])
  // The AI stays silent from here on.
  expect(await turnOf(customer.say({ conversationId, text: 'are you there?' }))).toMatchObject({ status: 'with_human' })
  expect(model.calls).toHaveLength(1)
})

test('taken over from an eager writer, whose answer would be sent by now, the AI is silent all the same', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const waiting = [customer.say({ conversationId, text: BILLING })]
  for (let n = 1; n <= 3; n += 1) {
    const call = await model.asked(n)
    waiting.push(customer.say({ conversationId, text: `${BILLING} (${n})` }))
    await arrived(app, conversationId, n + 2)
    call.answer(`Answer ${n} [1].`)
  }
  const last = await model.asked(4)
  const taking = app.desk.post(conversationId, 'take-over', { agent: 'Mara' })
  await arrived(app, conversationId, 6)
  last.answer('Answer 4 [1].')
  for (const result of await Promise.all([...waiting, taking].map(turnOf)))
    expect(result).toMatchObject({ status: 'with_human', reply: null })
  expect(JSON.stringify(await threadOf(customer, conversationId))).not.toContain('Answer')
})

test('taken over behind more messages than one turn takes, the AI is silent all the same', async () => {
  const model = new GatedModel()
  const app = await createSmallShop({ model })
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say('hello'))
  const waiting = [customer.say({ conversationId, text: BILLING })]
  const call = await model.asked(1)
  for (let n = 1; n <= 12; n += 1) waiting.push(customer.say({ conversationId, text: `${BILLING} (${n})` }))
  await arrived(app, conversationId, 14)
  const taking = app.desk.post(conversationId, 'take-over', { agent: 'Mara' })
  await arrived(app, conversationId, 15)
  call.answer(ANSWER)
  const answers = Promise.all([...waiting, taking].map(turnOf))
  for (const result of await answers) expect(result).toMatchObject({ status: 'with_human', reply: null })
  const received = (await threadOf(customer, conversationId)).messages.filter(({ role }) => role === 'customer')
  expect(received).toHaveLength(14)
  expect((await threadTexts(app, conversationId)).filter((text) => text.startsWith(BILLING))).toHaveLength(13)
})

test('an agent who writes into a conversation that nobody handed over takes it', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say(BILLING))
  await turnOf(app.desk.post(conversationId, 'reply', { agent: 'Mara', text: 'I refunded it just now.' }))
  expect(texts(await threadOf(customer, conversationId)).at(-1)).toBe('I refunded it just now.')
  expect(await facts(app, conversationId)).toContainEqual(
    expect.objectContaining({ type: 'taken-over', actor: 'Mara' }),
  )
  expect(await queueOf(app)).toMatchObject([
    { conversationId, status: 'claimed', agent: 'Mara', reason: 'agent_takeover' },
  ])
  expect(await turnOf(customer.say({ conversationId, text: 'Thanks!' }))).toMatchObject({
    status: 'with_human',
    reply: null,
  })
})

test('the handoff packet holds every message, the reasons and what the customer was told with its sources', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const answered = await turnOf(customer.say({ text: `${BILLING}, order LF-20417, ann@example.com`, messageId: 'm-1' }))
  const { conversationId } = answered
  const asked = await turnOf(customer.say({ conversationId, text: PERSON, messageId: 'm-2' }))
  const { packet } = await deskViewOf(app, conversationId)
  expect(packet).toMatchObject({
    version: 1,
    id: asked.escalation?.id,
    conversationId,
    channel: 'web',
    reason: { category: 'customer_request', triggeredBy: 'customer' },
    identity: { level: 'anonymous' },
    told: [
      {
        messageId: answered.reply?.id,
        by: 'billing',
        text: answered.reply?.text,
        citations: answered.reply?.citations,
      },
    ],
    customerWasTold: asked.reply?.text,
  })
  expect(answered.reply?.citations.length).toBeGreaterThan(0)
  const thread = await threadOf(customer, conversationId)
  expect(packet.transcript.map(({ id, text }) => [id, text])).toEqual(thread.messages.map(({ id, text }) => [id, text]))
  expect(packet.route.map(({ to }) => to)).toEqual(['billing', 'human'])
  expect(packet.asks.map(({ messageId, status }) => [messageId, status])).toEqual([
    ['m-1', 'answered'],
    ['m-2', 'open'],
  ])
  expect(packet.facts).toContainEqual({ key: 'order', value: 'LF-20417', messageId: 'm-1', verified: false })
  expect(packet.headline.length).toBeLessThanOrEqual(120)
})
