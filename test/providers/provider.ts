import { Writable } from 'node:stream'
import { LLMock } from '@copilotkit/aimock'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { LocalRouter } from '../../graphs/routing/route.ts'
import { type ChatModelPatience, createChatModels } from '../../src/models/chat-model.ts'
import { createTestApp, parseEvents, testConfig } from '../app.ts'

/** What must never be seen anywhere. */
export const KEY = 'key-that-nobody-may-see-4711'

/** As patient as a test can wait. */
export const IMPATIENT: ChatModelPatience = {
  timeouts: { firstTokenMs: 700, idleMs: 700, totalMs: 3_000 },
  retry: { backoffMs: { min: 1, max: 5 }, budget: { share: 1, floor: 10, windowMs: 60_000 } },
}

/** An OpenAI-compatible server of this test. */
export async function openAIServer(): Promise<LLMock> {
  const server = await LLMock.create({ port: 0, chunkSize: 8 })
  onTestFinished(() => server.stop())
  return server
}

/** The real application on a model server, with everything it logs. */
export async function appOn(url: string, options: { env?: Record<string, string>; router?: LocalRouter } = {}) {
  const env = { OPENAI_BASE_URL: url, OPENAI_API_KEY: KEY, MODEL: 'primary', ...options.env }
  const config = testConfig(env)
  let logged = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged += chunk
      done()
    },
  })
  const log = pino({ level: 'debug' }, sink)
  const models = createChatModels(config.models, log, IMPATIENT)
  const app = await createTestApp({ log, models, ...(options.router && { router: options.router }) }, config)
  return Object.assign(app, { logged: () => logged })
}

/** Asks as a new customer and reads the turn's events to their end. */
export async function streamed(app: Awaited<ReturnType<typeof appOn>>, text: string) {
  const response = await app.customer().say(text, { Accept: 'text/event-stream' })
  const body = await response.text()
  const events = parseEvents(body)
  const names = events.map(({ event }) => event)
  let shown = ''
  for (const { event, data } of events) {
    if (event === 'restart') shown = ''
    if (event === 'token') shown += (data as { text: string }).text
  }
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it got
  const dataOf = (name: string) => events.findLast(({ event }) => event === name)?.data as any
  return { status: response.status, body, events, names, shown, message: dataOf('message'), result: dataOf('done') }
}

/** A router that is never sure and would guess `to`. */
export function unsure(to: string): LocalRouter {
  return {
    route: () => ({ to, by: 'local', confidence: 0.5, reason: 'a guess', alternatives: [], asks: [] }),
  }
}
