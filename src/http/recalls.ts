import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Corrections } from '../desk/corrections.ts'
import type { Recalls } from '../desk/recalls.ts'
import { addRoute, jsonBody, jsonResponse, refusals, valid } from './openapi.ts'
import type { CustomerEnv } from './principal.ts'
import { agentName, author, textOf, wholeNumber } from './schemas.ts'

/** Conversations that one request corrects at most. */
const MOST_CORRECTED = 200

/** `/v1/desk/recalls…`: who was told what an article no longer says. The desk's routes ask for its token, these included. */
export function addRecallRoutes(
  app: OpenAPIHono<CustomerEnv>,
  { recalls, corrections, textCharacters }: { recalls: Recalls; corrections: Corrections; textCharacters: number },
): void {
  const denied = refusals({
    400: 'The request is not as it must be.',
    401: 'The desk token is missing or wrong.',
    404: 'There is no such article.',
  })

  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/recalls',
      summary: 'Articles that have changed since somebody was told from them',
      request: { query: listQuery as never },
      responses: { 200: jsonResponse(recallList, 'The articles.'), ...denied },
    }),
    async (c) => c.json({ recalls: await recalls.list(optionsOf(valid(c, 'query', listQuery))) }),
  )
  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/recalls/{articleId}',
      summary: 'Conversations that were told what an article no longer says, the last told first',
      description: 'A slash in the id is written as %2F.',
      request: { params: params as never, query: findQuery as never },
      responses: { 200: jsonResponse(recall, 'The conversations.'), ...denied },
    }),
    async (c) => {
      const { articleId } = valid(c, 'param', params)
      return c.json(await recalls.find(articleId, optionsOf(valid(c, 'query', findQuery))))
    },
  )

  const body = z.strictObject({
    agent: agentName,
    text: textOf(textCharacters),
    conversationIds: z.array(z.uuid()).min(1).max(MOST_CORRECTED),
  })
  addRoute(
    app,
    createRoute({
      method: 'post',
      path: '/v1/desk/recalls/{articleId}/correct',
      summary: 'Send a correction, once to each conversation for this version of the article',
      request: { params: params as never, body: jsonBody(body) },
      responses: {
        200: jsonResponse(correctionResults, 'What became of each.'),
        ...denied,
        ...refusals({ 413: 'The body is too large.', 415: 'The body is not JSON.' }),
      },
    }),
    async (c) => {
      const { articleId } = valid(c, 'param', params)
      return c.json({ results: await corrections.send(articleId, valid(c, 'json', body)) })
    },
  )
}

const params = z.object({ articleId: z.string().min(1).max(500) })

const days = wholeNumber(1, 36_500)
const listQuery = z.strictObject({ sinceDays: days, all: z.enum(['true', 'false']).optional() })
const findQuery = listQuery.extend({ limit: wholeNumber(1, 500), offset: wholeNumber(0, 10_000_000) })

function optionsOf<Query extends { all?: 'true' | 'false' | undefined }>({ all, ...query }: Query) {
  return { ...query, all: all === 'true' }
}

const instant = z.iso.datetime()
const state = z.enum(['current', 'ended', 'not_yet', 'removed']).describe('Only a `current` article holds today.')
const article = { articleId: z.string(), title: z.string(), version: z.number().int(), state }

export const recallList = z.object({
  recalls: z.array(
    z
      .object({ ...article, conversations: z.number().int(), corrected: z.number().int() })
      .meta({ id: 'RecallSummary' }),
  ),
})

export const recall = z
  .object({
    ...article,
    total: z.number().int().describe('Conversations in all; `conversations` may hold only some of them.'),
    conversations: z.array(
      z.object({
        conversationId: z.uuid(),
        customerId: z.string(),
        status: z.enum(['open', 'with_human', 'closed']),
        lastToldAt: instant,
        told: z.array(
          z.object({
            messageId: z.string(),
            at: instant,
            author,
            reply: z.string(),
            quote: z.string(),
            version: z.number().int(),
            stands: z.boolean().describe('The sentence is still in the article, word for word.'),
          }),
        ),
        newToldAt: instant.nullable().describe('When the customer was told from the article as it is now.'),
        correction: z.object({ agent: z.string(), at: instant, sent: z.boolean() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'Recall' })

export const correctionResults = z.object({
  results: z.array(z.object({ conversationId: z.uuid(), result: z.enum(['accepted', 'corrected', 'not_told']) })),
})
