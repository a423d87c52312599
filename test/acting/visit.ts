import type { LLMock } from '@copilotkit/aimock'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Overrides } from '../../src/app.ts'
import { verifyEvents } from '../../src/conversations/event-log.ts'
import { effectsOf } from '../../src/conversations/shown-effects.ts'
import { createTestApp } from '../app.ts'
import { appOn, openAIServer } from '../providers/provider.ts'

const reply = z.object({
  text: z.string(),
  author: z.object({ kind: z.string(), name: z.string() }),
  action: z.record(z.string(), z.unknown()).optional(),
  citations: z.array(z.unknown()),
})
const answer = z.object({ conversationId: z.string(), status: z.string(), reply: reply.nullable() })
const conversation = z.object({
  customer: z.object({ id: z.string() }),
  messages: z.array(z.object({ role: z.string(), text: z.string() })),
  effects: z.array(z.record(z.string(), z.unknown())),
})
const card = z.looseObject({ id: z.string(), state: z.string(), needed: z.number() })

/** What the model server says next: a tool call, or words. */
export type ModelWord = string | { tool: string; args: Record<string, unknown> }

/** Who writes the replies: code alone, or a model behind an OpenAI-compatible server, played word by word. */
export type Setting = 'offline' | 'on a model server'

/** The real application, and a demo customer who is signed in and talks to it. */
export async function visit(setting: Setting, customerId: string | null, overrides: Overrides = {}) {
  const server = setting === 'offline' ? undefined : await openAIServer()
  const app = server ? await appOn(`${server.url}/v1`) : await createTestApp(overrides)
  const script: ModelWord[] = []
  if (server) play(server, script)
  const customer = app.customer()
  if (customerId) {
    const body = JSON.stringify({ customerId })
    const headers = { 'Content-Type': 'application/json' }
    const response = await customer.request('/v1/demo/sign-in', { method: 'POST', headers, body })
    expect(response.status).toBe(200)
  }
  let conversationId: string | undefined

  const thread = async () => conversation.parse(await customer.thread(conversationId ?? ''))
  return {
    app,
    customer,
    thread,
    get conversationId() {
      return conversationId ?? ''
    },

    /** @param words what the model answers to it, in order, where there is one */
    async say(text: string, ...words: ModelWord[]) {
      if (server) script.push(...words)
      const response = await customer.say({ text, ...(conversationId && { conversationId }) })
      const body: unknown = await response.json()
      expect(response.status, JSON.stringify(body)).toBe(200)
      const result = answer.parse(body)
      conversationId = result.conversationId
      expect(script, 'the model was not asked all of it').toEqual([])
      return { ...result, reply: result.reply ?? NO_REPLY }
    },

    /** Decides on the only approval that waits. */
    async decide(decision: 'approve' | 'deny', agent: string, reason?: string) {
      const listed = z.object({ approvals: z.array(card).length(1) })
      const [waiting] = listed.parse(await (await app.desk.get('/approvals?state=pending')).json()).approvals
      const response = await app.server.request(`/v1/desk/approvals/${waiting?.id}/${decision}`, {
        method: 'POST',
        headers: { Authorization: 'Bearer desk-token-for-tests', 'Content-Type': 'application/json' },
        body: JSON.stringify({ agent, ...(reason && { reason }) }),
      })
      return { status: response.status, card: card.parse(await response.json()) }
    },

    /** Waits for a reply that nobody asked for, such as the news about a decision. */
    async heard(text: RegExp) {
      await expect.poll(async () => (await thread()).messages.at(-1)?.text ?? '', { timeout: 10_000 }).toMatch(text)
      return (await thread()).messages.at(-1)
    },

    /** The ledger, the log, the thread and what the customer is shown tell the same. */
    async agree() {
      const id = conversationId ?? ''
      const effects = await effectsOf(app.db, id)
      const { messages, effects: shown } = await thread()
      expect(shown).toEqual(effects)
      expect(await verifyEvents(app.db, id)).toBeNull()
      const { values } = await app.graph.getState({ configurable: { thread_id: id } })
      const kept = (values.messages as { text: string }[]).map((message) => message.text)
      expect(messages.map((message) => message.text)).toEqual(kept)
      for (const { message, state } of effects)
        if (state === 'done') expect(kept.some((text) => text.includes(message ?? '?'))).toBe(true)
      return effects.map(({ tool, state }) => [tool, state])
    },
  }
}

const NO_REPLY: z.infer<typeof reply> = { text: '', author: { kind: '', name: '' }, citations: [] }

function play(server: LLMock, script: ModelWord[]): void {
  let calls = 0
  server.addFixture({
    match: { predicate: () => true },
    response: () => {
      const word = script.shift() ?? 'Nothing more was written for me to say.'
      if (typeof word === 'string') return { content: word }
      calls += 1
      return { toolCalls: [{ id: `call_${calls}`, name: word.tool, arguments: JSON.stringify(word.args) }] }
    },
  })
}
