import type { ChatCompletionRequest } from '@copilotkit/aimock'
import { describe, expect, test } from 'vitest'
import { appOn, openAIServer, streamed, unsure } from './provider.ts'

const limit = { timeout: 60_000 }
const question = 'I was charged twice for my subscription this month'
const answer =
  'A double charge is paid back within 5 business days [1]. You do not have to cancel anything. Look under Account to see both [1].'
const asksForRoute = (request: ChatCompletionRequest) => JSON.stringify(request.tools ?? '').includes('"route"')

describe('a model server', limit, () => {
  test('streams its tokens to the customer, and the message that ends them is what counts', async () => {
    const server = await openAIServer()
    server.onMessage(/.*/, { content: answer })
    const app = await appOn(`${server.url}/v1`)
    const { status, names, shown, message, result } = await streamed(app, question)
    expect(status).toBe(200)
    expect(names[0]).toBe('accepted')
    expect(names.indexOf('route')).toBeLessThan(names.indexOf('token'))
    expect(names.filter((name) => name === 'token').length).toBeGreaterThan(1)
    expect(names.lastIndexOf('token')).toBeLessThan(names.indexOf('message'))
    expect(names.at(-1)).toBe('done')
    expect(shown.trim()).toBe(message.text)
    expect(message).toMatchObject({ author: { kind: 'specialist', name: 'billing' }, model: 'primary' })
    expect(message.degraded).toBeUndefined()
    expect(message.citations[0]).toMatchObject({ articleId: 'billing/charged-twice-for-a-subscription' })
    expect(result).toMatchObject({ status: 'answered', reply: { id: message.id, text: message.text } })
  })

  test('is asked once for a question whose desk is clear', async () => {
    const server = await openAIServer()
    server.onMessage(/.*/, { content: answer })
    const app = await appOn(`${server.url}/v1`)
    const { result } = await streamed(app, question)
    expect(result.route).toMatchObject({ to: 'billing', by: 'local' })
    expect(server.getRequests().map(({ path }) => path)).toEqual(['/v1/chat/completions'])
  })

  test('reads the passages and this customer, and nobody else', async () => {
    const server = await openAIServer()
    server.onMessage(/.*/, { content: answer })
    const app = await appOn(`${server.url}/v1`)
    const first = app.customer()
    const opening = await first.say('I am Zoltan Quux and my invoice 99887 is wrong')
    const { conversationId } = (await opening.json()) as { conversationId: string }
    await first.say({ conversationId, text: 'and I was charged twice' })
    await app.customer().say(question)
    const request = server.getLastRequest()?.body as ChatCompletionRequest
    const prompt = JSON.stringify(request.messages)
    expect(request.messages[0]?.role).toBe('system')
    expect(prompt).toContain('billing/charged-twice-for-a-subscription')
    expect(prompt).toContain('refunded within 5 business days')
    expect(prompt).not.toMatch(/Zoltan|99887/)
    expect(request.messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([question])
    expect(prompt).not.toContain(conversationId)
  })

  test('decides the desk by structured output when the router is unsure', async () => {
    const server = await openAIServer()
    server.addFixture({
      match: { predicate: asksForRoute },
      response: {
        toolCalls: [{ name: 'route', arguments: '{"to":"returns","confidence":0.9,"reason":"send it back"}' }],
      },
    })
    server.onMessage(/.*/, { content: 'Which thing do you mean?' })
    const app = await appOn(`${server.url}/v1`, { router: unsure('billing') })
    const { result } = await streamed(app, 'the thing I told you about')
    expect(result).toMatchObject({
      status: 'answered',
      route: { to: 'returns', by: 'model', confidence: 0.9 },
      reply: { author: { name: 'returns' } },
    })
    expect(server.getRequests()).toHaveLength(2)
  })

  test.each([
    ['fails', { error: { message: 'down', type: 'server_error' }, status: 500 }],
    ['names a desk that there is not', { toolCalls: [{ name: 'route', arguments: '{"to":"sales","confidence":1}' }] }],
    ['answers in prose', { content: 'I think it is returns.' }],
  ])('leaves the desk to the router when its word on it %s', async (_, response) => {
    const server = await openAIServer()
    server.addFixture({ match: { predicate: asksForRoute }, response })
    server.onMessage(/.*/, { content: 'Which thing do you mean?' })
    const app = await appOn(`${server.url}/v1`, { router: unsure('billing') })
    const body = await (await app.customer().say('the thing I told you about')).json()
    expect(body).toMatchObject({
      status: 'answered',
      route: { to: 'billing', by: 'local' },
      reply: { text: 'Which thing do you mean?' },
    })
  })

  test('hands a turn to another desk, and to a person', async () => {
    const server = await openAIServer()
    const handOff = (to: string) => ({
      toolCalls: [{ name: 'hand_off', arguments: `{"to":"${to}","reason":"theirs"}` }],
    })
    server.addFixture({ match: { systemMessage: 'questions about charges' }, response: handOff('returns') })
    server.addFixture({ match: { systemMessage: 'send goods back' }, response: handOff('human') })
    const app = await appOn(`${server.url}/v1`)
    const { names, message, result } = await streamed(app, question)
    expect(names).not.toContain('error')
    expect(result).toMatchObject({ status: 'with_human', escalation: { status: 'open' } })
    expect(message.text).toContain('asking a person')
  })
})
