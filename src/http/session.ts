import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { CustomerIdentity } from '../customers/identity.ts'
import { addRoute, jsonResponse, refusals } from './openapi.ts'
import type { CustomerEnv } from './principal.ts'

/** `GET /v1/session`: who is signed in. */
export function addSessionRoute(app: OpenAPIHono<CustomerEnv>, identity: CustomerIdentity): void {
  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/session',
      summary: 'Who is signed in, and how sure that is',
      responses: {
        200: jsonResponse(session, 'The session; customer is null for somebody anonymous.'),
        ...refusals({ 401: 'The customer token does not hold.' }),
      },
    }),
    async (c) => {
      c.header('Cache-Control', 'no-store')
      return c.json(await identity.session(c.get('principal')))
    },
  )
}

export const session = z
  .object({
    customer: z.object({ id: z.string(), name: z.string().optional() }).nullable(),
    assurance: z.enum(['anonymous', 'claimed', 'verified']),
    method: z
      .enum(['code', 'demo', 'host'])
      .optional()
      .describe('A one-time code, the demo’s sign-in, or the host application’s token.'),
  })
  .meta({ id: 'Session' })
