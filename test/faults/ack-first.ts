import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { customerMessage } from '../../graphs/thread.ts'
import { createApp, type Overrides } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'

/**
 * The control of the kill campaign: the same graph, checkpoints, model and channel, but a message is acknowledged as
 * soon as it is here and waits in memory. This is how most chat servers are written.
 */
export async function serveWithoutInbox(config: Config, overrides: Overrides) {
  const app = await createApp(config, overrides)
  await app.ingest([config.articlesDir])
  const delivery = overrides.channels?.[0]?.delivery
  const queues = new Map<string, Promise<void>>()
  const known = new Map<string, string>()

  async function turn(conversationId: string, messageId: string, text: string): Promise<void> {
    const turnId = randomUUID()
    const { reply } = await app.graph.invoke(
      { turnId, trail: [], messages: [customerMessage(messageId, text)] },
      {
        configurable: { thread_id: conversationId },
        context: { principal: { customerId: 'control', assurance: 'anonymous', channel: 'web' } },
        durability: 'sync',
      },
    )
    if (reply && typeof delivery === 'object')
      await delivery.send({ ...reply, conversationId }, AbortSignal.timeout(1_000))
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { conversationId: given, messageId, text } = JSON.parse(Buffer.concat(chunks).toString())
    const conversationId = given ?? known.get(messageId) ?? randomUUID()
    const fresh = !known.has(messageId)
    known.set(messageId, conversationId)
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ conversationId, messageId, status: 'accepted', reply: null }))
    if (!fresh) return
    const before = queues.get(conversationId) ?? Promise.resolve()
    queues.set(
      conversationId,
      before.then(() => turn(conversationId, messageId, text)).catch(() => {}),
    )
  })
  await new Promise<void>((resolve) => server.listen(config.port, config.host, resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${config.host}:${port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      await Promise.all(queues.values())
      await app.stop()
    },
  }
}
