import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { DraftApproval, DraftArticles, DraftEdit, NewDraft } from '../desk/draft-articles.ts'
import { addRoute, jsonBody, jsonResponse, refusals, valid } from './openapi.ts'
import type { CustomerEnv } from './principal.ts'
import { agentName, textOf } from './schemas.ts'

const TEXT_CHARACTERS = 20_000
const TITLE_CHARACTERS = 120
const QUESTION_CHARACTERS = 300
const MOST_QUESTIONS = 20
const REASON_CHARACTERS = 500

/** `/v1/desk/drafts…`: articles on their way. The desk's routes ask for its token, these included. */
export function addDraftRoutes(app: OpenAPIHono<CustomerEnv>, drafts: DraftArticles): void {
  const denied = refusals({
    400: 'The request is not as it must be.',
    401: 'The desk token is missing or wrong.',
    404: 'There is no such draft, message or gap.',
  })
  const badBody = refusals({ 413: 'The body is too large.', 415: 'The body is not JSON.' })
  const decided = refusals({ 409: 'It is decided or changed already, or may not be decided like this.' })
  const one = { ...denied, ...badBody }

  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/drafts',
      summary: 'Draft articles, the latest first',
      request: { query: query as never },
      responses: { 200: jsonResponse(draftList, 'The drafts.'), ...denied },
    }),
    async (c) => c.json({ drafts: await drafts.list(valid(c, 'query', query)) }),
  )
  addRoute(
    app,
    createRoute({
      method: 'post',
      path: '/v1/desk/drafts',
      summary: 'Begin an article from an agent’s message or from a gap',
      description: 'What is left out comes from there, with personal data masked.',
      request: { body: jsonBody(newDraft) },
      responses: { 201: jsonResponse(draftWithConflicts, 'The draft.'), ...one },
    }),
    async (c) => c.json(await drafts.create(valid(c, 'json', newDraft as z.ZodType<NewDraft>)), 201),
  )
  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/desk/drafts/{id}',
      summary: 'A draft, with the articles that say the same',
      request: { params: params as never },
      responses: { 200: jsonResponse(draftWithConflicts, 'The draft.'), ...denied },
    }),
    async (c) => c.json(await drafts.find(valid(c, 'param', params).id)),
  )
  addRoute(
    app,
    createRoute({
      method: 'put',
      path: '/v1/desk/drafts/{id}',
      summary: 'Change a draft; what is left out stays',
      request: { params: params as never, body: jsonBody(edit) },
      responses: { 200: jsonResponse(draftWithConflicts, 'The draft as it is now.'), ...one, ...decided },
    }),
    async (c) =>
      c.json(await drafts.edit(valid(c, 'param', params).id, valid(c, 'json', edit as z.ZodType<DraftEdit>))),
  )
  addRoute(
    app,
    createRoute({
      method: 'post',
      path: '/v1/desk/drafts/{id}/approve',
      summary: 'Make an article of it, which the next customer is told from',
      request: { params: params as never, body: jsonBody(approval) },
      responses: { 200: jsonResponse(draftWithConflicts, 'The draft with its article.'), ...one, ...decided },
    }),
    async (c) =>
      c.json(
        await drafts.approve(valid(c, 'param', params).id, valid(c, 'json', approval as z.ZodType<DraftApproval>)),
      ),
  )
  addRoute(
    app,
    createRoute({
      method: 'post',
      path: '/v1/desk/drafts/{id}/reject',
      summary: 'Let it be, with a reason',
      request: { params: params as never, body: jsonBody(rejection) },
      responses: { 200: jsonResponse(draftWithConflicts, 'The draft as it is now.'), ...one, ...decided },
    }),
    async (c) => c.json(await drafts.reject(valid(c, 'param', params).id, valid(c, 'json', rejection))),
  )
}

const params = z.object({ id: z.uuid() })
const state = z
  .enum(['draft', 'approved', 'published', 'rejected'])
  .describe('`approved` only until the article is in the store.')
const query = z.strictObject({ state: state.optional() })

const line = (most: number) =>
  textOf(most)
    .regex(/^[^\r\n]*$/, 'must be one line')
    .transform((text) => text.trim())
const article = {
  title: line(TITLE_CHARACTERS),
  scope: line(60).optional(),
  text: textOf(TEXT_CHARACTERS).optional(),
  questions: z.array(line(QUESTION_CHARACTERS)).max(MOST_QUESTIONS).optional(),
}
const revision = z.number().int().positive().optional().describe('The one that was read; another one is refused.')

const newDraft = z.strictObject({
  agent: agentName,
  messageId: z.uuid().optional().describe('An agent’s message.'),
  gapId: z.uuid().optional(),
  ...article,
})
const edit = z.strictObject({ agent: agentName, revision, ...article, title: article.title.optional() })
const approval = z.strictObject({
  agent: agentName,
  revision,
  despiteConflicts: z.boolean().optional().describe('Agrees although an article has the same title or question.'),
})
const rejection = z.strictObject({ agent: agentName, reason: textOf(REASON_CHARACTERS) })

const instant = z.iso.datetime()
const draft = z
  .object({
    id: z.uuid(),
    state,
    revision: z.number().int(),
    title: z.string(),
    scope: z.string(),
    text: z.string().describe('Markdown.'),
    questions: z.array(z.string()),
    gapId: z.uuid().nullable(),
    conversationId: z.uuid().nullable(),
    messageId: z.string().nullable(),
    author: z.string(),
    editor: z.string().describe('Who wrote it as it stands.'),
    decidedBy: z.string().nullable(),
    reason: z.string().nullable(),
    articleId: z.string().nullable(),
    createdAt: instant,
    updatedAt: instant,
    decidedAt: instant.nullable(),
  })
  .meta({ id: 'DraftArticle' })
const draftList = z.object({ drafts: z.array(draft) })

export const draftWithConflicts = draft
  .extend({
    conflicts: z.array(
      z.object({
        articleId: z.string(),
        title: z.string(),
        because: z.enum(['title', 'question']),
        text: z.string().describe('What both have.'),
      }),
    ),
  })
  .meta({ id: 'DraftArticleWithConflicts' })
