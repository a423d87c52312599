import { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { expect, test } from 'vitest'
import { SURE } from '../../graphs/routing/local-router.ts'
import { customerMessage } from '../../graphs/thread.ts'
import { CHARGED_TWICE, createTestGraph, NEVER, ROUTER_DROPS, routed, routingModel, THRESHOLDS } from './graph.ts'

const ANSWER = new AIMessage('A double charge is refunded within 5 business days. [1]')
const NOTED = new AIMessage('I am sorry to hear that.')
const VAGUE = 'it is about the thing from last week'

test('a plain question costs exactly one model call, with the passages already in its prompt', async () => {
  const model = fakeModel().respond(ANSWER)
  const routes = routingModel()
  const { conversation } = await createTestGraph({ model, routingModel: routes })
  const talk = conversation()
  const { reply, route, trail } = await talk.say(CHARGED_TWICE)
  expect([model.callCount, routes.callCount]).toEqual([1, 0])
  expect(model.calls[0]?.messages[0]?.text).toContain('refunded within 5 business days')
  expect(route).toMatchObject({ to: 'billing', by: 'local' })
  expect(reply).toMatchObject({
    author: { kind: 'specialist', name: 'billing' },
    citations: [{ title: 'Charged twice' }],
  })
  expect(trail.map(({ type }) => type)).toEqual(['route-decided', 'passages-used', 'claim-made'])
  expect(talk.events.map(({ type }) => type)).toEqual(['route', 'token', 'token', 'citation'])
})

test('where the router is unsure the model is asked once, with a structure to fill in', async () => {
  const model = fakeModel().respond(NOTED)
  const routes = routingModel().respond(routed('billing', 0.9, 'charged'))
  const { conversation } = await createTestGraph({
    model,
    routingModel: routes,
    thresholds: { ...THRESHOLDS, sure: NEVER },
  })
  const { route } = await conversation().say(ROUTER_DROPS)
  expect([model.callCount, routes.callCount]).toEqual([1, 1])
  expect(route).toMatchObject({ to: 'billing', by: 'model', confidence: 0.9, reason: 'charged' })
  expect(route?.alternatives[0]?.to).toBe('tech-support')
  const [system, transcript] = routes.calls[0]?.messages ?? []
  expect(system?.text).toContain('tech-support: Devices')
  expect(transcript?.text).toBe(`customer: ${ROUTER_DROPS}`)
})

test.each([
  ['fails', () => routingModel().respond(new Error('429'))],
  ['names nobody who is here', () => routingModel().respond(routed('sales', 1))],
  ['answers in prose', () => routingModel().respond(new AIMessageChunk('billing, I think'))],
])('a routing model that %s leaves the router’s guess', async (_how, routes) => {
  const { conversation } = await createTestGraph({
    model: fakeModel().respond(ANSWER),
    routingModel: routes(),
    thresholds: { ...THRESHOLDS, sure: NEVER },
  })
  const { route, reply } = await conversation().say(CHARGED_TWICE)
  expect(route).toMatchObject({ to: 'billing', by: 'local' })
  expect(route?.needsClarification).toBeUndefined()
  expect(reply?.author.name).toBe('billing')
})

test('where nobody is sure the customer is asked, and naming a desk is enough of an answer', async () => {
  const model = fakeModel().respond(NOTED)
  const { conversation } = await createTestGraph({ model, thresholds: { sure: NEVER, guess: NEVER } })
  const talk = conversation()
  const asked = await talk.say(VAGUE)
  expect(asked.reply).toMatchObject({ author: { kind: 'system' } })
  expect(asked.reply?.text).toMatch(/Is it about (billing or tech support|tech support or billing)\?/)
  expect(asked.route?.needsClarification).toBe(true)

  const told = await talk.say('tech support please')
  expect(told.route).toMatchObject({ to: 'tech-support', confidence: 1 })
  expect(told.reply?.author.name).toBe('tech-support')
  expect(model.callCount).toBe(1)
  expect(told.unsure).toBe(0)
})

test('a model that is unsure itself has the customer asked', async () => {
  const { conversation } = await createTestGraph({
    routingModel: routingModel().respond(routed('billing', 0.3)),
    thresholds: { ...THRESHOLDS, sure: NEVER },
  })
  const { route, reply } = await conversation().say(ROUTER_DROPS)
  expect(route).toMatchObject({ to: 'billing', by: 'model', needsClarification: true })
  expect(reply?.text).toContain('Is it about billing or tech support?')
})

test('a second turn in a row that nobody can place goes to a person for low confidence', async () => {
  const { conversation } = await createTestGraph({ thresholds: { sure: NEVER, guess: NEVER } })
  const talk = conversation()
  await talk.say(VAGUE)
  const { escalation, reply } = await talk.say('well, the thing, you know which one')
  expect(escalation).toMatchObject({ reason: 'low_confidence', triggeredBy: 'supervisor' })
  expect(reply?.text).toContain('asking a person from our team to take over')
  expect(await talk.interrupts()).toHaveLength(1)
})

test('an answered turn between two unclear ones starts the count anew', async () => {
  const { conversation } = await createTestGraph({
    model: fakeModel().respond(ANSWER),
    thresholds: { sure: NEVER, guess: NEVER },
  })
  const talk = conversation()
  await talk.say(VAGUE)
  await talk.say('billing: I was charged twice for my subscription')
  const { escalation, reply } = await talk.say(VAGUE)
  expect(escalation).toBeNull()
  expect(reply?.text).toContain('Is it about')
})

test.each([
  ['hello', 'What can I help you with?'],
  ['thank you so much', 'You are welcome.'],
  ['bye', 'Goodbye.'],
])('“%s” is answered in kind, without a model', async (text, answer) => {
  const model = fakeModel()
  const { conversation } = await createTestGraph({ model })
  const { reply, specialist } = await conversation().say(text)
  expect(reply?.text).toContain(answer)
  expect([model.callCount, specialist]).toEqual([0, null])
})

test('what no desk answers is declined politely and names what is answered', async () => {
  const { conversation } = await createTestGraph()
  const { reply, route, escalation } = await conversation().say('what is the capital of Mongolia')
  expect(route?.to).toBe('out_of_scope')
  expect(reply?.text).toContain('billing or tech support')
  expect(escalation).toBeNull()
})

test('a change of topic moves the conversation to another specialist', async () => {
  const model = fakeModel().respond(ANSWER).respond(new AIMessage('Restart the router and wait two minutes. [1]'))
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  expect((await talk.say(CHARGED_TWICE)).specialist).toBe('billing')
  expect((await talk.say(ROUTER_DROPS)).specialist).toBe('tech-support')
})

test('a request for a person works in the middle of anything, without a model', async () => {
  const model = fakeModel().respond(ANSWER)
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  await talk.say(CHARGED_TWICE)
  const { escalation, reply } = await talk.say('let me talk to a human')
  expect(escalation).toMatchObject({ reason: 'customer_request', triggeredBy: 'customer' })
  expect(reply?.text).toContain('asking a person from our team')
  expect(model.callCount).toBe(1)
})

test('several asks in one message are looked up each in its own desk and answered in one reply', async () => {
  const model = fakeModel().respond(new AIMessage('Both. [1] Restart the router. [2]'))
  const { conversation } = await createTestGraph({ model })
  const { route, reply } = await conversation().say(`${CHARGED_TWICE}. And also ${ROUTER_DROPS}.`)
  expect(route?.asks.map(({ to }) => to)).toEqual(['billing', 'tech-support'])
  const prompt = model.calls[0]?.messages[0]?.text
  expect(prompt).toContain('double charge')
  expect(prompt).toContain('Restart the router')
  expect(model.callCount).toBe(1)
  expect(new Set(reply?.citations.map(({ articleId }) => articleId)).size).toBe(2)
})

test('messages that came in a burst are split like sentences, and answered together', async () => {
  const model = fakeModel().respond(new AIMessage('Both. [1] Restart the router. [2]'))
  const { conversation } = await createTestGraph({ model })
  const burst = [CHARGED_TWICE, ROUTER_DROPS].map((text) => customerMessage(crypto.randomUUID(), text))
  const { route } = await conversation().run({ turnId: crypto.randomUUID(), trail: [], messages: burst })
  expect(route?.asks.map(({ to }) => to)).toEqual(['billing', 'tech-support'])
  expect(model.callCount).toBe(1)
})

test('an interruption that no desk answers leaves the conversation with its specialist', async () => {
  const model = fakeModel().respond(ANSWER).respond(ANSWER)
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  await talk.say(CHARGED_TWICE)
  const aside = await talk.say('who won the world cup in 1998')
  expect([aside.route?.to, aside.specialist]).toEqual(['out_of_scope', 'billing'])
  const { reply, route } = await talk.say('it was on Tuesday, with my Visa')
  expect([route?.to, reply?.author.name]).toEqual(['billing', 'billing'])
})

test('with a model at hand a sure turn and its follow-up ask nobody, a vague one asks once', async () => {
  const model = fakeModel().respond(ANSWER).respond(ANSWER).respond(ANSWER)
  const routes = routingModel().respond(routed('billing', 0.9))
  const { conversation } = await createTestGraph({
    model,
    routingModel: routes,
    thresholds: { sure: SURE, guess: 0.35 },
  })
  const talk = conversation()
  await talk.say(CHARGED_TWICE)
  await talk.say('yes, both on the same day')
  expect(routes.callCount).toBe(0)
  const unsure = await conversation().say(VAGUE)
  expect([routes.callCount, unsure.route?.by]).toEqual([1, 'model'])
})

test('an impatient customer whom nobody can place gets a person at once, and the log says why', async () => {
  const { conversation } = await createTestGraph({ thresholds: { sure: NEVER, guess: NEVER } })
  const { trail, escalation } = await conversation().say('this is the fourth time, and it is still the thing')
  expect(trail[0]).toEqual({ type: 'tone-noticed', frustrated: expect.stringContaining('time') })
  expect(escalation).toMatchObject({ reason: 'low_confidence', detail: expect.stringContaining('out of patience') })
})

test('an insult is noted and the question in it answered', async () => {
  const model = fakeModel().respond(ANSWER)
  const { conversation } = await createTestGraph({ model })
  const { trail, reply, escalation } = await conversation().say(`you stupid machine, ${CHARGED_TWICE}`)
  expect(trail.map(({ type }) => type)).toEqual(['tone-noticed', 'route-decided', 'passages-used', 'claim-made'])
  expect(trail[0]).toMatchObject({ abusive: expect.any(String) })
  expect([reply?.author.name, escalation]).toEqual(['billing', null])
})
