import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { customerMessage, threadOf } from '../../graphs/thread.ts'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import type { Told } from './customers.ts'
import type { Call, ScriptedModelOptions } from './scripted.ts'
import { createScriptedApp, problemsIn, type ScriptedApp } from './scripted-app.ts'

const FIFTY = Array.from({ length: 50 }, (_, i) => `I was charged twice (${String(i + 1).padStart(2, '0')})`)

/** Records which calls overlap in time, over however many applications use it. */
function observer(): ScriptedModelOptions & { most: number; atOnce: number; calls: Call[] } {
  let running = 0
  const seen = {
    least: 5,
    most: 30,
    atOnce: 0,
    calls: [] as Call[],
    async around(call: Call, work: () => Promise<string>) {
      seen.calls.push(call)
      running += 1
      seen.atOnce = Math.max(seen.atOnce, running)
      try {
        return await work()
      } finally {
        running -= 1
      }
    },
  }
  return seen
}

const toldIn = (response: Response) => response.json() as Promise<Told>

async function sendFifty(apps: ScriptedApp[]) {
  const post = (i: number, body: object, headers: Record<string, string> = {}) =>
    (apps[i % apps.length] as ScriptedApp).server.request('/v1/chat', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const opening = await post(0, { text: 'I was charged twice (00)' })
  const Cookie = opening.headers.get('set-cookie')?.split(';')[0] ?? ''
  const { conversationId } = await toldIn(opening)
  const responses = await Promise.all(
    FIFTY.map((text, i) => post(i, { conversationId, messageId: `m${i}`, text }, { Cookie })),
  )
  return { conversationId, responses }
}

async function expectAllInOrder(app: ScriptedApp, conversationId: string, calls: Call[]): Promise<void> {
  const rows = await app.db
    .selectFrom('inbox')
    .select(['id', 'body', 'status'])
    .where('conversation_id', '=', conversationId)
    .orderBy('seq')
    .execute()
  expect(rows).toHaveLength(51)
  expect(rows.every(({ status }) => status === 'done')).toBe(true)
  const { values } = await app.graph.getState({ configurable: { thread_id: conversationId } })
  const thread = threadOf(values.messages)
  expect(thread.filter(({ role }) => role === 'customer').map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
  // Every message is asked about in the order in which it arrived, and no reply goes back to an earlier one.
  const texts = rows.map(({ body }) => JSON.parse(body).text as string)
  const lastAsked = calls.map(({ asked }) => texts.indexOf(asked.at(-1) ?? ''))
  expect(lastAsked).toEqual([...lastAsked].sort((a, b) => a - b))
  expect(lastAsked.at(-1)).toBe(50)
  expect(await problemsIn(app)).toEqual([])
}

test('fifty messages at once to one conversation are all answered, in the order of arrival, one run at a time', async () => {
  const seen = observer()
  const app = await createScriptedApp({ answers: seen })
  const { conversationId, responses } = await sendFifty([app])
  expect(responses.map(({ status }) => status)).toEqual(FIFTY.map(() => 200))
  const bodies = await Promise.all(responses.map(toldIn))
  expect(bodies.every(({ reply }) => typeof reply?.text === 'string')).toBe(true)
  for (const [i, { reply }] of bodies.entries()) expect(reply?.text).toContain(FIFTY[i])
  expect(seen.atOnce).toBe(1)
  await expectAllInOrder(app, conversationId, seen.calls)
})

test.skipIf(!TEST_DATABASE_URL)(
  'fifty messages at once to one conversation over two processes are all answered, in order, one run at a time',
  async () => {
    const seen = observer()
    const databaseUrl = await openScratchDatabase()
    const apps = [
      await createScriptedApp({ databaseUrl, answers: seen }),
      await createScriptedApp({ databaseUrl, answers: seen }),
    ]
    const { conversationId, responses } = await sendFifty(apps)
    expect(responses.map(({ status }) => status)).toEqual(FIFTY.map(() => 200))
    expect(seen.atOnce).toBe(1)
    await expectAllInOrder(apps[0] as ScriptedApp, conversationId, seen.calls)
  },
)

test('without the queue the same fifty messages overlap and most are lost', async () => {
  const seen = observer()
  const { graph } = await createScriptedApp({ answers: seen })
  const thread_id = randomUUID()
  const principal = { customerId: 'c', assurance: 'anonymous' as const, channel: 'web' }
  await Promise.all(
    FIFTY.map((text) =>
      graph.invoke(
        { turnId: randomUUID(), trail: [], messages: [customerMessage(randomUUID(), text)] },
        { configurable: { thread_id }, context: { principal }, durability: 'sync' },
      ),
    ),
  )
  const { values } = await graph.getState({ configurable: { thread_id } })
  const kept = threadOf(values.messages).filter(({ role }) => role === 'customer').length
  console.log(
    `Control, the graph called from every request: ${seen.atOnce} runs at once, ${50 - kept} of 50 messages lost.`,
  )
  expect(seen.atOnce).toBeGreaterThan(1)
  expect(kept).toBeLessThan(50)
})

test('the same messageId twice at once runs once, and another customer’s equal messageId is a message of its own', async () => {
  const seen = observer()
  const app = await createScriptedApp({ answers: seen })
  const [one, other] = [app.customer(), app.customer()]
  const body = { messageId: 'same', text: 'I was charged twice' }
  const { conversationId } = await one.say('I was charged twice').then(toldIn)
  const [first, second, foreign] = await Promise.all([
    one.say({ ...body, conversationId }).then(toldIn),
    one.say({ ...body, conversationId }).then(toldIn),
    other.say(body).then(toldIn),
  ])
  expect(second).toEqual(first)
  expect(foreign.conversationId).not.toBe(conversationId)
  expect(foreign.reply?.id).not.toBe(first.reply?.id)
  expect(await app.db.selectFrom('inbox').select('id').where('external_id', '=', 'same').execute()).toHaveLength(2)
  expect(seen.calls).toHaveLength(3)
  expect(await one.say({ ...body, conversationId }).then(toldIn)).toEqual(first)
  expect(seen.calls).toHaveLength(3)
})
