import { AIMessage, AIMessageChunk, ToolMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'

import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineReadTool, type ToolCallContext, type ToolResult } from '../../graphs/tool.ts'
import { CHARGED_TWICE, createTestGraph, PRINCIPAL, specialist, streamingModel } from './graph.ts'

const handOff = (to: string, reason = 'only they can') => ({ name: 'hand_off', args: { to, reason } })

test('a handoff moves the turn to the other specialist, who answers it', async () => {
  const model = fakeModel()
    .respondWithTools([handOff('tech-support', 'the wifi drops')])
    .respond(new AIMessage('Restart the router first.'))
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  const { reply, specialist, trail, handoff, hops } = await talk.say(CHARGED_TWICE)
  expect(reply?.author.name).toBe('tech-support')
  expect([specialist, handoff, hops]).toEqual(['tech-support', null, 1])
  expect(trail).toContainEqual({ type: 'handed-off', from: 'billing', to: 'tech-support', reason: 'the wifi drops' })
  expect((await talk.state()).messages).toHaveLength(2)
  expect(talk.shown()).toContain('Restart the router')
})

test('what was shown before a handoff is taken back', async () => {
  const talkative = new AIMessage({
    content: 'Let us see. ',
    tool_calls: [{ ...handOff('tech-support'), id: 'h1', type: 'tool_call' }],
  })
  const model = fakeModel().respond(talkative).respond(new AIMessage('Restart the router. [1]'))
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  await talk.say(CHARGED_TWICE)
  expect(talk.events.map(({ type }) => type)).toContain('restart')
  expect(talk.shown()).toBe('Restart the router. [1]')
})

test('specialists that keep passing a turn on end with a person after three hops', async () => {
  const model = fakeModel()
  for (let i = 0; i < 20; i += 1) model.respondWithTools([handOff(i % 2 ? 'billing' : 'tech-support')])
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  const { escalation, reply } = await talk.say(CHARGED_TWICE)
  expect(escalation).toMatchObject({ reason: 'loop_or_no_progress', triggeredBy: 'rule' })
  expect(reply?.text).toContain('asking a person')
  expect(model.callCount).toBe(3)
  expect(await talk.interrupts()).toHaveLength(1)
})

test('hops are counted in a turn, not in a conversation', async () => {
  const model = fakeModel()
  for (let i = 0; i < 5; i += 1)
    model
      .respondWithTools([handOff('tech-support')])
      .respondWithTools([handOff('billing')])
      .respond(new AIMessage('A double charge is refunded within 5 business days. [1]'))
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  for (let i = 0; i < 5; i += 1) expect((await talk.say(CHARGED_TWICE)).escalation).toBeNull()
})

test.each([
  ['human', 'policy_restriction'],
  ['nobody-here', 'loop_or_no_progress'],
])('a handoff to %s ends with a person', async (to, reason) => {
  const model = fakeModel().respondWithTools([handOff(to)])
  const { conversation } = await createTestGraph({ model })
  const talk = conversation()
  const { escalation, reply } = await talk.say(CHARGED_TWICE)
  expect(escalation?.reason).toBe(reason)
  expect(reply?.text).toContain('asking a person')
  expect(await talk.interrupts()).toHaveLength(1)
})

test('a handoff without a reason ends with a person, not in silence', async () => {
  const model = fakeModel().respondWithTools([{ name: 'hand_off', args: { to: 'tech-support' } }])
  const { conversation } = await createTestGraph({ model })
  const { escalation, reply } = await conversation().say(CHARGED_TWICE)
  expect(escalation?.reason).toBe('tool_failure')
  expect(reply?.text).toContain('asking a person')
})

function withTool(run: (args: { id: string }, context: ToolCallContext) => Promise<ToolResult>) {
  const lookUp = defineReadTool({
    name: 'find_invoice',
    description: 'Finds an invoice by its number.',
    schema: z.strictObject({ id: z.string() }),
    assurance: 'anonymous',
    timeoutMs: 1_000,
    logs: ['id'],
    run,
  })
  return [specialist('billing', { tools: () => [lookUp] }), specialist('tech-support')]
}

const call = (id = 'i-1', name = 'find_invoice') => ({ name, args: { id }, id: `call-${id}` })

test('a tool’s result reaches the model and stays out of the thread', async () => {
  const model = fakeModel()
    .respondWithTools([call('i-7')])
    .respond(new AIMessage('A double charge is refunded within 5 business days. [1]'))
  const specialists = withTool(async ({ id }) => ({ say: 'It is 12.99.', data: { id, amount: 1299 } }))
  const { conversation } = await createTestGraph({ model, specialists })
  const talk = conversation()
  const { messages, trail } = await talk.say(CHARGED_TWICE)
  expect(model.calls[1]?.messages.at(-1)?.text).toBe(
    '{"status":"ok","say":"It is 12.99.","data":{"id":"i-7","amount":1299}}',
  )
  expect(messages.map((message) => message.getType())).toEqual(['human', 'ai'])
  expect(trail).toContainEqual({
    ...{ type: 'tool-called', specialist: 'billing', tool: 'find_invoice', ok: true, status: 'ok' },
    ...{ args: { id: 'i-7' }, say: 'It is 12.99.' },
  })
  expect(talk.events).toContainEqual({ type: 'tool', tool: 'find_invoice', ok: true })
})

