import { getEventListeners } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type Fixture, LLMock } from '@copilotkit/aimock'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { AIMessageChunk } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { END, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Clock, systemClock } from '../../src/clock.ts'
import type { ModelEvent } from '../../src/models/guarded-candidate.ts'
import { createOfflineChatModel } from '../../src/models/offline-chat-model.ts'
import { createOpenAIChatModel } from '../../src/models/openai-chat-model.ts'
import { createResilientChatModel, type ResilientChatModelOptions } from '../../src/models/resilient-chat-model.ts'
import { delta, startRawServer } from './raw-server.ts'

const limit = { timeout: 20_000 }
const sentence = 'Restart the router, then wait for the white light.'
const broken = { error: { message: 'down', type: 'server_error' }, status: 500 }

let server: LLMock
let events: ModelEvent[]
let waits: number[]

/** Keeps what was waited for and does not wait. */
const clock: Clock = { ...systemClock, sleep: async (ms) => void waits.push(ms) }

beforeEach(async () => {
  events = []
  waits = []
  server = await LLMock.create({ port: 0, chunkSize: 5 })
})

afterEach(() => server.stop())

function provider(model: string): BaseChatModel {
  return createOpenAIChatModel({ apiKey: 'test', baseUrl: `${server.url}/v1`, model })
}

function resilient(names: string[], options: Partial<ResilientChatModelOptions> = {}, offline = false) {
  return createResilientChatModel({
    candidates: [
      ...names.map((name) => ({ name, model: provider(name), kind: 'provider' as const })),
      ...(offline ? [{ name: 'offline', model: createOfflineChatModel(), kind: 'offline' as const }] : []),
    ],
    timeouts: { firstTokenMs: 2_000, idleMs: 2_000, totalMs: 10_000 },
    clock,
    onEvent: (event) => events.push(event),
    ...options,
  })
}

function serve(model: string, response: Fixture['response'], more: Partial<Fixture> = {}, sequenceIndex?: number) {
  server.addFixture({ match: { model, ...(sequenceIndex === undefined ? {} : { sequenceIndex }) }, response, ...more })
}

async function streamed(stream: AsyncIterable<AIMessageChunk>) {
  const chunks: AIMessageChunk[] = []
  let kept = ''
  for await (const chunk of stream) {
    chunks.push(chunk)
    kept = chunk.response_metadata.restarted ? '' : kept + chunk.text
  }
  const restarts = chunks.filter((chunk) => chunk.response_metadata.restarted).length
  return { chunks, kept, restarts, last: chunks.at(-1)?.response_metadata ?? {} }
}

const typesOf = () => events.map((event) => event.type)

