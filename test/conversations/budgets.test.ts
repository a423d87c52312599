import { AIMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { expect, test } from 'vitest'
import { loadSpecialists } from '../../graphs/specialists.ts'
import { createBudgets } from '../../src/conversations/budgets.ts'
import { createTestApp, testConfig } from '../app.ts'
import { CUSTOMER_AUDIENCE, CUSTOMER_SECRET, createCustomer } from '../faults/customers.ts'

const hostConfig = () => testConfig({ CUSTOMER_JWT_SECRET: CUSTOMER_SECRET, CUSTOMER_JWT_AUDIENCE: CUSTOMER_AUDIENCE })

/** Never answers: looks at the charges, three times in each of its messages. */
function endlessModel() {
  const model = fakeModel()
  const calls = Array.from({ length: 3 }, (_, i) => ({ name: 'list_charges', args: {}, id: `call-${i}` }))
  for (let i = 0; i < 60; i += 1) model.respondWithTools(calls)
  return model
}

async function endlessApp() {
  const model = endlessModel()
  const models = { name: 'endless', answers: model, routes: undefined, health: () => [] }
  const app = await createTestApp({ models, specialists: await loadSpecialists() }, hostConfig())
  const { token } = await createCustomer('cus_1001')
  const say = async (text: string, conversationId?: string) => {
    const response = await app.server.request('/v1/chat', {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ text, ...(conversationId && { conversationId }) }),
    })
    return (await response.json()) as { conversationId: string; turnId: string; status: string }
  }
  return { app, model, say }
}

test('a model that never stops calling tools costs what a turn may cost, and a person goes on', async () => {
  const { app, model, say } = await endlessApp()
  const { conversationId, turnId, status } = await say('I was charged twice for my subscription this month')
  expect(status).toBe('with_human')
  const { reason, detail } = await app.db
    .selectFrom('escalations')
    .select(['reason', 'detail'])
    .executeTakeFirstOrThrow()
  expect({ reason, detail }).toEqual({ reason: 'usage_limit', detail: 'The limit of tool calls a turn is reached.' })
  const turn = await app.db.selectFrom('turns').selectAll().where('id', '=', turnId).executeTakeFirstOrThrow()
  expect([turn.tool_calls, turn.model_calls]).toEqual([8, 3])
  expect(model.callCount).toBe(3)
  const conversation = await app.db
    .selectFrom('conversations')
    .selectAll()
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  expect([conversation.tool_calls, conversation.model_calls]).toEqual([8, 3])
  expect(conversation.tokens).toBeGreaterThan(0)
})

test('a conversation that has spent all it may gets a person, and no model is asked', async () => {
  const { app, model, say } = await endlessApp()
  const { conversationId } = await say('hello')
  await app.db.updateTable('conversations').set({ model_calls: 500 }).where('id', '=', conversationId).execute()
  const { status } = await say('which payment methods do you accept', conversationId)
  expect(status).toBe('with_human')
  expect(model.callCount).toBe(0)
})

test('a plain question is counted once', async () => {
  const model = fakeModel().respond(new AIMessage('We accept cards. [1]'))
  const models = { name: 'scripted', answers: model, routes: undefined, health: () => [] }
  const app = await createTestApp({ models })
  await app.customer().say('which payment methods do you accept')
  const turn = await app.db.selectFrom('turns').select(['model_calls', 'tool_calls']).executeTakeFirstOrThrow()
  expect(turn).toEqual({ model_calls: 1, tool_calls: 0 })
})

test('what a turn spent before a crash counts after it', async () => {
  const { app, say } = await endlessApp()
  const { conversationId, turnId } = await say('hello')
  await app.db
    .updateTable('turns')
    .set({ tool_calls: 0, model_calls: 0, spent_ms: 0 })
    .where('id', '=', turnId)
    .execute()
  let now = 0
  const clock = { now: () => now, sleep: async () => {} }
  const limits = {
    turn: { modelCalls: 4, toolCalls: 3, tokens: 1_000, seconds: 60 },
    conversation: { modelCalls: 100, toolCalls: 100, tokens: 100_000 },
  }
  const turn = { turnId, conversationId }
  const process = () => createBudgets({ db: app.db, clock, limits })

  const first = process()
  await first.toolCall(turn)
  await first.toolCall(turn)
  const second = process()
  await second.toolCall(turn)
  await expect(second.toolCall(turn)).rejects.toThrow(/tool calls a turn/)

  const third = process()
  for (let i = 0; i < 3; i += 1) await third.modelCall(turn, 100)
  const fourth = process()
  await fourth.modelCall(turn, 100)
  await expect(fourth.modelCall(turn, 100)).rejects.toThrow(/model calls a turn/)

  // A second process each time: what is in the row is what it goes on from.
  await app.db.updateTable('turns').set({ model_calls: 0, tool_calls: 0 }).where('id', '=', turnId).execute()
  const fifth = process()
  await fifth.modelCall(turn, 100)
  await fifth.modelAnswered(turn, { characters: 0, tokens: 1_001 })
  await expect(fifth.modelCall(turn, 100)).rejects.toThrow(/tokens a turn/)
  now = 61_000
  await expect(fifth.toolCall(turn)).rejects.toThrow(/seconds a turn/)
})