test('a tool learns who the customer is from the run, and in Studio from the fixed visitor', async () => {
  const seen: unknown[] = []
  const specialists = withTool(async (_args, { principal }) => {
    seen.push(principal)
    return { say: 'There is none.' }
  })
  const script = () =>
    fakeModel()
      .respondWithTools([call()])
      .respond(new AIMessage('A double charge is refunded within 5 business days. [1]'))
  const told = await createTestGraph({ model: script(), specialists })
  await told.conversation().say(CHARGED_TWICE)
  expect(seen).toEqual([PRINCIPAL])

  const visitor = { customerId: 'studio', assurance: 'verified', channel: 'studio' } as const
  const { graph } = await createTestGraph({ model: script(), specialists, visitor })
  const input = { messages: [{ type: 'human', content: CHARGED_TWICE }] }
  await graph.invoke(input as never, { configurable: { thread_id: 'studio' }, context: {} as never })
  expect(seen.at(-1)).toEqual(visitor)
})

test('a run that does not say who the customer is is refused', async () => {
  const { graph } = await createTestGraph()
  const run = graph.invoke({ messages: [] }, { configurable: { thread_id: 't' }, context: {} as never })
  await expect(run).rejects.toThrow(/principal/)
})

test('a throwing tool costs the turn nothing, and its words never reach the model', async () => {
  const model = fakeModel()
    .respondWithTools([call()])
    .respond(new AIMessage('A double charge is refunded within 5 business days. [1]'))
  const specialists = withTool(async () => {
    throw new Error('connect ECONNREFUSED admin:hunter2@10.0.0.7')
  })
  const { conversation } = await createTestGraph({ model, specialists })
  const { reply, trail } = await conversation().say(CHARGED_TWICE)
  expect(reply?.author.name).toBe('billing')
  expect(trail).toContainEqual(
    expect.objectContaining({ type: 'tool-called', tool: 'find_invoice', ok: false, status: 'error' }),
  )
  expect(model.calls[1]?.messages.at(-1)).toBeInstanceOf(ToolMessage)
  expect(JSON.stringify([model.calls, trail, reply])).not.toMatch(/hunter2|ECONNREFUSED/)
})

test.each([
  ['a tool that does not exist', call('i-1', 'delete_everything')],
  ['arguments that do not fit', { name: 'find_invoice', args: { number: 4 }, id: 'c1' }],
])('a call of %s is a result that the model can act on', async (_what, wrong) => {
  const model = fakeModel()
    .respondWithTools([wrong])
    .respond(new AIMessage('A double charge is refunded within 5 business days. [1]'))
  const { conversation } = await createTestGraph({ model, specialists: withTool(async () => ({ say: 'found' })) })
  const { reply } = await conversation().say(CHARGED_TWICE)
  expect(reply?.author.name).toBe('billing')
  expect(model.calls[1]?.messages.at(-1)).toBeInstanceOf(ToolMessage)
})

test('a model that never stops calling tools is stopped, and a person takes over', async () => {
  let calls = 0
  const model = fakeModel()
  for (let i = 0; i < 50; i += 1) model.respondWithTools([call(`i-${i}`)])
  const specialists = withTool(async () => {
    calls += 1
    return { say: 'nothing' }
  })
  const { conversation } = await createTestGraph({ model, specialists })
  const { escalation, reply } = await conversation().say(CHARGED_TWICE)
  expect(escalation?.reason).toBe('tool_failure')
  expect(reply?.text).toContain('asking a person')
  expect(model.callCount).toBeLessThanOrEqual(7)
  expect(calls).toBeLessThanOrEqual(7)
})

test('a model that answers nothing at all ends with a person', async () => {
  const { conversation } = await createTestGraph({ model: streamingModel() })
  const { escalation, reply } = await conversation().say(CHARGED_TWICE)
  expect(escalation).not.toBeNull()
  expect(reply?.text).toContain('asking a person')
})

test('an answer that only holds a broken tool call ends with a person', async () => {
  const broken = new AIMessageChunk({ content: '', invalid_tool_calls: [{ name: 'find_invoice', args: '{"id":' }] })
  const { conversation } = await createTestGraph({ model: fakeModel().respond(broken) })
  const { escalation, reply } = await conversation().say(CHARGED_TWICE)
  expect(escalation).not.toBeNull()
  expect(reply?.text).toContain('asking a person')
})
