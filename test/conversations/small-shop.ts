import { expect, vi } from 'vitest'
import { z } from 'zod'
import type { HandoffPacket } from '../../graphs/handoff-packet.ts'
import { loadSpecialists } from '../../graphs/specialists.ts'
import type { Overrides } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { chatResponse, conversation } from '../../src/http/schemas.ts'
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

/** The real application on three short articles; its specialists only answer. What they do is for other tests. */
export async function createSmallShop(overrides: Overrides = {}, config: Config = smallConfig()) {
  const specialists = (await loadSpecialists()).map(({ tools: _, ...specialist }) => specialist)
  return createTestApp({ specialists, ...overrides }, config)
}

export type SmallShop = Awaited<ReturnType<typeof createSmallShop>>

type Customer = ReturnType<SmallShop['customer']>

/** The body of a turn that went well, checked against its schema. */
export async function turnOf(response: Response | Promise<Response>) {
  const answered = await response
  expect(answered.status).toBe(200)
  return chatResponse.parse(await answered.json())
}

/** The thread as its customer sees it, checked against its schema. */
export async function threadOf(customer: Customer, conversationId: string) {
  return conversation.parse(await customer.thread(conversationId))
}

/** What a refusal says, in the one shape that refusals have. */
export async function errorOf(response: Response | Promise<Response>) {
  const refused = await response
  const { error } = refusal.parse(await refused.json())
  expect(error.message).not.toMatch(/\n\s+at |node_modules|\.ts:\d/)
  return { status: refused.status, ...error }
}

const refusal = z.strictObject({
  error: z.strictObject({ code: z.string().regex(/^[a-z_]+(\.[a-z_]+)?$/), message: z.string().min(1) }),
})

/** The escalations that the desk has to deal with. */
export async function queueOf(app: SmallShop) {
  const body = await (await app.desk.get('/queue')).json()
  return z.object({ escalations: z.array(z.record(z.string(), z.unknown())) }).parse(body).escalations
}

/** A conversation as the desk sees it. */
export async function deskViewOf(app: SmallShop, conversationId: string) {
  const response = await app.desk.get(`/conversations/${conversationId}`)
  expect(response.status).toBe(200)
  return deskConversation.parse(await response.json())
}

const deskConversation = conversation.extend({
  packet: z.custom<HandoffPacket>(),
  events: z.array(z.object({ seq: z.int(), at: z.int(), type: z.string(), actor: z.string() })),
})

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

/** Waits until this many rows were accepted for a conversation. */
export async function arrived(app: SmallShop, conversationId: string, rows: number): Promise<void> {
  await eventually(async () => (await inboxOf(app, conversationId)).length === rows)
}

/** What the graph's own thread holds. */
export async function threadTexts(app: SmallShop, conversationId: string): Promise<string[]> {
  const { values } = await app.graph.getState({ configurable: { thread_id: conversationId } })
  return values.messages.map(({ text }: { text: string }) => text)
}
