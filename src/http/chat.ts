import { randomUUID } from 'node:crypto'
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import type { Identity } from '../../graphs/identity.ts'
import type { Conversations, MessageResult } from '../conversations/conversations.ts'
import type { Accepted } from '../conversations/inbox.ts'
import type { Live } from '../conversations/live.ts'
import type { Sessions } from '../customers/sessions.ts'
import { AppError } from '../errors.ts'
import type { Explain } from './errors.ts'
import { addRoute, jsonBody, jsonResponse, refusals, valid } from './openapi.ts'
import { asCurrent, type CustomerEnv, principalOrNew } from './principal.ts'
import { chatRequest, chatResponse } from './schemas.ts'
import { follow, respondWithEvents, type ServerEvent } from './sse.ts'

/** What the chat endpoint is made with. */
export interface ChatOptions {
  conversations: Conversations
  live: Live
  sessions: Sessions
  identity: Identity
  limiter: RateLimiterAbstract
  textCharacters: number
  explain: Explain
}

/** `POST /v1/chat`: one message in, its answer out, at once or as it is written. */
export function addChatRoute(app: OpenAPIHono<CustomerEnv>, options: ChatOptions): void {
  const { conversations, sessions, identity, limiter, live, explain } = options
  const requestBody = chatRequest(options.textCharacters)
  const route = createRoute({
    method: 'post',
    path: '/v1/chat',
    summary: 'Send a message and get its answer',
    description:
      'The message is stored before anything else happens. The same messageId again is the same message. With `Accept: text/event-stream` the turn is streamed as server-sent events: accepted, route, token, restart, tool, citation, message, escalation, done, error.',
    request: { body: jsonBody(requestBody) },
    responses: {
      200: jsonResponse(chatResponse, 'The message is answered, or a person has it.'),
      ...refusals({
        400: 'The body is not as it must be.',
        401: 'The customer token does not hold.',
        404: 'The conversation is not there, or not yours.',
        413: 'The body is too large.',
        415: 'The body is not JSON.',
        429: 'Too many messages; see Retry-After.',
      }),
    },
  })

  addRoute(app, route, async (c) => {
    const { conversationId, messageId = randomUUID(), text } = valid(c, 'json', requestBody)
    const principal = await principalOrNew(c, sessions)
    await limit(limiter, principal.customerId)
    const accepted = await asCurrent(identity, principal, (principal) =>
      conversations.accept({ principal, conversationId, messageId, text }),
    )
    if (c.req.header('Accept')?.includes('text/event-stream')) return stream(c, accepted)
    return c.json(await conversations.result(accepted, c.req.raw.signal))
  })

  function stream(c: Context, accepted: Accepted): Response {
    const since = c.req.header('Last-Event-ID')
    return respondWithEvents(c, explain, async (sse) => {
      const gone = new AbortController()
      sse.onAbort(() => gone.abort())
      const turn = followTurn(conversations, live, accepted, gone.signal, since)
      await follow(sse, turn.pull, (wake) => {
        turn.whenDone(wake)
        return conversations.subscribe(accepted.conversationId, wake)
      })
    })
  }
}

async function limit(limiter: RateLimiterAbstract, customerId: string): Promise<void> {
  try {
    await limiter.consume(customerId)
  } catch (refused) {
    if (refused instanceof Error) throw refused
    const seconds = Math.ceil(((refused as { msBeforeNext?: number }).msBeforeNext ?? 1_000) / 1_000)
    throw new AppError('request.too_many', 429, `Too many messages. Try again in ${seconds} seconds.`, {
      'Retry-After': String(seconds),
    })
  }
}

/** The events of the turn that answers one message: what the turn shows as it runs, then what it came to. */
function followTurn(
  conversations: Conversations,
  live: Live,
  accepted: Accepted,
  signal: AbortSignal,
  since: string | undefined,
) {
  let result: MessageResult | undefined
  let failure: unknown
  let done = () => {}
  conversations
    .result(accepted, signal)
    .then(
      (value) => {
        result = value
      },
      (error) => {
        failure = error
      },
    )
    .finally(() => done())
  let greeted = false
  let ended = false
  let turnId = ''
  let sent = 0
  const [sinceTurn, sinceNumber] = since?.split(':') ?? []

  const numbered = (event: ServerEvent, number: number): ServerEvent[] => {
    const seen = sinceTurn === turnId && number <= Number(sinceNumber)
    return seen ? [] : [{ ...event, id: `${turnId}:${number}` }]
  }

  return {
    whenDone: (wake: () => void) => {
      done = wake
    },
    async pull(): Promise<ServerEvent[] | null> {
      if (ended) return null
      const events: ServerEvent[] = []
      const { conversationId, messageId, inboxId } = accepted
      if (!greeted) events.push({ event: 'accepted', data: { conversationId, messageId } })
      greeted = true
      const current = live.current(conversationId)
      if (current?.inboxIds.includes(inboxId)) {
        if (current.turnId !== turnId) {
          if (turnId !== '') events.push({ event: 'restart', data: {} })
          turnId = current.turnId
          sent = 0
        }
        for (; sent < current.shown.length; sent += 1) {
          const { type, ...data } = current.shown[sent] ?? { type: 'none' }
          if (SHOWN.has(type))
            events.push(...numbered({ event: type, data: type === 'route' ? data.route : data }, sent + 1))
        }
      }
      if (failure) throw failure
      if (!result) return events
      ended = true
      turnId = result.turnId
      return [...events, ...closing(result).flatMap((event, i) => numbered(event, LAST + i))]
    },
  }
}

const SHOWN = new Set(['route', 'token', 'restart', 'tool'])
/** Above any number of a token: what ends a turn is always new to a client that saw only tokens. */
const LAST = 1_000_000

function closing(result: MessageResult): ServerEvent[] {
  const { reply, escalation } = result
  const role = reply?.author.kind
  return [
    ...(reply?.citations ?? []).map((data) => ({ event: 'citation', data })),
    ...(reply ? [{ event: 'message', data: { ...reply, role } }] : []),
    ...(escalation ? [{ event: 'escalation', data: escalation }] : []),
    { event: 'done', data: result },
  ]
}
