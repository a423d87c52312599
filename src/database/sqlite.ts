import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { AppError } from '../errors.ts'
import type { Database } from './database.ts'
import { keepFirstError } from './first-error.ts'
import { createMessageSerde } from './message-serde.ts'
import { migrate } from './migrate.ts'
import { SqliteThreadSaver } from './sqlite-thread-saver.ts'
import type { Tables } from './tables.ts'

/**
 * Rows in `path`, checkpoints in a second file beside it (one handle or two handles on one file lose or lock),
 * both write-ahead logged and synced at every commit. A third file holds the lock that makes this process the owner;
 * the operating system drops it when the process dies, however it dies.
 */
export async function openSqlite(path: string): Promise<Database> {
  mkdirSync(dirname(path), { recursive: true })
  const owner = takeOwnership(path)
  try {
    return await openOwned(path, owner)
  } catch (error) {
    owner.close()
    throw error
  }
}

async function openOwned(path: string, owner: SqliteFile.Database): Promise<Database> {
  const rows = openFile(path)
  const checkpoints = openFile(checkpointsPath(path))
  const db = new Kysely<Tables>({ dialect: keepFirstError(new SqliteDialect({ database: rows })) })
  const checkpointer = new SqliteThreadSaver(checkpoints, createMessageSerde())
  await migrate(db)
  return {
    db,
    checkpointer,
    shared: false,
    // A signal each: one for all would collect the listeners of every turn that runs.
    locks: { acquire: async () => ({ lost: new AbortController().signal, release: async () => {} }) },
    bell: { ring: () => {}, onRing: () => {} },
    async close() {
      await db.destroy()
      checkpoints.close()
      owner.close()
    },
  }
}

/** Rows of this process alone, in memory and gone with it. */
export async function openSqliteInMemory(): Promise<Kysely<Tables>> {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new SqliteFile(':memory:') }) })
  await migrate(db)
  return db
}

/** Opens the rows for reading beside the process that owns them. The file must exist. */
export function openSqliteReadOnly(path: string): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: new SqliteFile(path, { readonly: true }) }) })
}

/** True while some process owns the file. */
export function isSqliteOwned(path: string): boolean {
  try {
    takeOwnership(path).close()
    return false
  } catch (error) {
    if (error instanceof AppError) return true
    throw error
  }
}

function takeOwnership(path: string): SqliteFile.Database {
  mkdirSync(dirname(path), { recursive: true })
  const owner = new SqliteFile(`${path}.owner`, { timeout: 0 })
  try {
    owner.exec('BEGIN EXCLUSIVE')
    return owner
  } catch (error) {
    owner.close()
    if (error instanceof SqliteFile.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new AppError('database.owned', 503, `Another Baton process owns ${path}. Stop it, or use PostgreSQL.`)
    throw error
  }
}

function checkpointsPath(path: string): string {
  return path.replace(/(\.db)?$/, '.checkpoints.db')
}

function openFile(path: string): SqliteFile.Database {
  const file = new SqliteFile(path, { timeout: 5_000 })
  file.pragma('journal_mode = WAL')
  file.pragma('synchronous = FULL')
  file.pragma('foreign_keys = ON')
  // Deleted rows must not stay readable in the file.
  file.pragma('secure_delete = ON')
  return file
}
