import { expect, test } from 'vitest'
import { verifyEvents } from '../../src/conversations/event-log.ts'
import { BILLING, createSmallShop, facts, PERSON, type SmallShop, threadOf, turnOf } from './small-shop.ts'

/** A conversation with an answer, an escalation and an agent's reply. */
async function conversationIn(app: SmallShop) {
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say(BILLING))
  await turnOf(customer.say({ conversationId, text: PERSON }))
  await turnOf(app.desk.post(conversationId, 'reply', { agent: 'Mara', text: 'Here I am.' }))
  return { customer, conversationId }
}

test('the log counts from one without gaps and its chain holds', async () => {
  const app = await createSmallShop()
  const { conversationId } = await conversationIn(app)
  const recorded = await facts(app, conversationId)
  expect(recorded.map(({ seq }) => seq)).toEqual(recorded.map((_, i) => i + 1))
  expect(recorded.length).toBeGreaterThan(8)
  expect(await verifyEvents(app.db, conversationId)).toBeNull()
})

test('the thread is what happened, oldest first', async () => {
  const app = await createSmallShop()
  const { customer, conversationId } = await conversationIn(app)
  const { messages } = await threadOf(customer, conversationId)
  expect(messages.map(({ role }) => role)).toEqual(['customer', 'specialist', 'customer', 'system', 'agent'])
  expect(messages.map(({ at }) => at)).toEqual(messages.map(({ at }) => at).toSorted())
  const sent = (await facts(app, conversationId)).filter(({ type }) => type.startsWith('message-'))
  expect(messages.map(({ id, text }) => [id, text])).toEqual(sent.map(({ data }) => [data.id, data.text]))
  expect(messages[1]?.route).toMatchObject({ to: 'billing' })
})

const changes = {
  'a changed text': { data: '{"text":"something else"}' },
  'a changed kind': { type: 'message-sent' },
  'a changed actor': { actor: 'somebody' },
  'a changed instant': { at: 1 },
  'a changed hash of the data': { data_hash: '0'.repeat(64) },
  'a changed link': { hash: 'f'.repeat(64) },
}

for (const [name, set] of Object.entries(changes))
  test(`${name} is detected where it is`, async () => {
    const app = await createSmallShop()
    const { conversationId } = await conversationIn(app)
    await app.db
      .updateTable('events')
      .set(set)
      .where('conversation_id', '=', conversationId)
      .where('seq', '=', 3)
      .execute()
    expect(await verifyEvents(app.db, conversationId)).toBe(3)
  })

test('a row taken out of the middle, from the end, or all of them, is missed', async () => {
  const app = await createSmallShop()
  for (const keep of ['all but the third', 'all but the last', 'none']) {
    const { conversationId } = await conversationIn(app)
    const last = (await facts(app, conversationId)).length
    let rows = app.db.deleteFrom('events').where('conversation_id', '=', conversationId)
    if (keep !== 'none') rows = rows.where('seq', '=', keep === 'all but the third' ? 3 : last)
    await rows.execute()
    expect(await verifyEvents(app.db, conversationId)).toBe(
      { 'all but the third': 3, 'all but the last': last, none: 1 }[keep],
    )
  }
})

test('two rows that changed places are detected', async () => {
  const app = await createSmallShop()
  const { conversationId } = await conversationIn(app)
  const move = (from: number, to: number) =>
    app.db
      .updateTable('events')
      .set({ seq: to })
      .where('conversation_id', '=', conversationId)
      .where('seq', '=', from)
      .execute()
  await move(3, 1_000)
  await move(4, 3)
  await move(1_000, 4)
  expect(await verifyEvents(app.db, conversationId)).toBe(3)
})
