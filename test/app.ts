import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { createApp, type Overrides } from '../src/app.ts'
import { type Config, loadConfig } from '../src/config.ts'

export const DESK_TOKEN = 'desk-token-for-tests'

/** A folder that is removed when the test ends. */
export function scratch(): string {
  const path = mkdtempSync(join(tmpdir(), 'baton-test-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The configuration of a test: a database of its own, no debounce, the shop's articles. */
export function testConfig(env: Record<string, string> = {}): Config {
  return loadConfig({
    DATABASE_URL: `file:${join(scratch(), 'baton.db')}`,
    DESK_TOKEN,
    DEBOUNCE_MS: '0',
    LOG_LEVEL: 'silent',
    ...env,
  })
}

/** The real composition root with the edges replaced; started, with the articles in, and stopped when the test ends. */
export async function createTestApp(overrides: Overrides = {}, config: Config = testConfig()) {
  const app = await createApp(config, { log: pino({ level: 'silent' }), seed: 'demo-customers', ...overrides })
  await app.ingest([config.articlesDir])
  await app.start()
  const { stop: stopApp } = app
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= stopApp()
    return stopped
  }
  onTestFinished(stop)
  return Object.assign(app, { stop, customer: () => customerOf(app), desk: deskOf(app) })
}

/** A customer with a session of their own. */
function customerOf(app: { server: { request: (path: string, init?: RequestInit) => Response | Promise<Response> } }) {
  let cookie = ''
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (cookie) headers.set('Cookie', cookie)
    const response = await app.server.request(path, { ...init, headers })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }
  return {
    request,
    /** Sends a message; a string is a new conversation's, an object the whole body. */
    say: (body: string | Record<string, unknown>, headers: Record<string, string> = {}) =>
      request('/v1/chat', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(typeof body === 'string' ? { text: body } : body),
      }),
    thread: async (id: string) => (await request(`/v1/conversations/${id}`)).json(),
  }
}

function deskOf(app: { server: { request: (path: string, init?: RequestInit) => Response | Promise<Response> } }) {
  const headers = { Authorization: `Bearer ${DESK_TOKEN}`, 'Content-Type': 'application/json' }
  return {
    get: (path: string) => app.server.request(`/v1/desk${path}`, { headers }),
    post: (conversationId: string, action: string, body: Record<string, unknown>) =>
      app.server.request(`/v1/desk/conversations/${conversationId}/${action}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      }),
  }
}

/** The events of a `text/event-stream` body, read to its end. */
export function parseEvents(text: string): { event: string; id?: string; data: unknown }[] {
  return text
    .split('\n\n')
    .filter((block) => block.includes('data:'))
    .map((block) => {
      const field = (name: string) => block.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1]
      const id = field('id')
      return {
        event: field('event') ?? 'message',
        ...(id !== undefined && { id }),
        data: JSON.parse(field('data') ?? 'null'),
      }
    })
}
