import { AIMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { expect, test } from 'vitest'
import { createReplyGate } from '../../graphs/reply-gate.ts'
import type { SupportGraphOptions } from '../../graphs/support.ts'
import { CHARGED_TWICE, createTestGraph, ROUTER_DROPS, smallKnowledge } from './graph.ts'

const SECRETIVE = new Error('postgres://admin:hunter2@db/prod refused')
const fail = () => {
  throw SECRETIVE
}
const ANSWER = new AIMessage('A double charge is refunded within 5 business days. [1]')

const BROKEN: [node: string, text: string, parts: () => Partial<SupportGraphOptions>][] = [
  ['supervisor', CHARGED_TWICE, () => ({ router: { route: fail } })],
  ['billing', CHARGED_TWICE, () => ({ model: fakeModel().alwaysThrow(SECRETIVE) })],
  ['tech-support', ROUTER_DROPS, () => ({ model: fakeModel().alwaysThrow(SECRETIVE) })],
  ['billing', CHARGED_TWICE, () => ({ knowledge: { search: fail } })],
  [
    'billing',
    CHARGED_TWICE,
    () => ({
      model: fakeModel().respond(ANSWER),
      gate: {
        ...createReplyGate(),
        check: (draft) => (draft.author.kind === 'specialist' ? fail() : createReplyGate().check(draft)),
      },
    }),
  ],
  [
    'reply-gate',
    CHARGED_TWICE,
    () => ({
      model: fakeModel().respond(ANSWER),
      gate: { ...createReplyGate(), check: (draft, context) => (context ? createReplyGate().check(draft) : fail()) },
    }),
  ],
  [
    'billing',
    CHARGED_TWICE,
    () => ({ model: fakeModel().respond(ANSWER), gate: { ...createReplyGate(), releases: fail } }),
  ],
]

test.each(BROKEN)(
  'when %s fails on “%s” the customer is told once and a person is asked',
  async (node, text, parts) => {
    const { conversation } = await createTestGraph(parts())
    const talk = conversation()
    const { reply, escalation, trail, messages } = await talk.say(text)
    expect(reply).toMatchObject({ author: { kind: 'system' }, text: expect.stringContaining('asking a person') })
    expect(escalation).toMatchObject({
      reason: 'tool_failure',
      triggeredBy: 'rule',
      detail: `The ${node} step failed.`,
    })
    expect(trail.at(-1)).toMatchObject({ type: 'node-failed', node })
    expect(messages.map((message) => message.getType())).toEqual(['human', 'ai'])
    expect(JSON.stringify([reply, escalation, messages, talk.events])).not.toContain('hunter2')
    expect(await talk.interrupts()).toHaveLength(1)
  },
)

test('a person who was asked after a failure can answer and hand back', async () => {
  let broken = true
  const knowledge = await smallKnowledge()
  const { conversation } = await createTestGraph({
    model: fakeModel().respond(ANSWER),
    knowledge: { search: (...query) => (broken ? fail() : knowledge.search(...query)) },
  })
  const talk = conversation()
  await talk.say(CHARGED_TWICE)
  broken = false
  await talk.desk({ type: 'agent-reply', agent: 'Ada', text: 'One moment.' })
  expect((await talk.desk({ type: 'hand-back', agent: 'Ada', note: '' })).escalation).toBeNull()
  expect((await talk.say(CHARGED_TWICE)).reply?.author.name).toBe('billing')
})

test('a failed turn leaves nothing of the turn before it in its outcome', async () => {
  let broken = false
  const { conversation } = await createTestGraph({
    model: fakeModel().respond(ANSWER),
    router: {
      route: (text) =>
        broken ? fail() : { to: 'billing', by: 'local', confidence: 1, reason: text, alternatives: [], asks: [] },
    },
  })
  const talk = conversation()
  const answered = await talk.say(CHARGED_TWICE)
  broken = true
  const failed = await talk.say('and another thing')
  expect(failed.reply?.id).not.toBe(answered.reply?.id)
  expect(failed.reply?.citations).toEqual([])
  expect(failed.route).toBeNull()
})

test('an event that the desk never sends is refused without touching the thread', async () => {
  const { conversation } = await createTestGraph()
  const talk = conversation()
  await talk.say('let me talk to a human')
  const before = await talk.state()
  await talk.desk({ type: 'agent-reply', agent: 'Ada', text: '' }).catch(() => {})
  const after = await talk.state()
  expect(after.messages).toHaveLength(before.messages.length)
  expect(await talk.interrupts()).toHaveLength(1)
  const { reply } = await talk.desk({ type: 'agent-reply', agent: 'Ada', text: 'Hello.' })
  expect(reply?.text).toBe('Hello.')
})

test('a run that meets an outage stops, and goes on with the answer however often it is tried', async () => {
  let away = 3
  const knowledge = await smallKnowledge()
  const outage = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' })
  const { conversation } = await createTestGraph({
    model: fakeModel().respond(ANSWER),
    isOutage: (error) => (error as { code?: string }).code === '57P01',
    knowledge: {
      search(...query) {
        if (away-- > 0) throw outage
        return knowledge.search(...query)
      },
    },
  })
  const talk = conversation()
  await expect(talk.say(CHARGED_TWICE)).rejects.toThrow('unavailable: terminating connection')
  await expect(talk.run(null)).rejects.toThrow('unavailable: terminating connection')
  await expect(talk.run(null)).rejects.toThrow('unavailable: terminating connection')
  const { reply, escalation, trail } = await talk.run(null)
  expect(reply?.author.name).toBe('billing')
  expect(escalation).toBeNull()
  expect(trail.map(({ type }) => type)).not.toContain('node-failed')
})
