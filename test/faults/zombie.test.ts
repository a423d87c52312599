import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { scratch } from '../app.ts'
import { cutConnections, openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { DESK_TOKEN } from './agent.ts'
import { CUSTOMER_AUDIENCE, CUSTOMER_SECRET, createCustomer } from './customers.ts'
import { scriptedArticles } from './scripted.ts'
import { createScriptedApp, eventually, problemsIn } from './scripted-app.ts'
import { createServers, type Servers } from './servers.ts'

const STUCK = 120_000
let servers: Servers | undefined

beforeAll(async () => {
  if (TEST_DATABASE_URL) servers = await createServers()
}, STUCK)
afterAll(() => servers?.close())

test.skipIf(!TEST_DATABASE_URL)(
  'a process that slept through the loss of its lock writes nothing when it wakes',
  { timeout: STUCK },
  async () => {
    const databaseUrl = await openScratchDatabase()
    const env = {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      ARTICLES_DIR: scriptedArticles(scratch()),
      DEBOUNCE_MS: '0',
      DESK_TOKEN,
      CUSTOMER_JWT_SECRET: CUSTOMER_SECRET,
      CUSTOMER_JWT_AUDIENCE: CUSTOMER_AUDIENCE,
    }
    const start = (most: number) => (servers as Servers).start({ env, inbox: true, model: { least: most / 2, most } })
    const [sleeper, other] = [await start(300), await start(20)]
    const customers = await Promise.all(Array.from({ length: 4 }, (_, i) => createCustomer(`c${i}`)))
    const write = (server: { url: string }, timeoutMs: number) =>
      Promise.all(
        customers.map((customer) =>
          customer.send(server.url, customer.write('I was charged twice'), 'json', timeoutMs),
        ),
      )
    await write(other, STUCK)
    for (let round = 0; round < 4; round += 1) {
      // It falls asleep in the middle of its turns and of what it writes about them.
      const abandoned = write(sleeper, 3_000)
      await sleep(100 + Math.random() * 250)
      sleeper.signal('SIGSTOP')
      await cutConnections(databaseUrl, '%advisory%')
      // Answered after what the sleeper had in hand, by the one process that is awake.
      await write(other, STUCK)
      sleeper.signal('SIGCONT')
      await abandoned
    }
    for (const server of [sleeper, other]) server.signal('SIGTERM')
    expect(await Promise.all([sleeper.exited, other.exited])).toEqual([0, 0])
    const app = await createScriptedApp({ databaseUrl })
    await eventually(
      () => app.db.selectFrom('inbox').select('id').where('status', '!=', 'done').execute(),
      (open) => open.length === 0,
    )
    const sent = customers.flatMap(({ messages }) => messages)
    expect(sent.filter(({ acknowledged }) => acknowledged).length).toBeGreaterThan(10)
    expect(await problemsIn(app, sent)).toEqual([])
  },
)
