import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { isSqliteOwned, openSqliteInMemory, openSqliteReadOnly } from '../../src/database/sqlite.ts'
import { scratch } from '../app.ts'
import { databaseContract, open } from './contract.ts'

const address = () => `file:${join(scratch(), 'deep/er/baton.db')}`
const pathOf = (url: string) => url.slice('file:'.length)

databaseContract('SQLite', async () => address())

test('rows and checkpoints are logged ahead and synced at every commit, also after the saver’s own set-up', async () => {
  const database = await open(address())
  const saver = database.checkpointer as SqliteSaver
  await saver.getTuple({ configurable: { thread_id: 't' } })
  for (const pragma of [
    async (name: string) => Object.values((await sql.raw(`pragma ${name}`).execute(database.db)).rows[0] ?? {})[0],
    async (name: string) => saver.db.pragma(name, { simple: true }),
  ]) {
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('secure_delete')).toBe(1)
  }
  expect((await sql<{ foreign_keys: number }>`pragma foreign_keys`.execute(database.db)).rows[0]?.foreign_keys).toBe(1)
})

test('rows and checkpoints are two files', async () => {
  const url = address()
  const database = await open(url)
  const saver = database.checkpointer as SqliteSaver
  expect(saver.db.name).not.toBe(pathOf(url))
  expect(existsSync(saver.db.name)).toBe(true)
})

test('a second owner is refused with the file’s name, and may have it once the first has gone', async () => {
  const url = address()
  const first = await open(url)
  expect(isSqliteOwned(pathOf(url))).toBe(true)
  await expect(open(url)).rejects.toMatchObject({
    code: 'database.owned',
    message: expect.stringContaining(pathOf(url)),
  })
  await first.close()
  expect(isSqliteOwned(pathOf(url))).toBe(false)
  await open(url)
})

test('a process that was killed owns nothing any more', { timeout: 60_000 }, async () => {
  const url = address()
  const script = `import { openSqlite } from ${JSON.stringify(join(process.cwd(), 'src/database/sqlite.ts'))}
await openSqlite(${JSON.stringify(pathOf(url))})
console.log('open')
setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  await expect(open(url)).rejects.toMatchObject({ code: 'database.owned' })
  child.kill('SIGKILL')
  await once(child, 'exit')
  await open(url)
})

test('a reader beside the owner sees its rows and can change none', async () => {
  const url = address()
  const owner = await open(url)
  await owner.db.insertInto('settings').values({ key: 'k', value: 'v' }).execute()
  const reader = openSqliteReadOnly(pathOf(url))
  expect(await reader.selectFrom('settings').selectAll().where('key', '=', 'k').execute()).toHaveLength(1)
  await expect(reader.deleteFrom('settings').execute()).rejects.toThrow(/readonly/)
  await reader.destroy()
})

test('deleted rows are not left readable in the file', async () => {
  const url = address()
  const database = await open(url)
  const secret = 'the-customers-secret-words'
  await database.db.insertInto('settings').values({ key: 'k', value: secret }).execute()
  await database.db.deleteFrom('settings').where('key', '=', 'k').execute()
  await sql`pragma wal_checkpoint(truncate)`.execute(database.db)
  expect(readFileSync(pathOf(url)).includes(secret)).toBe(false)
})

test('the rows of an in-memory database have the same shape and stay apart', async () => {
  const [one, other] = [await openSqliteInMemory(), await openSqliteInMemory()]
  await one.insertInto('settings').values({ key: 'k', value: 'v' }).execute()
  expect(await other.selectFrom('settings').selectAll().execute()).toEqual([])
  await Promise.all([one.destroy(), other.destroy()])
})

test('a file that is no database is refused as what it is', async () => {
  const url = address()
  await (await open(url)).close()
  writeFileSync(pathOf(url), 'not a database at all, but long enough to be read as a header of one. '.repeat(40))
  await expect(open(url)).rejects.toThrow(/not a database/)
  expect(isSqliteOwned(pathOf(url))).toBe(false)
})
