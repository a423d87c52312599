import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { pagesDir } from '../../src/web/build.js'

/** The policy that the real server sends with every page. */
export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/** What arrived at `POST /v1/chat`, in order, whether it was accepted or not. */
export interface ChatCall {
  conversationId?: string
  messageId: string
  text: string
}

/** One accepted turn: what the script says on its stream. */
export interface Turn extends ChatCall {
  conversationId: string
  say(event: string, data: unknown): void
  /** Says the whole reply as tokens, its message and `done`. */
  reply(text: string, more?: Record<string, unknown>, status?: string): void
  /** Ends with a person instead of a reply. */
  handOver(more?: Record<string, unknown>): void
  /** Cuts the connection in the middle. */
  cut(): void
}

/** A customer that the demo offers to try the page as. */
export interface DemoCustomer {
  id: string
  name: string
  email: string
  situation: string
  examples?: string[]
}

/** An effect as the thread and the live stream tell of it. */
interface Effect {
  key: string
  tool: string
  summary: string
  amount: { minor: number; currency: string } | null
  state: string
  /** Left out, the page has to do without. */
  code?: string
  message: string | null
  at: string
}

interface Conversation {
  id: string
  status: string
  messages: Record<string, unknown>[]
  escalations: Record<string, unknown>[]
  effects: Effect[]
  listeners: Set<ServerResponse>
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** A server with the built pages and as much of the HTTP contract as the chat page speaks. */
export async function startFakeServer(settings: { shop?: string; demo?: DemoCustomer[] } = {}) {
  const calls: ChatCall[] = []
  const conversations = new Map<string, Conversation>()
  const state = {
    onTurn: (turn: Turn): void | Promise<void> => turn.reply('Hello.'),
    /** Answers a chat call before it is accepted; true when it did. */
    onCall: (_call: ChatCall, _request: IncomingMessage, _response: ServerResponse): boolean => false,
    threadDelay: 0,
    eventsDown: false,
    eventsRefused: 0,
    /** What `GET /v1/session` says. */
    session: { customer: null as { id: string; name?: string } | null, assurance: 'anonymous' },
    /** The customers to try the page as; null where there is no demo. */
    demo: settings.demo ?? null,
    demoDown: false,
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (request.method === 'POST' && path === '/v1/chat') return chat(request, response)
    if (path === '/v1/session') return send(response, state.session)
    if (path.startsWith('/v1/demo/')) return demo(path, request, response)
    const [, id, events] = /^\/v1\/conversations\/([^/]+)(\/events)?$/.exec(path) ?? []
    if (id) return events ? listen(id, request, response) : thread(id, response)
    return page(path === '/' ? 'chat/index.html' : path, response)
  }

  async function demo(path: string, request: IncomingMessage, response: ServerResponse) {
    if (!state.demo) return fail(response, 404, 'http.unknown')
    if (request.method === 'GET') {
      return send(response, { customers: state.demo, signedInAs: state.session.customer?.id ?? null })
    }
    if (state.demoDown) return fail(response, 500, 'internal')
    const body = (await readJson(request)) as { customerId?: string }
    if (path === '/v1/demo/sign-in') {
      const customer = state.demo.find(({ id }) => id === body.customerId)
      if (!customer) return fail(response, 404, 'demo.unknown')
      state.session = { customer: { id: customer.id, name: customer.name }, assurance: 'verified' }
    } else {
      state.session = { customer: null, assurance: 'anonymous' }
    }
    send(response, {})
  }

  async function page(path: string, response: ServerResponse) {
    const file = join(pagesDir, normalize(`/${path}`))
    const body = await readFile(file).catch(() => null)
    if (!body) return response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': types[extname(file)], 'Content-Security-Policy': policy })
    const shop = `name="baton-shop" content="${settings.shop ?? 'Larkfield'}"`
    response.end(extname(file) === '.html' ? body.toString().replace('name="baton-shop" content=""', shop) : body)
  }

  async function chat(request: IncomingMessage, response: ServerResponse) {
    const call = (await readJson(request)) as ChatCall
    calls.push(call)
    if (state.onCall(call, request, response)) return
    if (call.conversationId && !conversations.has(call.conversationId))
      return fail(response, 404, 'conversation.unknown')
    const conversation = find(call.conversationId)
    addMessage(conversation, {
      id: call.messageId,
      role: 'customer',
      author: { kind: 'customer', name: 'You' },
      text: call.text,
    })

    stream(response)
    const say = (event: string, data: unknown) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    const turnId = randomUUID()
    const ids = { conversationId: conversation.id, messageId: call.messageId, turnId }
    say('accepted', ids)
    if (conversation.status === 'with_human') {
      say('done', { ...ids, status: 'with_human', reply: null, route: { to: 'human' } })
      return response.end()
    }
    await state.onTurn({
      ...call,
      conversationId: conversation.id,
      say,
      reply(text, more = {}, status = 'answered') {
        const message = addMessage(conversation, {
          role: 'specialist',
          author: { kind: 'specialist', name: 'billing' },
          citations: [],
          text,
          ...more,
        })
        say('message', message)
        say('done', { ...ids, status, reply: message, route: { to: 'billing' } })
        response.end()
      },
      handOver(more = {}) {
        const escalation = { id: randomUUID(), reason: 'asked', status: 'open', ...more }
        conversation.status = 'with_human'
        conversation.escalations.push(escalation)
        say('escalation', escalation)
        say('done', { ...ids, status: 'with_human', reply: null, route: { to: 'human' }, escalation })
        response.end()
      },
      cut: () => response.destroy(),
    })
  }

  function find(id: string = randomUUID()): Conversation {
    const known = conversations.get(id)
    if (known) return known
    const opened = {
      id,
      status: 'open',
      messages: [],
      escalations: [],
      effects: [],
      listeners: new Set<ServerResponse>(),
    }
    conversations.set(id, opened)
    return opened
  }

  async function thread(id: string, response: ServerResponse) {
    await new Promise((resolve) => setTimeout(resolve, state.threadDelay))
    const conversation = conversations.get(id)
    if (!conversation) return fail(response, 404, 'conversation.unknown')
    const { listeners, ...shown } = conversation
    send(response, { ...shown, customer: { id: state.session.customer?.id ?? 'anonymous' } })
  }

  function listen(id: string, request: IncomingMessage, response: ServerResponse) {
    const conversation = conversations.get(id)
    if (!conversation) return fail(response, 404, 'conversation.unknown')
    if (state.eventsDown) {
      state.eventsRefused++
      return fail(response, 503, 'internal')
    }
    stream(response)
    response.write(': hello\n\n')
    conversation.listeners.add(response)
    request.on('close', () => conversation.listeners.delete(response))
  }

  function push(conversation: Conversation, event: string, data: unknown) {
    for (const listener of conversation.listeners) {
      listener.write(`id: ${randomUUID()}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    }
  }

  function addMessage(conversation: Conversation, fields: Record<string, unknown>) {
    const known = conversation.messages.find(({ id }) => id === fields.id)
    if (known) return known
    const message = { id: randomUUID(), at: new Date().toISOString(), citations: [], ...fields }
    conversation.messages.push(message)
    push(conversation, 'message', message)
    return message
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    state,
    conversations,
    /** The only conversation of a test. */
    conversation(): Conversation {
      const [first] = conversations.values()
      if (!first) throw new Error('No conversation was opened.')
      return first
    },
    /** A person writes at the desk; the customer's page hears it live. */
    agentSays(name: string, text: string) {
      const conversation = this.conversation()
      addMessage(conversation, { role: 'agent', author: { kind: 'agent', name }, text })
    },
    /** An effect begins or changes; the customer's page hears it live. */
    effect(key: string, change: Partial<Effect>) {
      const conversation = this.conversation()
      const known = conversation.effects.find((effect) => effect.key === key)
      const fresh = { tool: 'refund_charge', summary: '', amount: null, state: 'planned', message: null }
      const effect: Effect = { ...fresh, ...known, key, at: new Date().toISOString(), ...change }
      conversation.effects = [...conversation.effects.filter((other) => other !== known), effect]
      push(conversation, 'effect', effect)
    },
    dropListeners() {
      for (const listener of this.conversation().listeners) listener.destroy()
    },
    setStatus(status: string) {
      const conversation = this.conversation()
      conversation.status = status
      push(conversation, 'status', { status })
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A fake server with its controls. */
export type FakeServer = Awaited<ReturnType<typeof startFakeServer>>

function stream(response: ServerResponse) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let body = ''
  for await (const chunk of request) body += chunk
  return JSON.parse(body)
}

function send(response: ServerResponse, body: unknown) {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

function fail(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}) {
  response
    .writeHead(status, { 'Content-Type': 'application/json', ...headers })
    .end(JSON.stringify({ error: { code, message: code } }))
}
