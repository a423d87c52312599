import { pino } from 'pino'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openConversation } from '../../src/conversations/inbox.ts'
import { type Database, openDatabase } from '../../src/database/database.ts'

export const log = pino({ level: 'silent' })

/** Opens the database and closes it when the test ends. */
export async function open(url: string): Promise<Database> {
  const database = await openDatabase(url, log)
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await database.close()
  }
  onTestFinished(close)
  return { ...database, close }
}

/** What both databases promise. @param create an empty database's address, gone when the test ends */
export function databaseContract(name: string, create: () => Promise<string>): void {
  describe(name, () => {
    test('an empty database is made ready, and opening it again changes nothing', async () => {
      const url = await create()
      const first = await open(url)
      await first.db.insertInto('settings').values({ key: 'k', value: 'v' }).execute()
      const before = await shapeOf(first)
      await first.close()
      const second = await open(url)
      expect(await second.db.selectFrom('settings').selectAll().where('key', '=', 'k').execute()).toHaveLength(1)
      expect(await shapeOf(second)).toEqual(before)
    })

    test('numbers beyond 32 bits, any script and a hundred kilobytes come back as they were', async () => {
      const { db } = await open(await create())
      const now = Date.UTC(2026, 10, 1, 12, 0, 0, 123)
      await db.insertInto('customers').values({ id: 'c', verified: 0, created_at: now }).execute()
      expect(await db.selectFrom('customers').select('created_at').executeTakeFirst()).toEqual({ created_at: now })
      const value = `${'🦊 ي \u2028 '.repeat(12_000)}`
      await db.insertInto('settings').values({ key: 'k', value }).execute()
      expect((await db.selectFrom('settings').select('value').executeTakeFirst())?.value === value).toBe(true)
    })

    test('a transaction that fails leaves nothing behind', async () => {
      const { db } = await open(await create())
      const failing = db.transaction().execute(async (transaction) => {
        await transaction.insertInto('settings').values({ key: 'k', value: 'v' }).execute()
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await db.selectFrom('settings').selectAll().where('key', '=', 'k').execute()).toEqual([])
    })

    test('the same message of a channel is stored once', async () => {
      const { db } = await open(await create())
      await openConversation(db, 'v', { customerId: 'c', assurance: 'anonymous', channel: 'web' }, 0)
      const row = {
        conversation_id: 'v',
        channel: 'web',
        dedupe_key: 'm1',
        external_id: 'm1',
        kind: 'message',
        body: '{}',
        seq: 1,
        received_at: 0,
        status: 'new',
        turn_id: null,
        attempts: 0,
      } as const
      await db
        .insertInto('inbox')
        .values({ id: 'a', ...row })
        .execute()
      await expect(
        db
          .insertInto('inbox')
          .values({ id: 'b', ...row })
          .execute(),
      ).rejects.toThrow(/unique|duplicate/i)
    })

    test('a released conversation can be taken again, and releasing it twice does no harm', async () => {
      const { locks } = await open(await create())
      const lock = await locks.acquire('v')
      expect(lock?.lost.aborted).toBe(false)
      await lock?.release()
      await lock?.release()
      const again = await locks.acquire('v')
      expect(again).not.toBeNull()
      await again?.release()
    })

    test('two conversations are taken at the same time', async () => {
      const { locks } = await open(await create())
      const taken = await Promise.all(['a', 'b', 'c'].map((id) => locks.acquire(id)))
      expect(taken.every(Boolean)).toBe(true)
      await Promise.all(taken.map((lock) => lock?.release()))
    })

    test('closing with locks held and turns behind it ends in time', async () => {
      const database = await open(await create())
      await database.locks.acquire('v')
      database.bell.ring('v')
      await database.close()
    })
  })
}

async function shapeOf({ db }: Database) {
  const tables = await db.introspection.getTables()
  return tables
    .map(({ name, columns }) => ({ name, columns: columns.map(({ name, dataType }) => `${name} ${dataType}`).sort() }))
    .sort((a, b) => a.name.localeCompare(b.name))
}
