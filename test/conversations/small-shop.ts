import { vi } from 'vitest'
import type { Overrides } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { createTestApp, testConfig } from '../app.ts'

const ARTICLES_DIR = new URL('articles', import.meta.url).pathname

/** Questions that the local router is sure about. */
export const BILLING = 'I was charged twice for my subscription this month'
export const RETURNS = 'The zipper came broken, can I send it back?'
export const WIFI = 'My router keeps dropping the wifi'
export const PERSON = 'let me talk to a human'

/** The configuration of the real application on three short articles. */
export function smallConfig(env: Record<string, string> = {}): Config {
  return testConfig({ ARTICLES_DIR, ...env })
}

/** The real application on three short articles. */
export function createSmallShop(overrides: Overrides = {}, config: Config = smallConfig()) {
  return createTestApp(overrides, config)
}

export type SmallShop = Awaited<ReturnType<typeof createSmallShop>>

/** Waits until `look` gives something true, and returns it. */
export function eventually<T>(look: () => T | Promise<T>): Promise<NonNullable<T>> {
  return vi.waitFor(
    async () => {
      const found = await look()
      if (!found) throw new Error('it has not happened')
      return found
    },
    { timeout: 20_000, interval: 5 },
  )
}

/** The recorded facts of a conversation, in order. */
export async function facts(app: SmallShop, conversationId: string) {
  const rows = await app.db
    .selectFrom('events')
    .select(['seq', 'type', 'actor', 'data'])
    .where('conversation_id', '=', conversationId)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) }))
}

/** The rows that were accepted for a conversation, in order. */
export function inboxOf(app: SmallShop, conversationId: string) {
  return app.db
    .selectFrom('inbox')
    .select(['id', 'external_id', 'kind', 'status', 'turn_id', 'attempts'])
    .where('conversation_id', '=', conversationId)
    .orderBy('seq')
    .execute()
}

/** What the graph's own thread holds. */
export async function threadTexts(app: SmallShop, conversationId: string): Promise<string[]> {
  const { values } = await app.graph.getState({ configurable: { thread_id: conversationId } })
  return values.messages.map(({ text }: { text: string }) => text)
}