describe('the resilient chat model', limit, () => {
  it('streams the answer of the first candidate and names the model that gave it', async () => {
    serve('primary', { content: sentence, model: 'primary-2026' })
    const { chunks, kept, restarts, last } = await streamed(await resilient(['primary', 'backup']).stream('hello'))
    expect(kept).toBe(sentence)
    expect(chunks.filter((chunk) => chunk.text !== '').length).toBeGreaterThan(3)
    expect(restarts).toBe(0)
    expect(last).toEqual({ model_name: 'primary-2026' })
    expect(server.getRequests()).toHaveLength(1)
  })

  it('reports the usage that the server counted', async () => {
    serve('primary', { content: sentence, usage: { prompt_tokens: 7, completion_tokens: 5 } })
    const reply = await resilient(['primary']).invoke('hello')
    expect(reply.usage_metadata).toMatchObject({ input_tokens: 7, output_tokens: 5, total_tokens: 12 })
  })

  it('waits as long as a 429 asks for and tries once more, unseen', async () => {
    serve('primary', { ...broken, status: 429, retryAfter: 7 }, {}, 0)
    serve('primary', { content: sentence }, {}, 1)
    const { kept, restarts } = await streamed(await resilient(['primary']).stream('hello'))
    expect(kept).toBe(sentence)
    expect(restarts).toBe(0)
    expect(waits).toEqual([7_000])
    expect(server.getRequests()).toHaveLength(2)
  })

  it('does not wait for a provider that asks for more than ten seconds', async () => {
    serve('primary', { ...broken, status: 429, retryAfter: 60 })
    serve('backup', { content: sentence })
    expect((await resilient(['primary', 'backup']).invoke('hello')).text).toBe(sentence)
    expect(waits).toEqual([])
  })

  it('asks the fallback model when the primary answers 500 twice', async () => {
    serve('primary', broken)
    serve('backup', { content: sentence })
    const reply = await resilient(['primary', 'backup']).invoke('hello')
    expect(reply.text).toBe(sentence)
    expect(reply.response_metadata).toMatchObject({ model_name: 'backup' })
    expect(reply.response_metadata.degraded).toBeUndefined()
    expect(waits).toHaveLength(1)
    expect(waits[0]).toBeGreaterThanOrEqual(250)
    expect(waits[0]).toBeLessThanOrEqual(4_000)
    expect(server.getRequests()).toHaveLength(3)
  })

  it('does not repeat a request that the provider refused', async () => {
    serve('primary', { ...broken, status: 400 })
    serve('backup', { content: sentence })
    expect((await resilient(['primary', 'backup']).invoke('hello')).text).toBe(sentence)
    expect(server.getRequests()).toHaveLength(2)
  })

  it('leaves a provider that hangs for the fallback', async () => {
    serve('primary', { content: sentence }, { streamingProfile: { ttft: 15_000 } })
    serve('backup', { content: sentence })
    const model = resilient(['primary', 'backup'], {
      timeouts: { firstTokenMs: 200, idleMs: 2_000, totalMs: 10_000 },
    })
    expect((await model.invoke('hello')).response_metadata.model_name).toBe('backup')
    expect(model.health()[0]?.lastError).toContain('first token')
  })

  it('says that the answer begins again when a stream is cut, and gives the whole answer', async () => {
    serve('primary', { content: 'Restart the modem and then' }, { truncateAfterChunks: 4, latency: 40 })
    serve('backup', { content: sentence })
    const { chunks, kept, restarts, last } = await streamed(await resilient(['primary', 'backup']).stream('hello'))
    expect(kept).toBe(sentence)
    expect(restarts).toBe(2)
    expect(chunks.find((chunk) => chunk.response_metadata.restarted)?.content).toBe('')
    expect(last).toEqual({ model_name: 'backup' })
    expect(typesOf()).toContain('stream-restarted')
  })

  it('begins again when a stream falls silent in the middle', async () => {
    serve('primary', { content: sentence }, { streamingProfile: { ttft: 0, tps: 0.2 } }, 0)
    serve('primary', { content: sentence }, {}, 1)
    const timeouts = { firstTokenMs: 3_000, idleMs: 300, totalMs: 15_000 }
    const { kept, last } = await streamed(await resilient(['primary'], { timeouts }).stream('hello'))
    expect(kept).toBe(sentence)
    expect(last.model_name).toMatch(/primary/)
  })

  it('keeps only the last answer in invoke and in a graph that streams its messages', async () => {
    serve('primary', { content: 'Restart the modem and then' }, { truncateAfterChunks: 4, latency: 40 })
    serve('backup', { content: sentence })
    const model = resilient(['primary', 'backup'])
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('specialist', async (state) => ({ messages: [await model.invoke(state.messages)] }))
      .addEdge(START, 'specialist')
      .addEdge('specialist', END)
      .compile()
    let kept = ''
    let restarts = 0
    let final: string | undefined
    const input = { messages: [{ role: 'user', content: 'hello' }] }
    for await (const [mode, part] of await graph.stream(input, { streamMode: ['messages', 'values'] })) {
      if (mode === 'values') final = part.messages.at(-1)?.text
      else {
        const [chunk] = part as [AIMessageChunk, unknown]
        restarts += chunk.response_metadata.restarted ? 1 : 0
        kept = chunk.response_metadata.restarted ? '' : kept + chunk.text
      }
    }
    expect(restarts).toBe(2)
    expect(kept).toBe(sentence)
    expect(final).toBe(sentence)
    expect(await model.invoke('hello').then((reply) => reply.text)).toBe(sentence)
    const events = model.streamEvents('hello')
    expect(await events.text).toBe(sentence)
  })

  it('answers offline and says that it is degraded when every provider is down', async () => {
    serve('primary', broken)
    serve('backup', { ...broken, status: 503 })
    const system =
      '<ask text="router drops wifi"><passage id="1" article="a" title="Router drops" heading="">Restart the router.</passage></ask>'
    const reply = await resilient(['primary', 'backup'], {}, true).invoke([['system', system]])
    expect(reply.text).toBe('Restart the router. [1]')
    expect(reply.response_metadata).toMatchObject({ model_name: 'offline', degraded: true })
    expect(events.at(-1)).toEqual({ type: 'answer-finished', candidate: 'offline', degraded: true })
  })

  it('is not degraded when the offline model is all there is', async () => {
    const reply = await resilient([], {}, true).invoke('hello')
    expect(reply.response_metadata.degraded).toBeUndefined()
    expect(reply.response_metadata.model_name).toBe('offline')
  })

  it('throws one error with a code and every cause when nobody answers', async () => {
    serve('primary', broken)
    serve('backup', { ...broken, status: 401 })
    const error = await resilient(['primary', 'backup'])
      .invoke('hello')
      .catch((caught) => caught)
    expect(error).toMatchObject({ code: 'models.unavailable', status: 503 })
    expect(error.cause.errors).toHaveLength(2)
  })

  it('asks again after an empty answer', async () => {
    serve('primary', { content: '' }, {}, 0)
    serve('primary', { content: sentence }, {}, 1)
    expect((await resilient(['primary']).invoke('hello')).text).toBe(sentence)
  })

  it('opens the breaker after failures in a row, leaves the provider alone, and lets one call probe it', async () => {
    let down = true
    serve('primary', () => (down ? broken : { content: sentence }))
    serve('backup', { content: sentence })
    const model = resilient(['primary', 'backup'], {
      retry: { breaker: { failures: 2, openMs: 300 }, budget: { share: 0, floor: 0, windowMs: 60_000 } },
    })
    for (let call = 0; call < 4; call++) await model.invoke('hello')
    const asked = () =>
      server.getRequests().filter((entry) => entry.body && 'model' in entry.body && entry.body.model === 'primary')
    expect(asked()).toHaveLength(2)
    expect(model.health()).toMatchObject([
      { name: 'primary', kind: 'provider', breaker: 'open' },
      { name: 'backup', kind: 'provider', breaker: 'closed' },
    ])
    down = false
    await systemClock.sleep(350)
    await model.invoke('hello')
    expect(asked()).toHaveLength(3)
    expect(model.health()[0]).toEqual({ name: 'primary', kind: 'provider', breaker: 'closed', lastError: undefined })
  })

  it('keeps retries to a share of the calls', async () => {
    serve('primary', broken)
    serve('backup', { content: sentence })
    const model = resilient(['primary', 'backup'], {
      retry: { budget: { share: 0.1, floor: 2, windowMs: 60_000 }, breaker: { failures: 100, openMs: 1_000 } },
    })
    for (let call = 0; call < 6; call++) await model.invoke('hello')
    expect(waits).toHaveLength(2)
  })
})

