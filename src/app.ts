import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Kysely } from 'kysely'
import { type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible'
import { lintTools } from '../graphs/lint-tools.ts'
import { createReplyGate, type ReplyGate } from '../graphs/reply-gate.ts'
import { createLocalRouter, SURE } from '../graphs/routing/local-router.ts'
import type { LocalRouter } from '../graphs/routing/route.ts'
import { type Specialist, toolsOf } from '../graphs/specialist.ts'
import { loadSpecialists } from '../graphs/specialists.ts'
import { createSupportGraph, type SupportGraphOptions } from '../graphs/support.ts'
import type { Systems } from '../graphs/systems.ts'
import type { EffectTool } from '../graphs/tool.ts'
import { createLocalEmbeddings, type NamedEmbeddings, nameEmbeddings } from '../knowledge/embeddings.ts'
import { checkArticles, type IngestReport, ingest } from '../knowledge/ingest.ts'
import { createKnowledge } from '../knowledge/knowledge.ts'
import { type Channel, webChannel } from './channels/channel.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { createBudgets } from './conversations/budgets.ts'
import { catchUpWithLogs } from './conversations/catch-up.ts'
import { createCommitments } from './conversations/commitments.ts'
import { createConversations } from './conversations/conversations.ts'
import { createInbox, type Inbox } from './conversations/inbox.ts'
import { createLive } from './conversations/live.ts'
import { createOutbox } from './conversations/outbox.ts'
import { createOutcomes } from './conversations/outcome.ts'
import { createGraphRunner } from './conversations/run-graph.ts'
import { createTurns } from './conversations/turns.ts'
import { createDemoMailbox } from './customers/demo-mailbox.ts'
import { createIdentity } from './customers/identity.ts'
import { createSmtpMailer, type Mailer } from './customers/mailer.ts'
import { createOneTimeCodes } from './customers/one-time-code.ts'
import { createSessionIdentities } from './customers/session-identities.ts'
import { createSessions, installationSecret } from './customers/sessions.ts'
import { openDatabase } from './database/database.ts'
import { FencedError } from './database/fence.ts'
import { createPassageStore } from './database/passages.ts'
import type { Tables } from './database/tables.ts'
import { isUnavailable } from './database/unavailable.ts'
import { createAgentTexts } from './desk/agent-texts.ts'
import { type ArticleFile, writeArticle } from './desk/article-file.ts'
import { createCorrections } from './desk/corrections.ts'
import { createDesk } from './desk/desk.ts'
import { createDraftArticles } from './desk/draft-articles.ts'
import { createGaps } from './desk/gaps.ts'
import { createPromises } from './desk/promises.ts'
import { createRecalls } from './desk/recalls.ts'
import { createApprovals } from './effects/approvals.ts'
import { createEffects, type EffectLedger } from './effects/effects.ts'
import { loadPolicies, type PolicyVersion } from './effects/policy-file.ts'
import { AppError } from './errors.ts'
import type { DemoCustomer } from './http/demo.ts'
import { isLoopback } from './http/loopback.ts'
import { createServer } from './http/server.ts'
import { createLog, type Log } from './log.ts'
import { type ChatModels, createChatModels } from './models/chat-model.ts'
import { createOpenAIEmbeddings } from './models/embeddings.ts'
import { DEMO_CUSTOMERS } from './systems/demo-shop/demo-customers.ts'
import { createDemoShop } from './systems/demo-shop/demo-shop.ts'
import { reseed, type SeedSize, seedIfEmpty } from './systems/demo-shop/seed.ts'
import { createHttpSystems } from './systems/http/http-systems.ts'
import { readMcpConfig } from './systems/mcp/mcp-config.ts'
import { type McpTools, openMcpTools } from './systems/mcp/mcp-tools.ts'

/** Parts that tests replace at the edges; everything inside stays real. */
export interface Overrides {
  log?: Log
  clock?: Clock
  models?: ChatModels
  model?: BaseChatModel
  router?: LocalRouter
  /** Checks the texts to customers; one that lets everything pass shows what the checks are worth. */
  gate?: ReplyGate
  specialists?: Specialist[]
  specialistsDir?: string
  channels?: Channel[]
  limiter?: RateLimiterAbstract
  mailer?: Mailer
  /** The business systems; the demo shop on the same rows without them. */
  systems?: Systems
  /** What performs effects instead of the ledger, for measuring and for controls of what the ledger promises. */
  effects?: (tools: Map<string, EffectTool>) => EffectLedger
  /** How full the demo shop is made when it is empty. */
  seed?: SeedSize
  /** Whom the demo may be tried as. */
  demoCustomers?: DemoCustomer[]
}

/** A mail server takes a while; the demo's mailbox takes none. */
const MAIL_MS = 1_000

/** Below it, and with no model to ask, the customer is asked what it is about. */
const GUESS = 0.35
/** Other processes may have changed the articles: looked at this often. */
const REFRESH_MS = 5_000
/** Effects in doubt and approvals that nobody decided: looked at this often. */
const SETTLE_MS = 5_000
/** Below a supervisor's usual grace of 30 seconds. */
const STOP_MS = 25_000

/** The whole system: the one place that knows every concrete part. `start` it, `stop` it. */
export async function createApp(config: Config, overrides: Overrides = {}) {
  const log = overrides.log ?? createLog(config.logLevel)
  const clock = overrides.clock ?? systemClock
  const loaded = overrides.specialists ?? (await loadSpecialists(overrides.specialistsDir))
  const mcpConfig = config.mcpConfig ? await readMcpConfig(config.mcpConfig) : undefined
  const database = await openDatabase(config.databaseUrl, log)
  const mcp = mcpConfig ? await openMcpTools(mcpConfig, loaded).catch(closing(database)) : undefined
  const specialists = mcp ? loaded.map((specialist) => withTools(specialist, mcp)) : loaded
  const { db, checkpointer, shared } = database
  const channels = new Map((overrides.channels ?? [webChannel]).map((channel) => [channel.name, channel]))
  const live = createLive(database.bell)
  const inbox = createInbox({ db, clock, limits: config.inbox })
  const onInbox = (conversationId: string) => {
    live.changed(conversationId)
    turns.schedule(conversationId)
  }
  const support = await createSupport(config, { db, log, clock, inbox, onInbox, specialists, overrides }).catch(
    closing(mcp, database),
  )
  const {
    knowledge,
    embeddings,
    models,
    router,
    ingestPaths,
    parts,
    systems,
    identity,
    identities,
    budgets,
    effects,
    demo,
  } = support
  const graph = createSupportGraph({ ...parts, checkpointer })
  const outbox = createOutbox({ db, channels, clock, log })
  const outcomes = createOutcomes({
    db,
    outbox,
    budgets,
    clock,
    batch: config.turns,
    principalNow: identities.current,
  })
  const runner = createGraphRunner({ graph, checkpointer })
  const turns = createTurns({
    db,
    runner,
    outcomes,
    outbox,
    locks: database.locks,
    live,
    clock,
    log,
    limits: config.turns,
    shared,
  })
  const conversations = createConversations({ db, inbox, turns, live, clock })
  const texts = createAgentTexts({ db, gate: parts.gate, knowledge, clock })
  const desk = createDesk({ db, inbox, turns, live, clock, texts })
  const promises = createPromises({ db, clock, live })
  const approvals = createApprovals({ db, clock, onInbox })
  const recalls = createRecalls({ db, clock })
  const corrections = createCorrections({ recalls, inbox, clock, onInbox })
  const gaps = createGaps({ db, clock, knowledge, embeddings })
  const drafts = createDraftArticles({
    db,
    clock,
    gaps,
    scopes: [...new Set(specialists.flatMap((specialist) => specialist.knowledge))],
    write: (article) => writeArticle(config.articlesDir, article),
    ingest: (file) => ingestArticle(config, { knowledge, ingestPaths }, file),
    // Whoever has the desk's token is the desk.
    knowsAgents: async () => false,
  })
  const sessions = createSessions(
    new TextEncoder().encode(await installationSecret(db, 'session-secret')),
    config.customerTokens,
  )
  const deskToken = config.deskToken ?? (await installationSecret(db, 'desk-token'))
  const ownerToken = await installationSecret(db, 'owner-token')
  const limiter = overrides.limiter ?? new RateLimiterMemory({ points: config.http.messagesPerMinute, duration: 60 })
  const reseedDemoShop = async () => {
    if (!hasDemoShop(config, overrides))
      throw new AppError('demo.no_shop', 409, 'SHOP_URL names other systems: there is no demo shop.')
    return reseed(db, clock)
  }
  let stopping = false
  let refresher: NodeJS.Timeout | undefined
  let settler: NodeJS.Timeout | undefined
  let settling: Promise<void> | undefined

  function settle(): void {
    settling ??= effects
      .settle()
      .catch((error: Error) => log.warn({ error: error.message }, 'effects could not be settled'))
      .finally(() => {
        settling = undefined
      })
  }

  const server = createServer({
    config,
    conversations,
    desk,
    approvals,
    recalls,
    corrections,
    gaps,
    drafts,
    promises,
    deskToken,
    sessions,
    identity,
    demo,
    live,
    limiter,
    log,
    isUnavailable,
    modelName: models.name,
    ingest: ingestPaths,
    reseedDemoShop,
    ownerToken,
    async ready() {
      if (stopping) throw new AppError('server.stopping', 503, 'This process is stopping.')
      await db.selectFrom('settings').select('key').limit(1).execute()
      const { articles, passages } = knowledge.size()
      return { articles, passages, models: models.health() }
    },
  })

  return {
    config,
    log,
    db,
    graph,
    server,
    conversations,
    live,
    systems,
    identity,
    desk,
    effects,
    approvals,
    knowledge,
    router,
    specialists,
    models,
    hasMailbox: demo?.mailbox !== undefined,
    deskToken,
    ownerToken,
    ingest: ingestPaths,
    checkArticles: support.checkArticles,
    reseedDemoShop,

    /** Goes on with what an earlier process left, and follows the rows from then on. */
    async start(): Promise<void> {
      if (hasDemoShop(config, overrides)) await seedIfEmpty(db, clock, overrides.seed)
      await catchUpWithLogs(db)
      await knowledge.refresh()
      for (const { message } of await drafts.publishApproved()) log.warn(message)
      await turns.start()
      settle()
      settler = setInterval(settle, SETTLE_MS)
      settler.unref()
      refresher = setInterval(() => {
        knowledge
          .refresh()
          .catch((error: Error) => log.warn({ error: error.message }, 'the articles could not be looked at'))
      }, REFRESH_MS)
      refresher.unref()
    },

    /** Lets running turns reach their next step and closes everything; what is left goes on at the next start. */
    async stop(): Promise<void> {
      stopping = true
      clearInterval(refresher)
      clearInterval(settler)
      await turns.stop(STOP_MS)
      await settling
      await knowledge.close()
      await mcp?.close()
      await database.close()
    },
  }
}

export type App = Awaited<ReturnType<typeof createApp>>

/** The articles of `db` and the search in them. */
export function createArticles(
  config: Config,
  { db, log, clock = systemClock }: { db: Kysely<Tables>; log: Log; clock?: Clock },
) {
  const now = () => new Date(clock.now())
  const store = createPassageStore(db, now)
  const embeddings = createEmbeddings(config)
  const knowledge = createKnowledge({
    store,
    embeddings,
    now,
    folder: config.indexDir,
    onDamaged: (error) => log.warn({ error: String(error) }, 'the index on the disk cannot be used and is built anew'),
    onDegraded: (error) => log.warn({ error: String(error) }, 'a query could not be embedded; words alone decide'),
  })

  /** Brings the store up to date with files and folders, and the search with the store. */
  async function ingestPaths(
    paths: string[],
    onProgress?: (progress: { done: number; total: number }) => void,
  ): Promise<IngestReport> {
    const report = await ingest(paths, { store, embeddings, now, ...(onProgress && { onProgress }) })
    await knowledge.refresh()
    return report
  }

  return { knowledge, embeddings, ingestPaths, checkArticles: () => checkArticles(store, now) }
}

/** @returns why the article is not searchable; undefined when it is */
async function ingestArticle(
  { articlesDir }: Config,
  { knowledge, ingestPaths }: Pick<ReturnType<typeof createArticles>, 'knowledge' | 'ingestPaths'>,
  { path, articleId }: ArticleFile,
): Promise<string | undefined> {
  const report = await ingestPaths([path])
  if (await knowledge.article(articleId)) return undefined
  // In a store that knows nothing of the folder, a single file's id does not count from there.
  const whole = await ingestPaths([articlesDir])
  if (await knowledge.article(articleId)) return undefined
  return [...report.problems, ...whole.problems].map(({ problem }) => problem).join('; ') || 'it is not there'
}

/** What the desk can look up in the rows of `db`, which it only reads. */
export function createDeskReader(config: Config, { db, log }: { db: Kysely<Tables>; log: Log }) {
  const clock = systemClock
  const { knowledge, embeddings } = createArticles(config, { db, log })
  return { recalls: createRecalls({ db, clock }), gaps: createGaps({ db, clock, knowledge, embeddings }) }
}

interface SupportOptions {
  db: Kysely<Tables>
  log: Log
  clock?: Clock
  inbox: Inbox
  /** Told that a conversation has something new to work on. */
  onInbox(conversationId: string): void
  specialists: Specialist[]
  overrides?: Overrides
}

/** What the graph is made from, on the rows of `db`; where its threads are kept is the caller's to say. */
export async function createSupport(config: Config, options: SupportOptions) {
  const { db, log, clock = systemClock, inbox, onInbox, specialists, overrides = {} } = options
  const { knowledge, embeddings, ingestPaths, checkArticles: check } = createArticles(config, { db, log, clock })
  const models = overrides.models ?? withModel(createChatModels(config.models, log), overrides.model)
  const router = overrides.router ?? createLocalRouter({ specialists })
  const systems = overrides.systems ?? (config.shop ? createHttpSystems(config.shop) : createDemoShop({ db, clock }))
  const demo = demoOf(config, { db, clock, overrides })
  const identities = createSessionIdentities({ db, clock, demo: demo?.customers !== undefined })
  const identity = createIdentity({
    db,
    customers: systems.customers,
    mailer: overrides.mailer ?? (config.mail ? createSmtpMailer(config.mail) : (demo?.mailbox ?? null)),
    clock,
    log,
    codes: createOneTimeCodes(await installationSecret(db, 'code-secret')),
    identities,
    adopt: inbox.adopt,
    shopName: config.shopName,
    answerMs: config.mail ? MAIL_MS : 0,
  })
  const policies = await loadPolicies(config.policiesDir)
  const tools = effectToolsOf(specialists, systems, policies)
  const effects = overrides.effects?.(tools) ?? createEffects({ db, tools, policies, clock, log, onInbox })
  const budgets = createBudgets({ db, clock, limits: config.budgets })
  const parts: SupportGraphOptions = {
    specialists,
    router,
    thresholds: { sure: SURE, guess: GUESS },
    knowledge,
    model: models.answers,
    routingModel: models.routes,
    gate: overrides.gate ?? createReplyGate({ prompts: specialists.map(({ systemPrompt }) => systemPrompt) }),
    systems,
    effects,
    identity,
    budgets,
    commitments: createCommitments({ db }),
    now: () => new Date(clock.now()),
    isOutage: (error) => error instanceof FencedError || isUnavailable(error),
  }

  return {
    knowledge,
    embeddings,
    models,
    router,
    ingestPaths,
    checkArticles: check,
    parts,
    systems,
    identity,
    identities,
    budgets,
    effects,
    demo,
  }
}

/** Nothing that was opened may keep a process alive that could not start. */
function closing(...opened: ({ close(): Promise<void> } | undefined)[]) {
  return async (error: Error): Promise<never> => {
    for (const one of opened) await one?.close()
    throw error
  }
}

/** The specialist with the tools that MCP servers have for it. */
function withTools(specialist: Specialist, mcp: McpTools): Specialist {
  return {
    ...specialist,
    tools: (systems) => [...(specialist.tools?.(systems) ?? []), ...mcp.toolsFor(specialist.name)],
  }
}

/**
 * Every tool that changes something, by name, for whoever performs it later.
 * @throws {AppError} naming every tool that does not fit the others or the policies
 */
function effectToolsOf(
  specialists: Specialist[],
  systems: Systems,
  policies: PolicyVersion[],
): Map<string, EffectTool> {
  const named = new Set(policies.flatMap((version) => Object.keys(version.policies)))
  const problems = lintTools(specialists, systems, named)
  if (problems.length > 0) {
    const list = problems.map(({ tool, problem }) => `${tool}: ${problem}`)
    throw new AppError('tools.unfit', 500, `Tools cannot be used:\n  ${list.join('\n  ')}`)
  }
  const tools = new Map<string, EffectTool>()
  for (const specialist of specialists)
    for (const tool of toolsOf(specialist, systems).values()) if (tool.effect !== 'read') tools.set(tool.name, tool)
  return tools
}

/** The rows of the demo shop are the business systems, unless others are named. */
function hasDemoShop(config: Config, overrides: Overrides): boolean {
  return !config.shop && !overrides.systems
}

/** Only for whoever sits at this machine: it shows codes, and lets anybody be a customer. */
function demoOf(config: Config, { db, clock, overrides }: { db: Kysely<Tables>; clock: Clock; overrides: Overrides }) {
  const customers = overrides.demoCustomers ?? (hasDemoShop(config, overrides) ? DEMO_CUSTOMERS : undefined)
  if (!customers || !isLoopback(config.host)) return undefined
  return {
    customers: config.customerTokens ? undefined : customers,
    mailbox: config.mail || overrides.mailer ? undefined : createDemoMailbox({ db, clock }),
  }
}

function withModel(models: ChatModels, model: BaseChatModel | undefined): ChatModels {
  return model ? { ...models, answers: model } : models
}

function createEmbeddings({ models }: Config): NamedEmbeddings {
  if (!models?.embedding) return createLocalEmbeddings()
  const { apiKey, baseUrl, embedding } = models
  return nameEmbeddings(embedding, createOpenAIEmbeddings({ apiKey, baseUrl, model: embedding }))
}
