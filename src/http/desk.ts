import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Conversations } from '../conversations/conversations.ts'
import type { Desk } from '../desk/desk.ts'
import { addRoute, jsonBody, jsonResponse, refusals, valid } from './openapi.ts'
import { type CustomerEnv, requireToken } from './principal.ts'
import { agentName, chatResponse, conversation, conversationParams, messageId, textOf } from './schemas.ts'

const NOTE_CHARACTERS = 2_000

/** `/v1/desk/…`: what agents may do. Everything under it needs the desk's token. */
export function addDeskRoutes(
  app: OpenAPIHono<CustomerEnv>,
  {
    desk,
    conversations,
    token,
    textCharacters,
  }: { desk: Desk; conversations: Conversations; token: string; textCharacters: number },
): void {
  app.use('/v1/desk/*', requireToken(token, 'desk.unauthorized'))
  const denied = refusals({ 401: 'The desk token is missing or wrong.', 404: 'There is no such conversation.' })

  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/queue',
      summary: 'Escalations that nobody has closed, the longest waiting first',
      responses: { 200: jsonResponse(z.object({ escalations: z.array(queued) }), 'The queue.'), ...denied },
    }),
    async (c) => c.json({ escalations: await desk.queue() }),
  )
  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/conversations/{id}',
      summary: 'A conversation with the handoff packet and every recorded fact',
      request: { params: conversationParams as never },
      responses: { 200: jsonResponse(deskConversation, 'The conversation.'), ...denied },
    }),
    async (c) => c.json(await desk.find(valid(c, 'param', conversationParams).id)),
  )

  const draft = z.strictObject({ agent: agentName, text: textOf(textCharacters) })
  addRoute(
    app,
    createRoute({
      method: 'post',
      path: '/v1/desk/conversations/{id}/check',
      summary: 'What an agent should look at before sending a text; nothing is sent',
      request: { params: conversationParams as never, body: jsonBody(draft) },
      responses: {
        200: jsonResponse(z.object({ problems: z.array(z.string()) }), 'What nothing supports or what contradicts.'),
        ...denied,
        ...refusals({
          400: 'The body is not as it must be.',
          413: 'The body is too large.',
          415: 'The body is not JSON.',
        }),
      },
    }),
    async (c) =>
      c.json({ problems: await desk.advise(valid(c, 'param', conversationParams).id, valid(c, 'json', draft)) }),
  )

  const note = { agent: agentName, note: textOf(NOTE_CHARACTERS).optional(), messageId: messageId.optional() }
  const actions = [
    {
      path: 'take-over',
      kind: 'take-over',
      summary: 'Take a conversation, also in the middle of a turn',
      body: z.strictObject(note),
    },
    {
      path: 'hand-back',
      kind: 'hand-back',
      summary: 'Give the conversation back to the AI',
      body: z.strictObject(note),
    },
    { path: 'close', kind: 'close', summary: 'Close the conversation', body: z.strictObject(note) },
    {
      path: 'reply',
      kind: 'agent-reply',
      summary: 'Write to the customer',
      body: z.strictObject({ agent: agentName, text: textOf(textCharacters), messageId: messageId.optional() }),
    },
  ] as const
  for (const { path, kind, summary, body } of actions)
    addRoute(
      app,
      createRoute({
        method: 'post',
        path: `/v1/desk/conversations/{id}/${path}`,
        summary,
        request: { params: conversationParams as never, body: jsonBody(body) },
        responses: {
          200: jsonResponse(chatResponse, 'Done.'),
          ...denied,
          ...refusals({
            400: 'The body is not as it must be.',
            409: 'No person owns this conversation, or the text holds a secret.',
            413: 'The body is too large.',
            415: 'The body is not JSON.',
          }),
        },
      }),
      async (c) => {
        const { id: conversationId } = valid(c, 'param', conversationParams)
        const given = valid(c, 'json', body as z.ZodType<DeskBody>)
        const { agent, messageId } = given
        const accepted = await desk.act({
          conversationId,
          kind,
          agent,
          text: given.text ?? given.note ?? '',
          messageId,
        })
        return c.json(await conversations.result(accepted, c.req.raw.signal))
      },
    )
}

interface DeskBody {
  agent: string
  text?: string
  note?: string
  messageId?: string
}

const queued = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    reason: z.string(),
    detail: z.string(),
    status: z.string(),
    agent: z.string().nullable(),
    headline: z.string(),
    openedAt: z.iso.datetime(),
  })
  .meta({ id: 'QueuedEscalation' })

const deskConversation = conversation
  .extend({ packet: z.record(z.string(), z.unknown()).nullable(), events: z.array(z.record(z.string(), z.unknown())) })
  .meta({ id: 'DeskConversation' })
