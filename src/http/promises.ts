import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Promises } from '../desk/promises.ts'
import { addRoute, jsonBody, jsonResponse, refusals, valid } from './openapi.ts'
import type { CustomerEnv } from './principal.ts'
import { agentName, textOf } from './schemas.ts'

const NOTE_CHARACTERS = 500

/** `/v1/desk/promises…`: what agents told customers they would do. The desk's routes ask for its token, these included. */
export function addPromiseRoutes(app: OpenAPIHono<CustomerEnv>, promises: Promises): void {
  const denied = refusals({ 401: 'The desk token is missing or wrong.', 404: 'There is no such promise.' })

  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/promises',
      summary: 'What agents promised customers, the first due first',
      request: { query: query as never },
      responses: {
        200: jsonResponse(z.object({ promises: z.array(card) }), 'The promises.'),
        ...denied,
        ...refusals({ 400: 'There is no such status.' }),
      },
    }),
    async (c) => c.json({ promises: await promises.list(valid(c, 'query', query)) }),
  )

  const actions = [
    { path: 'keep', outcome: 'kept', summary: 'Say that a promise was kept' },
    { path: 'break', outcome: 'broken', summary: 'Say that a promise was not kept' },
    {
      path: 'withdraw',
      outcome: 'withdrawn',
      summary: 'Say that a promise does not hold any more, as the customer knows',
    },
  ] as const
  const body = z.strictObject({ agent: agentName, note: textOf(NOTE_CHARACTERS).optional() })
  for (const { path, outcome, summary } of actions)
    addRoute(
      app,
      createRoute({
        method: 'post',
        path: `/v1/desk/promises/{id}/${path}`,
        summary,
        request: { params: params as never, body: jsonBody(body) },
        responses: {
          200: jsonResponse(card, 'The promise as it is now.'),
          ...denied,
          ...refusals({
            400: 'The body is not as it must be.',
            409: 'It is settled already.',
            413: 'The body is too large.',
            415: 'The body is not JSON.',
          }),
        },
      }),
      async (c) => {
        const { agent, note } = valid(c, 'json', body as z.ZodType<{ agent: string; note?: string }>)
        return c.json(await promises.settle(valid(c, 'param', params).id, { agent, outcome, note }))
      },
    )
}

const params = z.object({ id: z.uuid() })

const status = z.enum(['open', 'kept', 'broken', 'withdrawn'])
const query = z.strictObject({ status: status.optional(), owner: z.string().min(1).max(100).optional() })

const card = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    text: z.string().describe('The sentence that promises it.'),
    owner: z.string().describe('The agent who has to keep it.'),
    status,
    madeAt: z.iso.datetime(),
    dueAt: z.iso.datetime(),
    overdue: z.boolean(),
    settledAt: z.iso.datetime().nullable(),
    settledBy: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Promise' })
