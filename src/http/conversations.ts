import { createRoute, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Identity } from '../../graphs/identity.ts'
import type { Conversations } from '../conversations/conversations.ts'
import type { LoggedEvent } from '../conversations/event-log.ts'
import { conversationNotFound } from '../conversations/inbox.ts'
import { effectOf } from '../conversations/shown-effects.ts'
import { messageOf } from '../conversations/thread-view.ts'
import type { Explain } from './errors.ts'
import { addRoute, jsonResponse, refusals, valid } from './openapi.ts'
import { asCurrent, type CustomerEnv } from './principal.ts'
import { conversation, conversationParams } from './schemas.ts'
import { follow, respondWithEvents, type ServerEvent } from './sse.ts'

/** Facts read at once for a stream; a slow client never makes more wait in memory. */
const PAGE = 100

/** `GET /v1/conversations/{id}` and its live `/events`. */
export function addConversationRoutes(
  app: OpenAPIHono<CustomerEnv>,
  conversations: Conversations,
  identity: Identity,
  explain: Explain,
): void {
  const responses = refusals({
    400: 'The id is not a UUID.',
    401: 'The customer token does not hold.',
    404: 'The conversation is not there, or not yours.',
  })

  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/conversations/{id}',
      summary: 'The complete thread, oldest message first',
      request: { params: conversationParams as never },
      responses: { 200: jsonResponse(conversation, 'The thread.'), ...responses },
    }),
    async (c) => {
      const { id } = valid(c, 'param', conversationParams)
      return c.json(await asCurrent(identity, principalOf(c), (principal) => conversations.find(id, principal)))
    },
  )

  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/conversations/{id}/events',
      summary: 'The same, live, as server-sent events',
      description: 'Events message, route, effect, escalation and status; resumes after the `Last-Event-ID` header.',
      request: { params: conversationParams as never },
      responses: { 200: { description: 'text/event-stream' }, ...responses },
    }),
    async (c) => {
      const { id } = valid(c, 'param', conversationParams)
      const principal = principalOf(c)
      let after = seqOf(c.req.header('Last-Event-ID'))
      // Who the customer is may change while the stream is open, and with it who owns the conversation.
      const read = (limit: number) =>
        asCurrent(identity, principal, (principal) => conversations.events(id, principal, after, limit))
      // Refused before the stream begins.
      await read(1)
      return respondWithEvents(c, explain, (sse) =>
        follow(
          sse,
          async () => {
            const events = await read(PAGE)
            after = events.at(-1)?.seq ?? after
            return events.flatMap(shownEvent)
          },
          (wake) => conversations.subscribe(id, ({ type }) => type === 'changed' && wake()),
        ),
      )
    },
  )
}

/** Anything but a sequence number, which the store could hold, starts from the beginning. */
function seqOf(lastEventId: string | undefined): number {
  return lastEventId !== undefined && /^\d{1,9}$/.test(lastEventId) ? Number(lastEventId) : 0
}

function principalOf(c: Context<CustomerEnv>) {
  const principal = c.get('principal')
  if (!principal) throw conversationNotFound()
  return principal
}

/** What a customer may see of a fact, if anything. */
function shownEvent(event: LoggedEvent): ServerEvent[] {
  const id = String(event.seq)
  const { type, data } = event
  const message = messageOf(event)
  if (message) return [{ event: 'message', data: message, id }]
  const effect = effectOf(event)
  if (effect) return [{ event: 'effect', data: effect, id }]
  switch (type) {
    case 'route-decided':
      return [{ event: 'route', data: data.route, id }]
    case 'escalation-opened':
      return [
        { event: 'escalation', data: { id: data.id, reason: data.reason, status: 'open' } },
        { event: 'status', data: { status: 'with_human' }, id },
      ]
    case 'escalation-claimed':
      return [{ event: 'escalation', data: { id: data.id, status: 'claimed', agent: data.agent }, id }]
    case 'escalation-closed':
      return [
        { event: 'escalation', data: { id: data.id, status: 'closed' } },
        { event: 'status', data: { status: 'open' }, id },
      ]
    case 'conversation-closed':
      return [{ event: 'status', data: { status: 'closed' }, id }]
    default:
      return []
  }
}
