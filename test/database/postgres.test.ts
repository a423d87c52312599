import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/database/database.ts'
import { cutConnections, openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { databaseContract, log, open } from './contract.ts'

const LOCKS = '%advisory_lock%'

describe.skipIf(!TEST_DATABASE_URL)('with a server', () => {
  databaseContract('PostgreSQL', openScratchDatabase)

  test('processes that start together on an empty database all start', { timeout: 60_000 }, async () => {
    const url = await openScratchDatabase()
    const opened = await Promise.all(Array.from({ length: 5 }, () => open(url)))
    for (const { db, checkpointer } of opened) {
      await db.selectFrom('inbox').selectAll().execute()
      await checkpointer.getTuple({ configurable: { thread_id: 't' } })
    }
  })

  test('a conversation that one process has, no other gets, until it is released', async () => {
    const url = await openScratchDatabase()
    const [one, other] = await Promise.all([open(url), open(url)])
    const lock = await one.locks.acquire('v')
    expect(lock).not.toBeNull()
    expect(await other.locks.acquire('v')).toBeNull()
    expect(await one.locks.acquire('v')).toBeNull()
    const elsewhere = await other.locks.acquire('another')
    expect(elsewhere).not.toBeNull()
    await lock?.release()
    const taken = await other.locks.acquire('v')
    expect(taken).not.toBeNull()
    expect(await one.locks.acquire('v')).toBeNull()
  })

  test('of many who ask at once exactly one gets it', async () => {
    const url = await openScratchDatabase()
    const processes = await Promise.all(Array.from({ length: 4 }, () => open(url)))
    const asked = await Promise.all(Array.from({ length: 40 }, (_, i) => processes[i % 4]?.locks.acquire('v')))
    expect(asked.filter(Boolean)).toHaveLength(1)
  })

  test('a cut connection aborts every lock it held, and the next acquire works again', async () => {
    const url = await openScratchDatabase()
    const [one, other] = await Promise.all([open(url), open(url)])
    const held = [await one.locks.acquire('a'), await one.locks.acquire('b')]
    const lost = Promise.all(held.map((lock) => aborted(lock?.lost)))
    expect(await cutConnections(url, LOCKS)).toBeGreaterThan(0)
    await lost
    // What a process lost is free for another, and letting go of it late takes nothing away.
    const taken = await eventually(() => other.locks.acquire('a'))
    for (const lock of held) await lock?.release()
    expect(await eventually(() => one.locks.acquire('b'))).not.toBeNull()
    expect(await one.locks.acquire('a')).toBeNull()
    expect(taken.lost.aborted).toBe(false)
  })

  test('a connection that is cut while a lock is being asked for ends in an error or a lock, not in waiting', async () => {
    const url = await openScratchDatabase()
    const { locks } = await open(url)
    await (await locks.acquire('warm'))?.release()
    for (let i = 0; i < 5; i += 1) {
      const asking = Promise.allSettled(Array.from({ length: 10 }, (_, n) => locks.acquire(`v${i}-${n}`)))
      await cutConnections(url, LOCKS)
      await asking
      expect(await eventually(() => locks.acquire(`after-${i}`))).not.toBeNull()
    }
  })

  test('a ring reaches the other processes and not the one that rang', async () => {
    const url = await openScratchDatabase()
    const [one, other] = await Promise.all([open(url), open(url)])
    const heard: string[] = []
    const own: string[] = []
    one.bell.onRing((id) => own.push(id))
    other.bell.onRing((id) => heard.push(id))
    await eventually(async () => {
      one.bell.ring('v-1')
      await pause(50)
      return heard.includes('v-1') || null
    })
    expect(own).toEqual([])
  })

  test('the bell rings again after its connection was cut', async () => {
    const url = await openScratchDatabase()
    const [one, other] = await Promise.all([open(url), open(url)])
    const heard: string[] = []
    other.bell.onRing((id) => heard.push(id))
    const ringUntilHeard = (id: string) =>
      eventually(async () => {
        one.bell.ring(id)
        await pause(50)
        return heard.includes(id) || null
      })
    await ringUntilHeard('before')
    expect(await cutConnections(url, 'listen %')).toBe(2)
    await ringUntilHeard('after')
  })

  test('every connection of the pool may be cut without the process or the database being lost', async () => {
    const url = await openScratchDatabase()
    const { db, checkpointer } = await open(url)
    await Promise.all(Array.from({ length: 8 }, () => db.selectFrom('settings').selectAll().execute()))
    expect(await cutConnections(url)).toBeGreaterThan(1)
    await eventually(() =>
      db
        .selectFrom('settings')
        .selectAll()
        .execute()
        .catch(() => null),
    )
    await eventually(() =>
      checkpointer.getTuple({ configurable: { thread_id: 't' } }).then(
        () => true,
        () => null,
      ),
    )
  })

  test('closing leaves no connection open', async () => {
    const url = await openScratchDatabase()
    const database = await open(url)
    await database.locks.acquire('v')
    await database.close()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const others = await eventually(async () => {
      const { rows } = await client.query(
        'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      return rows.length === 0 || null
    })
    await client.end()
    expect(others).toBe(true)
  })
})

test('a server that is not there is an error with its reason, not a wait', { timeout: 20_000 }, async () => {
  await expect(openDatabase('postgres://nobody@127.0.0.1:9/none', log)).rejects.toThrow(/ECONNREFUSED/)
})

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve()
    else signal?.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function eventually<T>(attempt: () => Promise<T | null>): Promise<T> {
  for (let i = 0; i < 100; i += 1) {
    const result = await attempt().catch(() => null)
    if (result !== null) return result
    await pause(50)
  }
  throw new Error('it never happened')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
