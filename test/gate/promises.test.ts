import { expect, test } from 'vitest'
import { z } from 'zod'
import { systemClock } from '../../src/clock.ts'
import { readEvents } from '../../src/conversations/event-log.ts'
import { createTestApp, testConfig } from '../app.ts'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { NOW } from './replies.ts'

const card = z.looseObject({
  id: z.string(),
  text: z.string(),
  owner: z.string(),
  status: z.string(),
  overdue: z.boolean(),
})
const cards = z.object({ promises: z.array(card) })
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** An application whose customer has been handed to a person. */
async function withPerson(databaseUrl?: string) {
  const began = Date.now()
  const clock = { ahead: 0 }
  const app = await createTestApp(
    { clock: { ...systemClock, now: () => NOW.getTime() + Date.now() - began + clock.ahead } },
    testConfig(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  )
  const customer = app.customer()
  const { conversationId } = z
    .object({ conversationId: z.string() })
    .parse(await (await customer.say('let me talk to a human please')).json())
  const reply = (text: string, more: Record<string, unknown> = {}) =>
    app.desk.post(conversationId, 'reply', { agent: 'Mara', text, ...more })
  const open = async (query = '?status=open') =>
    cards.parse(await (await app.desk.get(`/promises${query}`)).json()).promises
  const settle = (id: string, action: string, body: Record<string, unknown>) =>
    app.server.request(`/v1/desk/promises/${id}/${action}`, {
      method: 'POST',
      headers: { Authorization: 'Bearer desk-token-for-tests', 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  const thread = () => customer.thread(conversationId)
  const types = async () => (await readEvents(app.db, conversationId)).map(({ type }) => type)
  return { app, conversationId, customer, clock, reply, open, settle, thread, types }
}

async function promisedAndSettled(databaseUrl?: string): Promise<void> {
  const { reply, open, settle, types, clock } = await withPerson(databaseUrl)
  expect((await reply('I will call you tomorrow before noon.')).status).toBe(200)
  const [promise] = await open()
  expect(promise).toMatchObject({
    text: 'I will call you tomorrow before noon.',
    owner: 'Mara',
    status: 'open',
    dueAt: '2026-11-26T12:00:00.000Z',
    overdue: false,
  })
  clock.ahead += 2 * 86_400_000
  expect((await open('?status=open&owner=Mara'))[0]?.overdue).toBe(true)
  expect(await open('?owner=Jon')).toEqual([])
  const id = promise?.id ?? ''
  const kept = await settle(id, 'keep', { agent: 'Jon', note: 'Called at eleven.' })
  expect(card.parse(await kept.json())).toMatchObject({ status: 'kept', settledBy: 'Jon', note: 'Called at eleven.' })
  expect((await settle(id, 'break', { agent: 'Jon' })).status).toBe(409)
  expect((await settle(crypto.randomUUID(), 'keep', { agent: 'Jon' })).status).toBe(404)
  expect((await settle(id, 'keep', { agent: 'Jon', when: 'now' })).status).toBe(400)
  expect(await open()).toEqual([])
  expect((await types()).filter((type) => type.startsWith('promise-'))).toEqual(['promise-made', 'promise-kept'])
}

const SETTLED = 'what an agent says they will do becomes a promise of theirs with a due date, and is settled once'
test(SETTLED, () => promisedAndSettled())
test.skipIf(!TEST_DATABASE_URL)(`on PostgreSQL ${SETTLED}`, async () => promisedAndSettled(await openScratchDatabase()))

test('an open promise stands in the packet of the next handoff', async () => {
  const { app, conversationId, customer, reply } = await withPerson()
  await reply('We will get back to you by Friday.')
  await app.desk.post(conversationId, 'hand-back', { agent: 'Mara' })
  await customer.say({ conversationId, text: 'I want to talk to a person again' })
  const { packet } = z
    .object({ packet: z.looseObject({ promises: z.array(z.looseObject({})), summary: z.string() }) })
    .parse(await (await app.desk.get(`/conversations/${conversationId}`)).json())
  expect(packet.promises).toMatchObject([{ owner: 'Mara', status: 'open', due: '2026-11-27T18:00:00.000Z' }])
  expect(packet.summary).toContain('Promised by Mara')
})

test('an agent is told beforehand what nothing supports; what they send all the same goes out and is on record', async () => {
  const { app, conversationId, reply, thread, types } = await withPerson()
  const text = 'You can return it within 90 days.'
  const checked = await app.desk.post(conversationId, 'check', { agent: 'Mara', text })
  expect(await checked.json()).toEqual({ problems: [expect.stringContaining('“90 days”')] })
  expect(JSON.stringify(await thread())).not.toContain('within 90 days')
  expect((await reply(text, { messageId: 'm1' })).status).toBe(200)
  expect(JSON.stringify(await thread())).toContain('within 90 days')
  expect(await types()).toContain('gate-decided')
})

test('an agent’s text that an article supports goes out, with what it claims on record', async () => {
  const { app, conversationId, reply } = await withPerson()
  expect((await reply('You can return goods within 30 days of delivery.')).status).toBe(200)
  const claims = (await readEvents(app.db, conversationId)).filter(({ type }) => type === 'claim-made')
  expect(claims).toMatchObject([
    { actor: 'Mara', data: { values: [{ text: '30 days' }], evidence: { article: expect.any(String), version: 1 } } },
  ])
})

test('a secret goes out from nobody', async () => {
  const { reply, thread, types } = await withPerson()
  const refused = await reply('The key is sk-abcdefghijklmnopqrstuvwxyz012345.')
  expect(refused.status).toBe(409)
  expect(refusal.parse(await refused.json()).error.code).toBe('desk.secret')
  expect(JSON.stringify(await thread())).not.toContain('sk-abc')
  expect(await types()).not.toContain('claim-made')
})
