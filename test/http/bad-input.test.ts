import fc from 'fast-check'
import { expect, test } from 'vitest'
import { serve } from '../../src/main.ts'
import {
  BILLING,
  createSmallShop,
  errorOf,
  PERSON,
  type SmallShop,
  smallConfig,
  turnOf,
} from '../conversations/small-shop.ts'

type Body = string | ReadableStream<Uint8Array>

const JSON_BODY = { 'Content-Type': 'application/json' }

function post(app: SmallShop, body: Body, headers: Record<string, string> = JSON_BODY) {
  return app.server.request('/v1/chat', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
}

async function nothingStored(app: SmallShop) {
  for (const table of ['inbox', 'conversations', 'events', 'turns'] as const)
    expect(await app.db.selectFrom(table).selectAll().execute()).toEqual([])
}

/** Bytes that arrive in pieces, with no length said beforehand. */
function chunked(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close()
      controller.enqueue(new TextEncoder().encode('a'.repeat(Math.min(left, 16_384))))
      left -= 16_384
    },
  })
}

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

const refused: Record<string, [body: Body, status: number, says: RegExp, headers?: Record<string, string>]> = {
  'broken JSON': ['{"text": "hi', 400, /not valid JSON/],
  'no body': ['', 400, /JSON/],
  'a list': ['[]', 400, /object/],
  'a number': ['7', 400, /object/],
  null: ['null', 400, /object/],
  'no text': ['{}', 400, /text/],
  'an unknown field': ['{"text":"hi","admin":true}', 400, /admin/],
  'a text that is a number': ['{"text":7}', 400, /text/],
  'a text that is an object': ['{"text":{"lc":1,"type":"constructor"}}', 400, /text/],
  'an empty text': ['{"text":""}', 400, /text: must not be empty/],
  'a text of spaces': ['{"text":" \\n\\t "}', 400, /text: must not be empty/],
  'a text of 8,001 characters': [JSON.stringify({ text: 'a'.repeat(8_001) }), 400, /8000 characters/],
  'a null byte': ['{"text":"a\\u0000b"}', 400, /null bytes/],
  'half of a character': ['{"text":"a\\ud83d"}', 400, /broken characters/],
  'a messageId with a space': ['{"text":"hi","messageId":"a b"}', 400, /messageId/],
  'an empty messageId': ['{"text":"hi","messageId":""}', 400, /messageId/],
  'a messageId of 129 characters': [JSON.stringify({ text: 'hi', messageId: 'a'.repeat(129) }), 400, /messageId/],
  'a conversationId that is not a UUID': ['{"text":"hi","conversationId":"7"}', 400, /conversationId/],
  'an empty conversationId': ['{"text":"hi","conversationId":""}', 400, /conversationId/],
  'a conversationId of null': ['{"text":"hi","conversationId":null}', 400, /conversationId/],
  'a conversation that is nobody’s': [
    '{"text":"hi","conversationId":"7f3c1d2e-1111-4222-8333-444455556666"}',
    404,
    /no such conversation/,
  ],
  'lists a hundred thousand deep': [`{"text":${deep(100_000)}}`, 400, /./],
  'a prototype': ['{"text":"hi","__proto__":{"x":1}}', 400, /__proto__/],
  'plain text': ['{"text":"hi"}', 415, /application\/json/, { 'Content-Type': 'text/plain' }],
  'a form': ['text=hi', 415, /application\/json/, { 'Content-Type': 'application/x-www-form-urlencoded' }],
  'a body of 300 KB whose length is said': [
    JSON.stringify({ text: 'a'.repeat(300_000) }),
    413,
    /256 KB/,
    { ...JSON_BODY, 'Content-Length': '300012' },
  ],
}

test('each bad body is refused with one clear error, and nothing of it is stored', async () => {
  const app = await createSmallShop()
  for (const [name, [body, status, says, headers]] of Object.entries(refused)) {
    const error = await errorOf(post(app, body, headers))
    expect({ name, status: error.status }).toEqual({ name, status })
    expect(error.message, name).toMatch(says)
    expect(error.message.length, name).toBeLessThan(400)
  }
  await nothingStored(app)
})