describe('a stream that the test writes', limit, () => {
  const withServer = async (url: string, use: (model: ReturnType<typeof resilient>) => Promise<void>) => {
    const raw = createOpenAIChatModel({ baseUrl: url, model: 'raw' })
    await use(resilient([], { candidates: [{ name: 'raw', model: raw, kind: 'provider' }] }))
  }
  const faults: [name: string, tail: (response: ServerResponse) => void][] = [
    ['ends without a finish_reason', (response) => response.end()],
    ['says that it is done without a finish_reason', (response) => response.end('data: [DONE]\n\n')],
    ['breaks off', (response) => response.destroy()],
    ['holds what is no JSON', (response) => response.end('data: {"choices": [\n\n')],
    ['reports an error', (response) => response.end('data: {"error":{"message":"overloaded"}}\n\n')],
  ]

  it.each(faults)('begins again when it %s in the middle', async (_, tail) => {
    const server = await startRawServer((response, call) => {
      response.write(delta('Restart '))
      if (call === 0) setTimeout(() => tail(response), 100)
      else response.end(`${delta('the router.')}${delta('', 'stop')}data: [DONE]\n\n`)
    })
    try {
      await withServer(server.url, async (model) => {
        const { kept, restarts } = await streamed(await model.stream('hello'))
        expect(kept).toBe('Restart the router.')
        expect(restarts).toBe(1)
        expect(server.calls()).toBe(2)
      })
    } finally {
      await server.stop()
    }
  })

  it('is ended at the server when the reader stops reading', async () => {
    let closed = false
    const server = await startRawServer((response) => {
      response.on('close', () => {
        closed = true
      })
      response.write(delta('Restart '))
    })
    try {
      await withServer(server.url, async (model) => {
        for await (const chunk of await model.stream('hello')) if (chunk.text !== '') break
        await expect.poll(() => closed, { timeout: 10_000 }).toBe(true)
        expect(typesOf()).toEqual([])
      })
    } finally {
      await server.stop()
    }
  })
})

