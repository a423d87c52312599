import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createMcpHandler, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { onTestFinished } from 'vitest'
import { tickets } from './tickets.ts'

export const TOKEN = 'Bearer token-of-the-tickets'

/**
 * The tickets over HTTP, until the test ends. Requests without {@link TOKEN} get 401.
 * @param sessions as servers keep them that remember who is connected; the others answer each request by itself
 */
export async function serveTickets(file: string, { sessions = false } = {}) {
  const alone = createMcpHandler(() => tickets(file))
  let open = new Map<string, WebStandardStreamableHTTPServerTransport>()

  async function inSession(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id')
    if (id !== null) return (await open.get(id)?.handleRequest(request)) ?? new Response(null, { status: 404 })
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void open.set(session, transport),
    })
    await tickets(file).connect(transport)
    return transport.handleRequest(request)
  }

  const server = createAdaptorServer({
    fetch: (request: Request) => {
      if (request.headers.get('authorization') !== TOKEN) return new Response(null, { status: 401 })
      return sessions ? inSession(request) : alone.fetch(request)
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    if ('closeAllConnections' in server) server.closeAllConnections()
    await closed
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    /** As after a restart. */
    forgetSessions: () => {
      open = new Map()
    },
  }
}
