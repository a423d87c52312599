import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Approvals } from '../effects/approvals.ts'
import { addRoute, jsonBody, jsonResponse, refusals, valid } from './openapi.ts'
import type { CustomerEnv } from './principal.ts'
import { agentName, textOf } from './schemas.ts'

const REASON_CHARACTERS = 500

/** `/v1/desk/approvals…`: what agents decide on. The desk's routes ask for its token, these included. */
export function addApprovalRoutes(app: OpenAPIHono<CustomerEnv>, approvals: Approvals): void {
  const denied = refusals({ 401: 'The desk token is missing or wrong.', 404: 'There is no such approval.' })

  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/approvals',
      summary: 'Effects that agents have to agree to, the longest waiting first',
      request: { query: query as never },
      responses: {
        200: jsonResponse(z.object({ approvals: z.array(card) }), 'The cards.'),
        ...denied,
        ...refusals({ 400: 'There is no such state.' }),
      },
    }),
    async (c) => c.json({ approvals: await approvals.list(valid(c, 'query', query)) }),
  )

  const actions = [
    {
      decision: 'approve',
      summary: 'Agree to an effect; it is done in a turn of its conversation',
      body: z.strictObject({ agent: agentName, reason: textOf(REASON_CHARACTERS).optional() }),
    },
    {
      decision: 'deny',
      summary: 'Deny an effect; the customer is told the reason',
      body: z.strictObject({ agent: agentName, reason: textOf(REASON_CHARACTERS) }),
    },
  ] as const
  for (const { decision, summary, body } of actions)
    addRoute(
      app,
      createRoute({
        method: 'post',
        path: `/v1/desk/approvals/{id}/${decision}`,
        summary,
        request: { params: params as never, body: jsonBody(body) },
        responses: {
          200: jsonResponse(card, 'The card as it is now.'),
          ...denied,
          ...refusals({
            400: 'The body is not as it must be.',
            409: 'It is decided already, or it is too late to decide.',
            413: 'The body is too large.',
            415: 'The body is not JSON.',
          }),
        },
      }),
      async (c) => {
        const { agent, reason } = valid(c, 'json', body as z.ZodType<{ agent: string; reason?: string }>)
        return c.json(await approvals.decide(valid(c, 'param', params).id, { agent, decision, reason }))
      },
    )
}

const params = z.object({ id: z.uuid() })

const state = z.enum(['pending', 'approved', 'denied', 'expired', 'superseded'])
const query = z.strictObject({ state: state.optional() })

const card = z
  .object({
    id: z.uuid(),
    state,
    conversationId: z.uuid(),
    customerId: z.string(),
    tool: z.string(),
    summary: z.string().describe('The exact action, made from the stored arguments and facts.'),
    amount: z.object({ minor: z.number().int(), currency: z.string() }).nullable(),
    args: z.record(z.string(), z.unknown()),
    reason: z.string().describe('Why policy asks people.'),
    policyVersion: z.string(),
    needed: z.number().int().describe('How many different agents have to agree.'),
    decisions: z.array(
      z.object({
        agent: z.string(),
        decision: z.enum(['approve', 'deny']),
        reason: z.string().nullable(),
        at: z.iso.datetime(),
      }),
    ),
    requestedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Approval' })
