import { rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { toolsOf } from '../graphs/specialist.ts'
import { createApp, type Overrides } from './app.ts'
import type { Config } from './config.ts'
import { AppError } from './errors.ts'
import { untestedTools } from './untested-tools.ts'

/** A server that listens. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:3000`. */
  url: string
  deskToken: string
  /** Mails to customers are caught and shown instead of sent. */
  hasMailbox: boolean
  stop(): Promise<void>
}

/** Beside the program, where it is developed; an installation may have none. */
const TESTS = fileURLToPath(new URL('../test', import.meta.url))
/** A request's headers and body must be here within this. */
const REQUEST_MS = 15_000

/**
 * Starts the whole system: database, articles, turns left by an earlier process, then the port.
 * @param onArticles told how far the articles are
 * @throws {AppError} when the port is taken or the articles are not there
 */
export async function serve(
  config: Config,
  onArticles?: (progress: { done: number; total: number }) => void,
  overrides?: Overrides,
): Promise<RunningServer> {
  const app = await createApp(config, overrides)
  const articles = await app.ingest([config.articlesDir], onArticles).catch(async (error: Error) => {
    await app.stop()
    throw new AppError('articles.missing', 500, `ARTICLES_DIR ${config.articlesDir}: ${error.message}`)
  })
  for (const { source, problem } of articles.problems) app.log.warn({ source }, problem)
  const tools = app.specialists.flatMap((specialist) => [...toolsOf(specialist, app.systems).keys()])
  for (const tool of await untestedTools(tools, TESTS)) app.log.warn({ tool }, 'no test names this tool')
  await app.start()

  const server = createAdaptorServer({ fetch: app.server.fetch })
  if ('requestTimeout' in server) {
    server.requestTimeout = REQUEST_MS
    server.headersTimeout = REQUEST_MS
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new AppError('server.port_taken', 500, `PORT ${config.port} is taken by another program.`)
          : error,
      ),
    )
    server.listen(config.port, config.host, resolve)
  }).catch(async (error) => {
    await app.stop()
    throw error
  })
  const { port } = server.address() as AddressInfo
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
  const note = serverNote(config.databaseUrl)
  if (note) await writeFile(note, JSON.stringify({ url, token: app.ownerToken }), { mode: 0o600 })

  return {
    url,
    deskToken: app.deskToken,
    hasMailbox: app.hasMailbox,
    async stop() {
      if (note) await rm(note, { force: true })
      const closed = new Promise((resolve) => server.close(resolve))
      await app.stop()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

/** Where a server that owns a SQLite file says how commands reach it. */
export function serverNote(databaseUrl: string): string | undefined {
  return databaseUrl.startsWith('file:') ? `${databaseUrl.slice('file:'.length)}.server.json` : undefined
}
