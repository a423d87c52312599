import { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { expect, test } from 'vitest'
import type { ReplyGate } from '../../graphs/reply-gate.ts'
import { UNCONFIRMED } from '../../graphs/reply-gate-node.ts'
import { CHARGED_TWICE, createTestGraph, routingModel, streamingModel } from '../graphs/graph.ts'

const WRONG = new AIMessage('A double charge is refunded within 20 business days. [1]')
const RIGHT = new AIMessage('A double charge is refunded within 5 business days. [1]')
const OPEN_GATE: ReplyGate = { check: ({ text }) => ({ outcome: 'send', text, problems: [] }), releases: () => true }

test('what no article says is written once more, with the reason', async () => {
  const model = fakeModel().respond(WRONG).respond(RIGHT)
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  const { reply, trail, messages } = await talk.say(CHARGED_TWICE)
  expect(reply?.text).toBe(RIGHT.text)
  expect(reply?.citations).toHaveLength(1)
  expect(talk.shown()).toBe(RIGHT.text)
  expect(model.calls[1]?.messages.at(-1)?.text).toContain('“20 business days”')
  expect(trail).toContainEqual({ type: 'gate-decided', outcome: 'rewrite', problems: [expect.stringContaining('20')] })
  expect(trail.at(-1)).toMatchObject({
    type: 'claim-made',
    evidence: { version: 1 },
    values: [{ text: '5 business days', value: 'b:5' }],
  })
  expect(JSON.stringify([messages, talk.events])).not.toContain('20 business')
})

test('where the second try is no better the customer is told so and offered a person, and the next time one comes', async () => {
  const model = fakeModel().respond(WRONG).respond(WRONG).respond(WRONG).respond(WRONG)
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  const first = await talk.say(CHARGED_TWICE)
  expect(first.reply).toMatchObject({ text: UNCONFIRMED, citations: [], author: { kind: 'system' } })
  expect(first.escalation).toBeNull()
  expect(first.trail.at(-1)).toMatchObject({ type: 'gate-decided', outcome: 'ask' })
  expect(talk.shown()).toBe('')
  const second = await talk.say(CHARGED_TWICE)
  expect(second.escalation).toMatchObject({ reason: 'missing_knowledge' })
  expect(second.reply?.text).toContain('asking a person')
  expect(JSON.stringify(second.messages)).not.toContain('20 business')
})

test('a model that fails at the second try leaves no silence', async () => {
  const { conversation } = await createTestGraph({ model: fakeModel().respond(WRONG).respond(new Error('down')) })
  expect((await conversation().say(CHARGED_TWICE)).reply?.text).toBe(UNCONFIRMED)
})

test('a promise that nobody would keep brings the person who can', async () => {
  const promise = new AIMessage('Someone from our team will call you tomorrow.')
  const { conversation } = await createTestGraph({ model: fakeModel().respond(promise).respond(promise) })
  const { reply, escalation } = await conversation().say(CHARGED_TWICE)
  expect(reply?.text).toContain('asking a person')
  expect(escalation?.detail).toContain('will call you tomorrow')
})

test('a sentence that nothing supports is not streamed', async () => {
  const { conversation } = await createTestGraph({
    model: streamingModel('A double charge is refunded. [1] ', 'You get EUR 500 on top. ', 'Have a nice day. '),
  })
  const talk = conversation()
  await talk.say(CHARGED_TWICE)
  const told = talk.events.filter(({ type }) => type === 'token').map(({ text }) => text)
  expect(told[0]).toBe('A double charge is refunded. [1] ')
  expect(told.join('')).not.toContain('500')
})

test('what an agent said stands: the AI may not contradict it, and what it knows no better goes to a person', async () => {
  const { conversation } = await createTestGraph({ model: fakeModel().respond(RIGHT).respond(RIGHT) })
  const talk = conversation()
  await talk.say('let me talk to a human')
  const text = 'A double charge is refunded within 3 business days.'
  await talk.desk({ type: 'agent-reply', agent: 'Ada', text })
  await talk.desk({ type: 'hand-back', agent: 'Ada', note: '' })
  const { reply, escalation } = await talk.say(CHARGED_TWICE)
  expect(escalation).toMatchObject({ reason: 'policy_restriction', triggeredBy: 'reply-gate' })
  expect(escalation?.detail).toContain('3 business days')
  expect(reply?.text).toContain('asking a person')
})

test('a secret in an agent’s text is taken out even where the desk did not look', async () => {
  const { conversation } = await createTestGraph()
  const talk = conversation()
  await talk.say('let me talk to a human')
  const text = 'Use sk-abcdefghijklmnopqrstuvwxyz012345 now.'
  const { reply } = await talk.desk({ type: 'agent-reply', agent: 'Ada', text })
  expect(reply?.text).toBe('Use [removed] now.')
})

test('rules that code cannot judge are shown to a model once, and what it finds is written again', async () => {
  const vague = new AIMessage('Only members with the annual plan pay nothing for it, everybody else has to.')
  const model = fakeModel().respond(vague).respond(RIGHT)
  const judge = routingModel().respond(judged([1]))
  const { conversation } = await createTestGraph({ model, routingModel: judge })
  const { reply } = await conversation().say(CHARGED_TWICE)
  expect(reply?.text).toBe(RIGHT.text)
  expect(judge.callCount).toBe(1)
})

test('a judge that fails or finds nothing leaves the reply as it is', async () => {
  const vague = new AIMessage('Only members with the annual plan pay nothing for it, everybody else has to.')
  for (const judge of [routingModel().respond(new Error('down')), routingModel().respond(judged([]))]) {
    const { conversation } = await createTestGraph({ model: fakeModel().respond(vague), routingModel: judge })
    expect((await conversation().say(CHARGED_TWICE)).reply?.text).toBe(vague.text)
  }
})

test('without the gate all of it goes out: that is what it is worth', async () => {
  const { conversation } = await createTestGraph({ model: fakeModel().respond(WRONG), gate: OPEN_GATE })
  const { reply, trail } = await conversation().say(CHARGED_TWICE)
  expect(reply?.text).toBe(WRONG.text)
  expect(trail.some(({ type }) => type === 'gate-decided')).toBe(false)
})

test('open promises stand in the specialist’s prompt once a person has written', async () => {
  const model = fakeModel().respond(RIGHT)
  const promise = { text: 'I will call you <tomorrow>.', owner: 'Ada', due: '2026-11-26T18:00:00.000Z' }
  const { conversation } = await createTestGraph({
    model,
    commitments: { promises: async () => [promise], claims: async () => [] },
  })
  const talk = conversation()
  await talk.say('let me talk to a human')
  await talk.desk({ type: 'agent-reply', agent: 'Ada', text: 'Hello.' })
  await talk.desk({ type: 'hand-back', agent: 'Ada', note: '' })
  await talk.say(CHARGED_TWICE)
  expect(model.calls[0]?.messages[0]?.text).toContain(
    'Ada, until 2026-11-26T18:00:00.000Z: I will call you &lt;tomorrow&gt;.',
  )
})

function judged(wrong: number[]): AIMessageChunk {
  const tool_calls = [{ type: 'tool_call' as const, id: 'judge-1', name: 'judge', args: { wrong } }]
  return new AIMessageChunk({ content: '', tool_calls })
}
