import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createOpenAIEmbeddings } from '../../src/models/embeddings.ts'
import { appOn, KEY, openAIServer, streamed } from './provider.ts'

const limit = { timeout: 60_000 }
const question = 'my router keeps dropping the wifi'

describe('an embedding model', limit, () => {
  test('has every passage made into a vector, and each question once', async () => {
    const server = await openAIServer()
    server.onMessage(/.*/, { content: 'Restart the router [1].' })
    const app = await appOn(`${server.url}/v1`, { env: { EMBEDDING_MODEL: 'small' } })
    expect(app.knowledge.size()).toMatchObject({ withoutVectors: 0 })
    const before = server.getRequests().length
    const { message } = await streamed(app, question)
    expect(message.citations[0].articleId).toBe('tech-support/router-drops-wifi')
    const paths = server
      .getRequests()
      .slice(before)
      .map(({ path }) => path)
    expect(paths).toEqual(['/v1/embeddings', '/v1/chat/completions'])
  })

  test('that is down leaves the search to words, and the customer with an answer', async () => {
    const server = await embeddingsThat((response) => {
      response.writeHead(500, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ error: { message: `no room for ${KEY}` } }))
    })
    const app = await appOn(server.url, { env: { EMBEDDING_MODEL: 'small' } })
    const { articles, passages, withoutVectors } = app.knowledge.size()
    expect(articles).toBeGreaterThan(40)
    expect(withoutVectors).toBe(passages)
    const { message, names } = await streamed(app, question)
    expect(names).not.toContain('error')
    expect(message.citations[0].articleId).toBe('tech-support/router-drops-wifi')
    expect(app.logged()).toContain('words alone decide')
    expect(app.logged()).not.toContain(KEY)
    // Two tries of a start, then left alone: not one a group of articles.
    expect(server.calls()).toBeLessThan(20)
  })

  test('that hangs does not keep a customer waiting for long, and then is left alone', async () => {
    const server = await embeddingsThat(() => {})
    const embeddings = createOpenAIEmbeddings({ baseUrl: server.url, model: 'small', timeoutMs: 200 })
    for (let i = 0; i < 2; i += 1) await expect(embeddings.embedQuery(question)).rejects.toThrow()
    const calls = server.calls()
    const before = performance.now()
    await expect(embeddings.embedQuery(question)).rejects.toThrow()
    expect(performance.now() - before).toBeLessThan(100)
    expect(server.calls()).toBe(calls)
  })

  test('that refuses one text is still asked for the next', async () => {
    const server = await embeddingsThat((response) => {
      response.writeHead(400, { 'Content-Type': 'application/json' })
      response.end('{"error":{"message":"too long"}}')
    })
    const embeddings = createOpenAIEmbeddings({ baseUrl: server.url, model: 'small' })
    for (let i = 0; i < 4; i += 1) await expect(embeddings.embedQuery(question)).rejects.toThrow('too long')
    expect(server.calls()).toBe(4)
  })
})

/** A server that does to every request what the test says; aimock answers embeddings always. */
async function embeddingsThat(answer: (response: ServerResponse) => void) {
  let calls = 0
  const server = createServer((request, response) => {
    calls += 1
    request.resume()
    answer(response)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, calls: () => calls }
}
