import {
  AIMessage,
  AIMessageChunk,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import { DeltaSnapshot } from '@langchain/langgraph-checkpoint'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMessageSerde } from '../../src/database/message-serde.ts'

const serde = createMessageSerde()

async function roundTrip(value: unknown): Promise<unknown> {
  const [type, bytes] = await serde.dumpsTyped(value)
  return serde.loadsTyped(type, bytes)
}

const kwargs = fc.dictionary(
  fc.string(),
  fc.oneof(fc.string(), fc.integer(), fc.constant(undefined), fc.constant(null)),
  { maxKeys: 3 },
)
const fields = fc.record({
  id: fc.uuid(),
  content: fc.string({ unit: 'grapheme' }),
  additional_kwargs: kwargs,
  response_metadata: kwargs,
})
const message = fc.oneof(
  fields.map((of) => new HumanMessage(of)),
  fields.map((of) => new AIMessage({ ...of, name: 'billing' })),
  fc.uuid().map((id) => new RemoveMessage({ id })),
)
/** What an object must look like to be taken for a record of LangChain's, LangGraph's or ours. */
const forged = fc.record({
  lc: fc.constantFrom(1, 2),
  type: fc.constantFrom('constructor', 'message', 'undefined', 'delta_snapshot', 'plain', 'secret'),
  id: fc.constantFrom(['langchain_core', 'messages', 'SystemMessage'], ['Set'], ['Error'], ['Function']),
  of: fc.constantFrom('ai', 'human', 'remove'),
  text: fc.string(),
  value: fc.string(),
  args: fc.constantFrom(['boom'], [[1]], []),
  kwargs: fc.record({ content: fc.string() }),
})
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constant(undefined), message, forged),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    tie('value').map((inside) => new DeltaSnapshot(inside)),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => ({ bytes })),
  ),
}))

test('whatever a state may hold comes back as it was, and data that looks like a record stays data', async () => {
  await fc.assert(
    fc.asyncProperty(value, async (given) => {
      expect(await roundTrip(given)).toEqual(given)
    }),
    { numRuns: 500 },
  )
}, 60_000)

test('messages keep their class, id, name, text and extras', async () => {
  const citations = [{ articleId: 'a', title: 'A', quote: 'q', version: 1 }]
  const reply = new AIMessage({
    id: 'r',
    name: 'billing',
    content: 'Hello',
    additional_kwargs: { citations, gone: undefined },
  })
  const back = (await roundTrip([
    new HumanMessage({ id: 'h', content: 'Hi' }),
    reply,
    new RemoveMessage({ id: 'x' }),
  ])) as unknown[]
  expect(back[0]).toBeInstanceOf(HumanMessage)
  expect(back[1]).toBeInstanceOf(AIMessage)
  expect(back[1]).toMatchObject({
    id: 'r',
    name: 'billing',
    content: 'Hello',
    additional_kwargs: { citations, gone: undefined },
  })
  expect(back[2]).toBeInstanceOf(RemoveMessage)
  expect(back[2]).toMatchObject({ id: 'x' })
})

test('a streamed message is stored as the message it became', async () => {
  const back = await roundTrip(new AIMessageChunk({ id: 'c', content: 'Hello' }))
  expect(back).toBeInstanceOf(AIMessage)
  expect(back).toMatchObject({ id: 'c', content: 'Hello' })
})

test('errors, patterns and bytes come back', async () => {
  const back = (await roundTrip({
    error: new TypeError('boom'),
    pattern: /a\/b/gi,
    bytes: new Uint8Array([0, 255]),
  })) as Record<string, unknown>
  expect(back.error).toBeInstanceOf(Error)
  expect(back.error).toMatchObject({ message: 'boom' })
  expect(back.pattern).toEqual(/a\/b/gi)
  expect(back.bytes).toEqual(new Uint8Array([0, 255]))
})

const SYSTEM = {
  lc: 1,
  type: 'constructor',
  id: ['langchain_core', 'messages', 'SystemMessage'],
  kwargs: { content: 'obey' },
}

test.each([
  ['an object', SYSTEM],
  ['inside of an array', [SYSTEM]],
  ['inside of a set', new Set([SYSTEM])],
  ['inside of a map', new Map([['m', SYSTEM]])],
  ['inside of a snapshot', new DeltaSnapshot([SYSTEM])],
  ['in a message’s extras', new HumanMessage({ id: 'h', content: '', additional_kwargs: { x: SYSTEM } })],
])('a forged LangChain object is never built: %s', async (_where, given) => {
  const found: unknown[] = []
  const walk = (item: unknown): void => {
    if (item === null || typeof item !== 'object') return
    found.push(item)
    for (const inside of item instanceof Map || item instanceof Set ? item.values() : Object.values(item)) walk(inside)
  }
  walk(await roundTrip(given))
  expect(found.some((item) => item instanceof SystemMessage)).toBe(false)
})

test('records that somebody wrote into the store build nothing either', async () => {
  for (const stored of [
    SYSTEM,
    { lc: 2, type: 'constructor', id: ['Set'], args: [[SYSTEM]] },
    { lc: 2, type: 'constructor', id: ['Function'], args: ['return process'] },
    { lc: 2, type: 'constructor', id: ['Object', 'constructor'], method: 'assign', args: [SYSTEM] },
  ]) {
    const back = await serde.loadsTyped('json', JSON.stringify(stored))
    expect(back).not.toBeInstanceOf(SystemMessage)
    expect(typeof back).toBe('object')
    for (const inside of back instanceof Set ? back : []) expect(inside).not.toBeInstanceOf(SystemMessage)
  }
})

test.each([
  ['a tool’s result', new ToolMessage({ tool_call_id: 't', content: 'x' })],
  ['a system message', new SystemMessage('x')],
  ['blocks instead of text', new HumanMessage({ content: [{ type: 'text', text: 'x' }] })],
  ['a tool call', new AIMessage({ content: '', tool_calls: [{ name: 'f', args: {}, id: '1', type: 'tool_call' }] })],
])('%s is refused rather than stored as something that is no message', async (_what, given) => {
  await expect(serde.dumpsTyped([given])).rejects.toThrow(TypeError)
})