describe('an abort', limit, () => {
  it('ends the call at once with its reason, is not retried and does not count against the provider', async () => {
    serve('primary', { content: sentence }, { streamingProfile: { ttft: 15_000 } })
    const model = resilient(['primary', 'backup'], { retry: { breaker: { failures: 1, openMs: 60_000 } } }, true)
    const stop = new AbortController()
    const call = model.invoke('hello', { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('the customer wrote again')), 300)
    await expect(call).rejects.toThrow('the customer wrote again')
    expect(model.health().map((each) => each.breaker)).toEqual(['closed', 'closed', 'closed'])
    expect(server.getRequests().length).toBeLessThanOrEqual(1)
    expect(typesOf()).toEqual([])
  })

  it('ends a stream in the middle', async () => {
    serve('primary', { content: sentence }, { streamingProfile: { ttft: 0, tps: 20 } })
    const stop = new AbortController()
    const reading = (async () => {
      for await (const chunk of await resilient(['primary'], {}, true).stream('hello', { signal: stop.signal })) {
        if (chunk.text !== '') stop.abort(new Error('enough'))
      }
    })()
    await expect(reading).rejects.toThrow('enough')
    expect(typesOf()).toEqual([])
  })

  it('leaves no listener on a signal that outlives the calls', async () => {
    serve('primary', { content: 'Restart the modem and then' }, { truncateAfterChunks: 4, latency: 40 })
    serve('backup', { content: sentence })
    const model = resilient(['primary', 'backup'])
    const { signal } = new AbortController()
    for (let call = 0; call < 3; call++) {
      await model.invoke('hello', { signal })
      await streamed(await model.stream('hello', { signal }))
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('tools and structured output', limit, () => {
  const refund = tool(async () => 'done', {
    name: 'refund_charge',
    description: 'Refunds a charge.',
    schema: z.object({ chargeId: z.string() }),
  })
  const route = z.object({ to: z.enum(['billing', 'returns']), confidence: z.number() })
  const call = (name: string, args: unknown) => ({ toolCalls: [{ name, arguments: JSON.stringify(args) }] })

  it('are bound to the candidate that answers', async () => {
    serve('primary', broken)
    serve('backup', call('refund_charge', { chargeId: 'c1' }))
    const reply = await resilient(['primary', 'backup']).bindTools([refund]).invoke('refund me')
    expect(reply.tool_calls).toMatchObject([{ name: 'refund_charge', args: { chargeId: 'c1' } }])
    const body = server.getLastRequest()?.body
    expect(body).toMatchObject({ tools: [{ type: 'function', function: { name: 'refund_charge' } }] })
  })

  it('gives what fits the schema', async () => {
    serve('primary', call('route', { to: 'billing', confidence: 0.9 }))
    const output = await resilient(['primary']).withStructuredOutput(route, { name: 'route' }).invoke('charged twice')
    expect(output).toEqual({ to: 'billing', confidence: 0.9 })
    expect(server.getLastRequest()?.body).toMatchObject({ tool_choice: { function: { name: 'route' } } })
  })

  it('asks once more when the output does not fit', async () => {
    serve('primary', call('route', { to: 'the moon' }), {}, 0)
    serve('primary', call('route', { to: 'returns', confidence: 1 }), {}, 1)
    const output = await resilient(['primary']).withStructuredOutput(route, { name: 'route' }).invoke('send it back')
    expect(output).toEqual({ to: 'returns', confidence: 1 })
  })

  it('throws an error with a code when the output does not fit twice, or is only words', async () => {
    serve('primary', call('route', { to: 'the moon' }))
    serve('backup', { content: 'billing, I think' })
    for (const name of ['primary', 'backup']) {
      const structured = resilient([name]).withStructuredOutput(route, { name: 'route' })
      await expect(structured.invoke('hello')).rejects.toMatchObject({ code: 'models.invalid_output' })
    }
    expect(server.getRequests()).toHaveLength(4)
  })

  it('does not ask the offline model for structured output', async () => {
    serve('primary', broken)
    const structured = resilient(['primary'], {}, true).withStructuredOutput(route, { name: 'route' })
    await expect(structured.invoke('hello')).rejects.toMatchObject({ code: 'models.unavailable' })
  })
})
