import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import type { Config } from '../config.ts'
import type { Conversations } from '../conversations/conversations.ts'
import type { Live } from '../conversations/live.ts'
import type { CustomerIdentity } from '../customers/identity.ts'
import type { Sessions } from '../customers/sessions.ts'
import type { Corrections } from '../desk/corrections.ts'
import type { Desk } from '../desk/desk.ts'
import type { DraftArticles } from '../desk/draft-articles.ts'
import type { KnowledgeGaps } from '../desk/gaps.ts'
import type { Promises } from '../desk/promises.ts'
import type { Recalls } from '../desk/recalls.ts'
import type { Approvals } from '../effects/approvals.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import { addApprovalRoutes } from './approvals.ts'
import { addChatRoute } from './chat.ts'
import { addConversationRoutes } from './conversations.ts'
import { addDemoRoutes, type Demo } from './demo.ts'
import { addDeskRoutes } from './desk.ts'
import { addDraftRoutes } from './drafts.ts'
import { createErrorHandler, createExplain, explainIssues } from './errors.ts'
import { addGapRoutes } from './gaps.ts'
import { addOwnerRoutes } from './owner.ts'
import { type CustomerEnv, identify } from './principal.ts'
import { addPromiseRoutes } from './promises.ts'
import { addRecallRoutes } from './recalls.ts'
import { addSessionRoute } from './session.ts'

/** What the endpoints are made with. */
export interface ServerOptions {
  config: Config
  conversations: Conversations
  desk: Desk
  approvals: Approvals
  recalls: Recalls
  corrections: Corrections
  gaps: KnowledgeGaps
  drafts: DraftArticles
  promises: Promises
  deskToken: string
  sessions: Sessions
  identity: CustomerIdentity
  /** What only a demo on one's own machine has. */
  demo?: Demo | undefined
  live: Live
  limiter: RateLimiterAbstract
  log: Log
  /** True for errors that mean: the rows cannot be written now. */
  isUnavailable(error: unknown): boolean
  /** @throws when the process should get no more requests */
  ready(): Promise<Record<string, unknown>>
  /** What writes the replies, for people. */
  modelName: string
  /** Files that changed in the articles' folders, for the command line beside a running server. */
  ingest(paths: string[]): Promise<unknown>
  /** Empties and refills the demo shop, for the command line beside a running server. */
  reseedDemoShop(): Promise<{ customers: number; orders: number }>
  ownerToken: string
}

const PAGES = fileURLToPath(new URL('../../dist/web', import.meta.url))

/** Every route of the server, closed by default: nothing is served that is not named here. */
export function createServer(options: ServerOptions): OpenAPIHono<CustomerEnv> {
  const { config, conversations, sessions, identity, log } = options
  const app = new OpenAPIHono<CustomerEnv>({
    defaultHook: (result) => {
      if (!result.success) throw explainIssues(result.error.issues)
    },
  })
  const explain = createExplain(log, options.isUnavailable)
  app.onError(createErrorHandler(explain))
  app.notFound(() => {
    throw new AppError('request.not_found', 404, 'There is nothing here.')
  })
  app.use(secureHeaders({ contentSecurityPolicy: PAGE_POLICY, referrerPolicy: 'no-referrer', xFrameOptions: 'DENY' }))
  app.use(
    bodyLimit({
      maxSize: config.http.bodyBytes,
      onError: () => {
        // The rest of the body is not read: the next request must not be written behind it.
        const headers = { Connection: 'close' }
        throw new AppError(
          'request.too_large',
          413,
          `A body may have at most ${config.http.bodyBytes / 1024} KB.`,
          headers,
        )
      },
    }),
  )

  app.get('/health', (c) => c.json({ status: 'ok', model: options.modelName }))
  app.get('/ready', async (c) => c.json({ status: 'ready', ...(await options.ready()) }))

  const known = identify(sessions, conversations, identity)
  for (const path of ['/v1/chat', '/v1/conversations/*', '/v1/session', '/v1/demo/*']) app.use(path, known)
  const { textCharacters } = config.http
  addChatRoute(app, { ...options, textCharacters, explain })
  addConversationRoutes(app, conversations, identity, explain)
  addSessionRoute(app, identity)
  if (options.demo) addDemoRoutes(app, options.demo, { sessions, identity })
  addDeskRoutes(app, { desk: options.desk, conversations, token: options.deskToken, textCharacters })
  addApprovalRoutes(app, options.approvals)
  addRecallRoutes(app, { ...options, textCharacters })
  addGapRoutes(app, options.gaps)
  addDraftRoutes(app, options.drafts)
  addPromiseRoutes(app, options.promises)
  addOwnerRoutes(app, options)
  addDocumentation(app)
  addPages(app, config.shopName, options.modelName)
  return app
}

const PAGE_POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
}

function addDocumentation(app: OpenAPIHono<CustomerEnv>): void {
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'Baton', version: '0.1.0' } })
  const files = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  // The API page styles its elements one by one; nothing a customer wrote is ever shown on it.
  app.use(
    '/docs/*',
    secureHeaders({ contentSecurityPolicy: { ...PAGE_POLICY, styleSrc: ["'self'", "'unsafe-inline'"] } }),
  )
  app.get('/docs', (c) => c.redirect('/docs/'))
  app.get('/docs/', (c) => c.html(DOCUMENTATION))
  app.get('/docs/start.js', (c) => {
    c.header('Content-Type', 'text/javascript')
    return c.body("window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true })\n")
  })
  app.get(
    '/docs/:file{swagger-ui(-bundle)?\\.(css|js)}',
    serveStatic({ root: '/', rewriteRequestPath: (path) => join(files, path.slice('/docs/'.length)) }),
  )
}

const DOCUMENTATION = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Baton API</title><link rel="stylesheet" href="swagger-ui.css"></head>
<body><div id="ui"></div><script src="swagger-ui-bundle.js"></script><script src="start.js"></script></body>
</html>
`

function addPages(app: OpenAPIHono<CustomerEnv>, shopName: string, modelName: string): void {
  let page: Promise<string> | undefined
  app.get('/', async (c) => {
    page ??= readFile(join(PAGES, 'chat', 'index.html'), 'utf8').then((html) =>
      html
        .replace('name="baton-shop" content=""', `name="baton-shop" content="${escapeAttribute(shopName)}"`)
        .replace('name="baton-model" content=""', `name="baton-model" content="${escapeAttribute(modelName)}"`),
    )
    try {
      c.header('Cache-Control', 'no-cache')
      return c.html(await page)
    } catch {
      page = undefined
      throw new AppError('pages.not_built', 503, 'The pages are not built. Run npm run prepare.')
    }
  })
  app.get(
    '/assets/*',
    serveStatic({
      root: '/',
      rewriteRequestPath: (path) => join(PAGES, path),
      onFound: (_path, c) => c.header('Cache-Control', 'public, max-age=31536000, immutable'),
    }),
  )
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