test('300 KB in pieces is refused as soon as it is too much', async () => {
  const app = await createSmallShop()
  expect(await errorOf(post(app, chunked(300_000)))).toMatchObject({ status: 413, code: 'request.too_large' })
  expect(await errorOf(post(app, chunked(300_000), { ...JSON_BODY, 'Transfer-Encoding': 'chunked' }))).toMatchObject({
    status: 413,
  })
  await nothingStored(app)
})

test('over a real connection 300 KB is refused, said beforehand or in pieces', async () => {
  const server = await serve(smallConfig({ PORT: '0' }))
  try {
    const send = (body: Body) =>
      fetch(`${server.url}/v1/chat`, { method: 'POST', headers: JSON_BODY, body, duplex: 'half' } as RequestInit)
    for (const body of [JSON.stringify({ text: 'a'.repeat(300_000) }), chunked(300_000)])
      expect(await errorOf(send(body))).toMatchObject({ status: 413, code: 'request.too_large' })
    expect((await send(JSON.stringify({ text: 'hello' }))).status).toBe(200)
  } finally {
    await server.stop()
  }
})

test('a text of exactly 8,000 characters, in any script, is answered', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  for (const letter of ['a', 'ж', '字']) await turnOf(customer.say(letter.repeat(8_000)))
  await turnOf(customer.say({ text: `${BILLING} 👩‍👩‍👧 e\u0301 \u202e` }))
})

test.each(['7', 'null', '%00', '7f3c1d2e-1111-4222-8333-44445555666', "'; drop table inbox; --"])(
  'a conversation id such as %s is refused',
  async (id) => {
    const app = await createSmallShop()
    const customer = app.customer()
    await turnOf(customer.say('hello'))
    for (const path of ['', '/events'])
      expect(await errorOf(customer.request(`/v1/conversations/${encodeURIComponent(id)}${path}`))).toMatchObject({
        status: 400,
        code: 'request.invalid',
      })
  },
)

test('the desk’s bodies are held to their shape too', async () => {
  const app = await createSmallShop()
  const { conversationId } = await turnOf(app.customer().say(PERSON))
  const bad: [action: string, body: Record<string, unknown>][] = [
    ['reply', {}],
    ['reply', { agent: 'Mara' }],
    ['reply', { agent: 'Mara', text: '' }],
    ['reply', { agent: '', text: 'hi' }],
    ['reply', { agent: ' ', text: 'hi' }],
    ['reply', { agent: 'a'.repeat(61), text: 'hi' }],
    ['reply', { agent: 'Mara\u0000', text: 'hi' }],
    ['reply', { agent: 'Mara', text: 'hi', to: 'everybody' }],
    ['take-over', {}],
    ['hand-back', { agent: 'Mara', note: 7 }],
    ['close', { agent: 'Mara', note: 'a'.repeat(2_001) }],
  ]
  for (const [action, body] of bad)
    expect(await errorOf(app.desk.post(conversationId, action, body))).toMatchObject({
      status: 400,
      code: 'request.invalid',
    })
  expect(await errorOf(app.desk.post('7', 'reply', { agent: 'Mara', text: 'hi' }))).toMatchObject({ status: 400 })
  const missing = '7f3c1d2e-1111-4222-8333-444455556666'
  expect(await errorOf(app.desk.post(missing, 'reply', { agent: 'Mara', text: 'hi' }))).toMatchObject({ status: 404 })
})

test('no JSON at all makes the chat endpoint fail', async () => {
  const app = await createSmallShop()
  const id = fc.oneof(fc.uuid(), fc.string({ unit: 'binary' }), fc.constant('7'), fc.jsonValue())
  const nearly = fc.record(
    {
      text: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
      messageId: id,
      conversationId: id,
      extra: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.json(),
        nearly.map((value) => JSON.stringify(value)),
        fc.string({ unit: 'binary' }),
      ),
      async (body) => {
        const response = await post(app, body)
        if (response.status === 200) return
        expect((await errorOf(response)).status).toBeLessThan(500)
      },
    ),
    { numRuns: 300 },
  )
}, 60_000)
