import type { ServerResponse } from 'node:http'
import type { Fixture, LLMock } from '@copilotkit/aimock'
import { describe, expect, onTestFinished, test } from 'vitest'
import { delta, startRawServer } from '../models/raw-server.ts'
import { appOn, KEY, openAIServer, streamed } from './provider.ts'

const limit = { timeout: 60_000 }
const question = 'I was charged twice for my subscription this month'
const content = 'A double charge is paid back within 5 business days [1]. You do not have to cancel anything.'
const down = { error: { message: `Incorrect API key provided: ${KEY}`, type: 'server_error' }, status: 500 }

function serve(server: LLMock, response: Fixture['response'], more: Partial<Fixture> = {}, sequenceIndex?: number) {
  server.addFixture({
    match: { model: 'primary', ...(sequenceIndex !== undefined && { sequenceIndex }) },
    response,
    ...more,
  })
}

const offline = { model: 'offline', degraded: true }
const whole = { model: 'primary', text: content }

describe('a model server in trouble', limit, () => {
  test.each<[fault: string, set: (server: LLMock) => void, reply: object]>([
    [
      'answers 429 and asks to wait a second',
      (server) => {
        serve(server, { ...down, status: 429, retryAfter: 1 }, {}, 0)
        serve(server, { content }, {}, 1)
      },
      whole,
    ],
    [
      'answers 429 and asks to wait a minute',
      (server) => serve(server, { ...down, status: 429, retryAfter: 60 }),
      offline,
    ],
    [
      'answers 500 once',
      (server) => {
        serve(server, down, {}, 0)
        serve(server, { content }, {}, 1)
      },
      whole,
    ],
    ['answers 500 always', (server) => serve(server, down), offline],
    ['refuses the key', (server) => serve(server, { ...down, status: 401 }), offline],
    ['hangs', (server) => serve(server, { content }, { streamingProfile: { ttft: 20_000 } }), offline],
    [
      'falls silent in the middle',
      (server) => serve(server, { content }, { streamingProfile: { ttft: 0, tps: 0.2 } }),
      offline,
    ],
    ['answers with nothing', (server) => serve(server, { content: '' }), offline],
  ])('that %s is not seen by the customer', async (_, set, reply) => {
    const server = await openAIServer()
    set(server)
    const app = await appOn(`${server.url}/v1`)
    const before = performance.now()
    const { status, names, message, result, body } = await streamed(app, question)
    expect(status).toBe(200)
    expect(names).not.toContain('error')
    expect(message).toMatchObject({ ...reply, author: { kind: 'specialist', name: 'billing' } })
    expect(message.citations.length).toBeGreaterThan(0)
    expect(result.status).toBe('answered')
    expect(performance.now() - before).toBeLessThan(15_000)
    expect(body).not.toContain(KEY)
  })

  test('that cuts a stream makes the answer begin again, whole', async () => {
    const server = await openAIServer()
    serve(
      server,
      { content: 'Please ignore this sentence. And this one too. And then' },
      { truncateAfterChunks: 7, latency: 40 },
      0,
    )
    serve(server, { content }, {}, 1)
    const app = await appOn(`${server.url}/v1`)
    const { names, shown, message } = await streamed(app, question)
    expect(names).not.toContain('error')
    const restart = names.indexOf('restart')
    expect(names.slice(0, restart)).toContain('token')
    expect(names.slice(restart)).toContain('token')
    expect(shown).toBe(content)
    expect(message).toMatchObject(whole)
  })

  test('is replaced by the fallback model', async () => {
    const server = await openAIServer()
    serve(server, down)
    server.addFixture({ match: { model: 'backup' }, response: { content } })
    const app = await appOn(`${server.url}/v1`, { env: { FALLBACK_MODEL: 'backup' } })
    const { message } = await streamed(app, question)
    expect(message).toMatchObject({ model: 'backup', text: content })
    expect(message.degraded).toBeUndefined()
  })

  test('that cannot be reached, its fallback neither, is answered for from the articles', async () => {
    const app = await appOn('http://127.0.0.1:9/v1', { env: { FALLBACK_MODEL: 'backup' } })
    for (const text of [question, 'the zipper came broken, can I send it back', 'my router keeps dropping the wifi']) {
      const before = performance.now()
      const { names, message } = await streamed(app, text)
      expect(names).not.toContain('error')
      expect(message).toMatchObject(offline)
      expect(message.citations.length).toBeGreaterThan(0)
      expect(performance.now() - before).toBeLessThan(10_000)
    }
    expect(await (await app.server.request('/ready')).json()).toMatchObject({
      models: [{ name: 'primary' }, { name: 'backup' }, { name: 'offline' }],
    })
  })

  test.each<[fault: string, calls: { name: string; arguments: string; id?: string }[]]>([
    ['arguments that are no JSON', [{ name: 'hand_off', arguments: '{"to": "returns", "rea' }]],
    ['arguments that do not fit', [{ name: 'hand_off', arguments: '{"to": 7}' }]],
    ['a desk that there is not', [{ name: 'hand_off', arguments: '{"to":"sales","reason":"theirs"}' }]],
    ['a tool that there is not', [{ name: 'launch_rocket', arguments: '{}' }]],
    [
      'the same id twice',
      [
        { name: 'launch_rocket', arguments: '{}', id: 'call_1' },
        { name: 'land_rocket', arguments: '{}', id: 'call_1' },
      ],
    ],
  ])('that goes on calling tools with %s ends in an answer or a person', async (_, toolCalls) => {
    const server = await openAIServer()
    serve(server, { toolCalls })
    const app = await appOn(`${server.url}/v1`)
    const { status, names, message, result } = await streamed(app, question)
    expect(status).toBe(200)
    expect(names).not.toContain('error')
    expect(result.status).toBeOneOf(['answered', 'with_human'])
    expect(message.text).not.toMatch(/error|exception|tool|JSON|undefined/i)
    if (result.status === 'with_human') expect(result.escalation).toMatchObject({ status: 'open' })
    expect(server.getRequests().length).toBeLessThanOrEqual(12)
  })

  test('that calls a tool that there is not gets another try', async () => {
    const server = await openAIServer()
    serve(server, { toolCalls: [{ name: 'launch_rocket', arguments: '{}' }] }, {}, 0)
    serve(server, { content }, {}, 1)
    const app = await appOn(`${server.url}/v1`)
    const { message, result } = await streamed(app, question)
    expect(message).toMatchObject(whole)
    expect(result.status).toBe('answered')
  })

  test.each<[fault: string, tail: (response: ServerResponse) => void]>([
    ['breaks off', (response) => response.destroy()],
    ['ends without saying that it is finished', (response) => response.end()],
    ['turns to what is no JSON', (response) => response.end('data: {"choices": [\n\n')],
    ['reports an error', (response) => response.end(`data: {"error":{"message":"overloaded ${KEY}"}}\n\n`)],
  ])('whose every stream %s after a sentence leaves the answer to the articles', async (_, tail) => {
    const server = await startRawServer((response) => {
      response.write(delta('Please ignore this sentence. And'))
      setTimeout(() => tail(response), 50)
    })
    onTestFinished(() => server.stop())
    const app = await appOn(server.url)
    const { names, message, shown, body } = await streamed(app, question)
    expect(names).not.toContain('error')
    expect(names).toContain('restart')
    expect(message).toMatchObject(offline)
    // The request to verify is put behind what the articles say.
    expect(message.text.startsWith(shown.trim())).toBe(true)
    expect(shown).toContain('charged twice')
    const ready = await (await app.server.request('/ready')).text()
    for (const text of [body, ready, app.logged()]) expect(text).not.toContain(KEY)
  })
})

describe('the key of the model server', limit, () => {
  test.each([401, 500])('is in no log, event, thread or page when the server quotes it with %d', async (status) => {
    const server = await openAIServer()
    serve(server, { ...down, status })
    const app = await appOn(`${server.url}/v1`, { env: { EMBEDDING_MODEL: 'small' } })
    const customer = app.customer()
    const response = await customer.say(question, { Accept: 'text/event-stream' })
    const seen = [await response.text(), await (await app.server.request('/ready')).text()]
    seen.push(await (await app.server.request('/health')).text())
    const { conversationId } = JSON.parse(seen[0]?.match(/event: done\ndata: (.*)/)?.[1] ?? '{}')
    seen.push(JSON.stringify(await customer.thread(conversationId)))
    seen.push(JSON.stringify(await app.db.selectFrom('events').selectAll().execute()))
    for (const text of seen) expect(text).not.toContain(KEY)
    expect(app.logged()).toContain('a model call went wrong')
    expect(app.logged()).not.toContain(KEY)
  })
})
