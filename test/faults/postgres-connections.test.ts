import { expect, onTestFinished, test } from 'vitest'
import { cutConnections, openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { createScriptedApp, eventually, gate, problemsIn } from './scripted-app.ts'

const QUESTION = 'I was charged twice'

test.skipIf(!TEST_DATABASE_URL)(
  'connections that are cut again and again lose and double nothing',
  { timeout: 120_000 },
  async () => {
    const databaseUrl = await openScratchDatabase()
    const app = await createScriptedApp({ databaseUrl, answers: { least: 5, most: 60 } })
    const customers = Array.from({ length: 6 }, () => app.customer())
    const conversations = await Promise.all(
      customers.map(
        async (customer) =>
          ((await (await customer.say(QUESTION)).json()) as { conversationId: string }).conversationId,
      ),
    )
    let over = false
    const cutting = (async () => {
      for (let i = 0; i < 12; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 120))
        await cutConnections(databaseUrl)
      }
      over = true
    })()
    let sent = 0
    await Promise.all(
      customers.map(async (customer, i) => {
        for (let k = 0; !over || k < 3; k += 1) {
          const body = { conversationId: conversations[i], messageId: `${i}-${k}`, text: `${QUESTION} (${i}-${k})` }
          // A refusal is not an acknowledgement: the customer sends the same message again.
          await eventually(
            () => customer.say(body).then(({ status }) => status),
            (status) => status === 200,
          )
          sent += 1
        }
      }),
    )
    await cutting
    expect(sent).toBeGreaterThanOrEqual(18)
    const rows = await app.db.selectFrom('inbox').select('status').execute()
    expect(rows.filter(({ status }) => status !== 'done')).toEqual([])
    expect(await problemsIn(app)).toEqual([])
    const people = await app.db.selectFrom('escalations').select('detail').execute()
    expect(people, 'a database that was away for a moment is no reason to bother a person').toEqual([])
  },
)

test.skipIf(!TEST_DATABASE_URL)('a turn whose lock is cut is finished by another process, and only once', async () => {
  const databaseUrl = await openScratchDatabase()
  const door = gate()
  onTestFinished(door.open)
  let first = true
  const zombie = await createScriptedApp({
    databaseUrl,
    answers: {
      async around(_call, work) {
        if (first) {
          first = false
          await door.pass()
        }
        return work()
      },
    },
  })
  const asking = zombie.customer().say(QUESTION)
  await door.arrived
  const other = await createScriptedApp({ databaseUrl })
  expect(await cutConnections(databaseUrl, '%pg_try_advisory_lock%')).toBeGreaterThan(0)
  await eventually(
    () => other.db.selectFrom('turns').select('status').execute(),
    (turns) => turns.every(({ status }) => status === 'done'),
  )
  door.open()
  expect((await asking).status).toBe(200)
  // Whatever the first process still had in hand has come to nothing.
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await problemsIn(other)).toEqual([])
})

test.skipIf(!TEST_DATABASE_URL)('a process that lost its locks takes new ones', async () => {
  const databaseUrl = await openScratchDatabase()
  const app = await createScriptedApp({ databaseUrl })
  const customer = app.customer()
  expect((await customer.say(QUESTION)).status).toBe(200)
  await eventually(
    () => cutConnections(databaseUrl, '%pg_advisory_unlock(hashtextextended%'),
    (cut) => cut > 0,
  )
  const answered = await Promise.race([
    customer.say(QUESTION).then(({ status }) => status),
    new Promise((resolve) => setTimeout(() => resolve('stuck'), 10_000)),
  ])
  expect(answered).toBe(200)
})
