import { existsSync } from 'node:fs'
import { join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { scratch } from '../app.ts'
import { createScriptedApp, eventually, gate, problemsIn } from './scripted-app.ts'

const QUESTION = 'I was charged twice'

/** Another program that holds the file's write lock, such as a backup. */
function holdLock(path: string): () => void {
  expect(existsSync(path)).toBe(true)
  const file = new SqliteFile(path)
  file.exec('BEGIN IMMEDIATE')
  let held = true
  const release = () => {
    if (held) file.exec('ROLLBACK').close()
    held = false
  }
  onTestFinished(release)
  return release
}

test('a second server on the same file is refused and told why', async () => {
  const databaseUrl = `file:${join(scratch(), 'baton.db')}`
  const first = await createScriptedApp({ databaseUrl })
  await expect(createScriptedApp({ databaseUrl })).rejects.toMatchObject({
    code: 'database.owned',
    message: expect.stringMatching(/Another Baton process owns .*baton\.db\. Stop it, or use PostgreSQL\./),
  })
  expect((await first.customer().say(QUESTION)).status).toBe(200)
  await first.stop()
  const second = await createScriptedApp({ databaseUrl })
  expect((await second.customer().say(QUESTION)).status).toBe(200)
})

test('while the file is locked by another program nothing is acknowledged, and afterwards the same message is', async () => {
  const path = join(scratch(), 'baton.db')
  const app = await createScriptedApp({ databaseUrl: `file:${path}` })
  const customer = app.customer()
  expect((await customer.say(QUESTION)).status).toBe(200)
  const release = holdLock(path)
  const body = { messageId: 'again', text: QUESTION }
  const refused = await customer.say(body)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('Retry-After')).toBe('5')
  expect(await refused.json()).toMatchObject({ error: { code: 'database.unavailable' } })
  release()
  expect((await customer.say(body)).status).toBe(200)
  expect(await app.db.selectFrom('inbox').select('id').execute()).toHaveLength(2)
})

test.each([
  ['rows', 'baton.db'],
  ['checkpoints', 'baton.checkpoints.db'],
])(
  'an accepted message is answered although the %s are locked in the middle of its turn',
  { timeout: 120_000 },
  async (_what, file) => {
    const folder = scratch()
    const door = gate()
    onTestFinished(door.open)
    const app = await createScriptedApp({
      databaseUrl: `file:${join(folder, 'baton.db')}`,
      answers: {
        async around(_call, work) {
          await door.pass()
          return work()
        },
      },
    })
    const asking = app.customer().say(QUESTION)
    await door.arrived
    const release = holdLock(join(folder, file))
    setTimeout(release, 11_000)
    door.open()
    expect(await (await asking).json()).toMatchObject({ status: 'answered', reply: { author: { name: 'billing' } } })
    expect(await problemsIn(app)).toEqual([])
    expect(await app.db.selectFrom('escalations').select('id').execute()).toEqual([])
  },
)

test('on a full disk nothing is acknowledged, and with room again it goes on without a restart', async () => {
  const app = await createScriptedApp()
  const customer = app.customer()
  const { conversationId } = (await (await customer.say(QUESTION)).json()) as { conversationId: string }
  // SQLite answers as on a full disk once the file may not grow.
  await sql`PRAGMA max_page_count = 1`.execute(app.db)
  const statuses: number[] = []
  const bodies = Array.from({ length: 40 }, (_, i) => ({
    conversationId,
    messageId: `m${i}`,
    text: `${QUESTION} ${'because '.repeat(200)}(${i})`,
  }))
  for (const body of bodies) {
    const response = await Promise.race([
      customer.say(body).then(({ status }) => status),
      new Promise<number>((resolve) => setTimeout(() => resolve(0), 2_000)),
    ])
    statuses.push(response)
    if (response === 503) break
  }
  expect(statuses).toContain(503)
  await sql`PRAGMA max_page_count = 1000000`.execute(app.db)
  for (const body of bodies.slice(0, statuses.length)) expect((await customer.say(body)).status).toBe(200)
  await eventually(
    () => app.db.selectFrom('inbox').select('id').where('status', '!=', 'done').execute(),
    (open) => open.length === 0,
  )
  expect(await problemsIn(app)).toEqual([])
})
