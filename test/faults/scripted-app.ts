import { join } from 'node:path'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Overrides } from '../../src/app.ts'
import { createTestApp, scratch, testConfig } from '../app.ts'
import type { SentMessage } from './customers.ts'
import {
  ScriptedModel,
  type ScriptedModelOptions,
  scriptedArticles,
  scriptedRouter,
  scriptedSpecialist,
} from './scripted.ts'
import { judge, problemsOf } from './verdict.ts'

/** What every scripted server is made of. */
export function scriptedOverrides(model: ScriptedModelOptions = {}): Overrides {
  return {
    models: { name: 'scripted', answers: new ScriptedModel(model), routes: undefined, health: () => [] },
    router: scriptedRouter,
    specialists: [scriptedSpecialist],
    limiter: new RateLimiterMemory({ points: 1_000_000, duration: 60 }),
  }
}

/** The real application with the scripted model and one article; on a SQLite file of its own unless told. */
export async function createScriptedApp(
  options: { databaseUrl?: string; answers?: ScriptedModelOptions; env?: Record<string, string> } & Overrides = {},
) {
  const { databaseUrl, answers, env, ...overrides } = options
  const folder = scratch()
  const config = testConfig({
    DATABASE_URL: databaseUrl ?? `file:${join(folder, 'baton.db')}`,
    ARTICLES_DIR: scriptedArticles(folder),
    ...env,
  })
  return createTestApp({ ...scriptedOverrides(answers), ...overrides }, config)
}

export type ScriptedApp = Awaited<ReturnType<typeof createScriptedApp>>

/** Every promise about threads, replies and the log, checked over the whole database; for customers who read the log. */
export async function problemsIn(app: ScriptedApp, sent: SentMessage[] = []): Promise<string[]> {
  return problemsOf(await judge(app, sent))
}

/** Waits until something holds; fails when it does not come to hold in half a minute. */
export async function eventually<T>(look: () => Promise<T> | T, holds: (value: T) => boolean): Promise<T> {
  const until = Date.now() + 30_000
  for (;;) {
    const value = await look()
    if (holds(value)) return value
    if (Date.now() > until) throw new Error(`it did not come to hold: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A door that work waits at until it is opened. */
export function gate() {
  let open = () => {}
  let reached = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const arrived = new Promise<void>((resolve) => {
    reached = resolve
  })
  return {
    /** Work comes here and waits. */
    async pass(): Promise<void> {
      reached()
      await opened
    },
    /** Resolves when work has come. */
    arrived,
    open: () => open(),
  }
}
