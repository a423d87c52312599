import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { KnowledgeGaps } from '../desk/gaps.ts'
import { addRoute, jsonResponse, refusals, valid } from './openapi.ts'
import type { CustomerEnv } from './principal.ts'
import { wholeNumber } from './schemas.ts'

/** `/v1/desk/gaps`: what customers ask and no article answers. The desk's routes ask for its token, this one included. */
export function addGapRoutes(app: OpenAPIHono<CustomerEnv>, gaps: KnowledgeGaps): void {
  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/gaps',
      summary: 'Questions that no article answered, put together by what they ask, the most frequent first',
      request: { query: query as never },
      responses: {
        200: jsonResponse(gapList, 'The gaps.'),
        ...refusals({
          400: 'The request is not as it must be.',
          401: 'The desk token is missing or wrong.',
          404: 'There is no such thing.',
        }),
      },
    }),
    async (c) => c.json(await gaps.list(valid(c, 'query', query))),
  )
}

const gapState = z.enum(['open', 'closed'])
const query = z.strictObject({
  sinceDays: wholeNumber(1, 36_500),
  state: gapState.optional(),
  limit: wholeNumber(1, 200),
})

const instant = z.iso.datetime()
const reason = z.enum(['no_passage', 'missing_knowledge', 'answered_by_agent'])

const gap = z
  .object({
    id: z.uuid(),
    state: gapState.describe('`closed`: an article was written about it.'),
    question: z.string(),
    count: z.number().int(),
    customers: z.number().int(),
    reasons: z.record(reason, z.number().int()),
    examples: z.array(
      z.object({
        conversationId: z.uuid(),
        at: instant,
        text: z.string().describe('With personal data masked.'),
        reason,
        answerMessageId: z.string().nullable().describe('The agent’s message that answered it.'),
      }),
    ),
    firstSeenAt: instant,
    lastSeenAt: instant,
    specialist: z.string().nullable(),
    nearest: z.object({ articleId: z.string(), title: z.string(), support: z.number() }).nullable(),
    draft: z.object({ id: z.uuid(), state: z.enum(['draft', 'approved', 'published', 'rejected']) }).nullable(),
    article: z.object({ articleId: z.string(), title: z.string() }).nullable(),
  })
  .meta({ id: 'Gap' })

export const gapList = z.object({
  gaps: z.array(gap),
  total: z.number().int().describe('Gaps in all; `gaps` may hold only some of them.'),
  questions: z.number().int(),
  truncated: z.boolean().describe('More questions were asked than are read: the oldest are left out.'),
})
