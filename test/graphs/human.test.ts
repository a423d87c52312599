import { AIMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { expect, test } from 'vitest'
import { threadOf } from '../../graphs/thread.ts'
import { CHARGED_TWICE, createTestGraph } from './graph.ts'

const ANSWER = new AIMessage('A double charge is refunded within 5 business days. [1]')

async function withHuman() {
  const model = fakeModel().respond(ANSWER).respond(ANSWER)
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  await talk.say('let me talk to a human')
  return { model, talk }
}

test('while a person has the conversation, the customer’s messages are kept and the AI writes nothing', async () => {
  const { model, talk } = await withHuman()
  const state = await talk.desk({ type: 'customer-message', messages: [{ id: 'm1', text: CHARGED_TWICE }] })
  expect(threadOf(state.messages).at(-1)).toMatchObject({ id: 'm1', role: 'customer', text: CHARGED_TWICE })
  expect([state.reply, state.route, model.callCount]).toEqual([null, null, 0])
  expect(await talk.interrupts()).toHaveLength(1)
})

test('the person’s reply goes out in their name, and the conversation stays theirs', async () => {
  const { talk } = await withHuman()
  const state = await talk.desk({ type: 'agent-reply', agent: 'Ada', text: 'I am looking into it.' })
  expect(state.reply).toMatchObject({
    author: { kind: 'agent', name: 'Ada' },
    text: 'I am looking into it.',
    model: null,
  })
  expect(threadOf(state.messages).at(-1)).toMatchObject({ role: 'agent', author: { name: 'Ada' } })
  expect(await talk.interrupts()).toHaveLength(1)
})

test('an agent whose name is not ASCII signs with it', async () => {
  const { talk } = await withHuman()
  const state = await talk.desk({ type: 'agent-reply', agent: 'Zoë Ångström 🦊', text: 'Hello.' })
  expect(threadOf(state.messages).at(-1)?.author.name).toBe('Zoë Ångström 🦊')
})

test('two replies in a row are two messages', async () => {
  const { talk } = await withHuman()
  await talk.desk({ type: 'agent-reply', agent: 'Ada', text: 'One.' })
  const { messages } = await talk.desk({ type: 'agent-reply', agent: 'Ada', text: 'Two.' })
  expect(messages.slice(-2).map(({ text }) => text)).toEqual(['One.', 'Two.'])
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length)
})

test('handed back with nothing open, the AI answers the next message', async () => {
  const { model, talk } = await withHuman()
  const back = await talk.desk({ type: 'hand-back', agent: 'Ada', note: 'refunded by hand' })
  expect(back.trail).toEqual([{ type: 'handed-back', agent: 'Ada', note: 'refunded by hand' }])
  expect([back.escalation, model.callCount]).toEqual([null, 0])
  expect((await talk.snapshot()).next).toEqual([])
  expect((await talk.say(CHARGED_TWICE)).reply?.author.name).toBe('billing')
})

test('a question left open is answered at the hand-back, in the same turn', async () => {
  const { talk } = await withHuman()
  await talk.desk({ type: 'customer-message', messages: [{ id: 'm1', text: CHARGED_TWICE }] })
  const { reply, trail, escalation } = await talk.desk({ type: 'hand-back', agent: 'Ada', note: '' })
  expect(reply?.author.name).toBe('billing')
  expect(trail.map(({ type }) => type)).toEqual(['handed-back', 'route-decided', 'passages-used', 'claim-made'])
  expect(escalation).toBeNull()
})

test('closed by the person, the next message starts anew with nobody owning it', async () => {
  const { talk } = await withHuman()
  const closed = await talk.desk({ type: 'close', agent: 'Ada', note: 'solved' })
  expect([closed.escalation, closed.specialist]).toEqual([null, null])
  expect((await talk.snapshot()).next).toEqual([])
  expect((await talk.say(CHARGED_TWICE)).reply?.author.name).toBe('billing')
})

test('an agent who takes a conversation has it before the AI writes another word', async () => {
  const model = fakeModel()
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  const state = await talk.run({ turnId: 't1', trail: [], messages: [], takeover: { agent: 'Ada' } })
  expect(state.escalation).toMatchObject({ reason: 'agent_takeover', triggeredBy: 'agent' })
  expect(state.trail).toEqual([{ type: 'taken-over', agent: 'Ada' }])
  expect([state.messages.length, model.callCount, state.takeover]).toEqual([0, 0, null])
  expect(await talk.interrupts()).toHaveLength(1)
})

test('two answers in a row that no article supports ask for a person, with the answer still sent', async () => {
  const model = fakeModel().respond(new AIMessage('I do not know.')).respond(new AIMessage('I do not know either.'))
  const { conversation } = await createTestGraph({ model, knowledge: { search: async () => [] } })
  const talk = conversation()
  expect((await talk.say(CHARGED_TWICE)).escalation).toBeNull()
  const { reply, escalation } = await talk.say('where can I download my invoice')
  expect(escalation?.reason).toBe('missing_knowledge')
  expect(reply?.text).toMatch(/^I do not know either\.\n\nI am asking a person/)
  expect(await talk.interrupts()).toHaveLength(1)
})
