import { z } from 'zod'
import { AppError } from './errors.ts'

const number = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most}`
  return z
    .string()
    .regex(/^\d+$/, { error, abort: true })
    .transform(Number)
    .pipe(z.number({ error }).min(least, error).max(most, error))
}
const url = z.url({ protocol: /^https?$/, error: 'an http or https address' })

/** Every variable with what it means, what it may be and what it is unless told. */
const environment = z.object({
  PORT: number(0, 65_535).default(3000).describe('Port of the server.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all.'),
  DATABASE_URL: z
    .string()
    .regex(/^(file:.+|postgres(ql)?:\/\/.+)$/, 'file:PATH or postgres://…')
    .default('file:./data/baton.db')
    .describe('SQLite file or PostgreSQL.'),
  ARTICLES_DIR: z.string().min(1).default('knowledge/articles').describe('Folder of the articles.'),
  OPENAI_API_KEY: z.string().min(1).optional().describe('Key of the model server.'),
  OPENAI_BASE_URL: url.optional().describe('Any OpenAI-compatible server.'),
  MODEL: z.string().min(1).default('gpt-4.1-mini').describe('Chat model.'),
  FALLBACK_MODEL: z.string().min(1).optional().describe('Asked when MODEL fails.'),
  EMBEDDING_MODEL: z.string().min(1).optional().describe('Embedding model; local embeddings without it.'),
  CUSTOMER_JWT_SECRET: z.string().min(32, 'at least 32 characters').optional().describe('HS256 secret of the host.'),
  CUSTOMER_JWKS_URL: url.optional().describe('RS256 keys of the host.'),
  CUSTOMER_JWT_AUDIENCE: z.string().min(1).optional().describe('`aud` that customer tokens must carry.'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, hostname: /./, error: 'an address such as smtp://user:password@host:587' })
    .optional()
    .describe('Mail server that sends one-time codes.'),
  MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>\r\n]*<[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/, 'an address, or Name <address>')
    .optional()
    .describe('Sender of mails; needed with SMTP_URL.'),
  DESK_TOKEN: z.string().min(16, 'at least 16 characters').optional().describe('Agents’ token; made up without it.'),
  SHOP_URL: url.optional().describe('Your own systems, see docs/systems.md; the demo shop without it.'),
  SHOP_TOKEN: z.string().min(1).optional().describe('What your systems are sent as a bearer token.'),
  MCP_CONFIG: z.string().min(1).optional().describe('File with MCP servers and the manifests of their tools.'),
  POLICIES_DIR: z.string().min(1).optional().describe('Folder of the policies; what comes with Baton without it.'),
  SHOP_NAME: z.string().min(1).max(60).default('Larkfield').describe('Name on the pages.'),
  DEBOUNCE_MS: number(0, 10_000).default(250).describe('Silence that ends a burst of messages.'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'debug, info, warn, error or silent').default('info'),
})

/** The installation's settings, checked. */
export type Config = ReturnType<typeof loadConfig>

/**
 * Reads the environment. An empty variable counts as not set.
 * @throws {AppError} that names every problem at once
 */
export function loadConfig(env: Record<string, string | undefined> = process.env) {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(set)
  const problems = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message} (it is ${shown(path[0], set)})`)
  if (set.CUSTOMER_JWT_SECRET && set.CUSTOMER_JWKS_URL)
    problems.push('CUSTOMER_JWT_SECRET and CUSTOMER_JWKS_URL: set one of them')
  if ((set.CUSTOMER_JWT_SECRET || set.CUSTOMER_JWKS_URL) && !set.CUSTOMER_JWT_AUDIENCE)
    problems.push('CUSTOMER_JWT_AUDIENCE: needed with CUSTOMER_JWT_SECRET or CUSTOMER_JWKS_URL')
  if (set.SMTP_URL && !set.MAIL_FROM) problems.push('MAIL_FROM: needed with SMTP_URL')
  if (set.SHOP_URL && !set.SHOP_TOKEN) problems.push('SHOP_TOKEN: needed with SHOP_URL')
  if (!parsed.success || problems.length > 0)
    throw new AppError('config.invalid', 500, `The configuration does not work:\n  ${problems.join('\n  ')}`)
  const e = parsed.data
  return {
    port: e.PORT,
    host: e.HOST,
    databaseUrl: e.DATABASE_URL,
    /** Where a large index is kept: beside the database's file. */
    indexDir: e.DATABASE_URL.startsWith('file:')
      ? `${e.DATABASE_URL.slice('file:'.length).replace(/\.db$/, '')}.index`
      : './data/baton.index',
    articlesDir: e.ARTICLES_DIR,
    policiesDir: e.POLICIES_DIR,
    mcpConfig: e.MCP_CONFIG,
    shopName: e.SHOP_NAME,
    logLevel: e.LOG_LEVEL,
    shop: e.SHOP_URL && e.SHOP_TOKEN ? { baseUrl: e.SHOP_URL, token: e.SHOP_TOKEN } : undefined,
    deskToken: e.DESK_TOKEN,
    models:
      e.OPENAI_API_KEY || e.OPENAI_BASE_URL
        ? {
            apiKey: e.OPENAI_API_KEY,
            baseUrl: e.OPENAI_BASE_URL,
            chat: e.MODEL,
            fallback: e.FALLBACK_MODEL,
            embedding: e.EMBEDDING_MODEL,
          }
        : undefined,
    customerTokens: e.CUSTOMER_JWT_AUDIENCE
      ? { secret: e.CUSTOMER_JWT_SECRET, jwksUrl: e.CUSTOMER_JWKS_URL, audience: e.CUSTOMER_JWT_AUDIENCE }
      : undefined,
    mail: e.SMTP_URL && e.MAIL_FROM ? { smtpUrl: e.SMTP_URL, from: e.MAIL_FROM } : undefined,
    turns: {
      debounceMs: e.DEBOUNCE_MS,
      debounceCapMs: Math.max(e.DEBOUNCE_MS, 2_000),
      maxMessages: 10,
      maxBytes: 16_384,
      concurrent: 64,
    },
    inbox: { maxWaiting: 1_000 },
    budgets: {
      turn: { modelCalls: 12, toolCalls: 8, tokens: 100_000, seconds: 60 },
      conversation: { modelCalls: 500, toolCalls: 500, tokens: 2_000_000 },
    },
    http: { messagesPerMinute: 120, bodyBytes: 262_144, textCharacters: 8_000 },
  }
}

const SECRETS = /KEY|SECRET|TOKEN|URL/

function shown(name: PropertyKey | undefined, set: Record<string, unknown>): string {
  const value = set[String(name)]
  return value === undefined || SECRETS.test(String(name)) ? 'not shown here' : `"${value}"`
}
