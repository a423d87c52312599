import SqliteFile from 'better-sqlite3'
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import * as knowledge from '../../src/database/migrations/0002-knowledge.ts'
import * as articleVersions from '../../src/database/migrations/0007-article-versions.ts'
import * as articlesByRevision from '../../src/database/migrations/0010-articles-by-revision.ts'
import { createPassageStore, type KnowledgeTables } from '../../src/database/passages.ts'

/** An empty store in an SQLite database in memory; its clock stands still until it is set. */
export async function openSqliteStore() {
  return openStore(
    new Kysely<KnowledgeTables>({ dialect: new SqliteDialect({ database: new SqliteFile(':memory:') }) }),
  )
}

/** An empty store in a schema of its own of a PostgreSQL database; the schema goes when it is closed. */
export async function openPostgresStore(connectionString: string) {
  const schema = `knowledge_${crypto.randomUUID().replaceAll('-', '')}`
  const pool = new pg.Pool({ connectionString, options: `-c search_path=${schema}`, max: 4 })
  const db = new Kysely<KnowledgeTables>({ dialect: new PostgresDialect({ pool }) })
  await sql`create schema ${sql.id(schema)}`.execute(db)
  const { store, clock, close } = await openStore(db)
  return {
    store,
    clock,
    async close() {
      await sql`drop schema ${sql.id(schema)} cascade`.execute(db)
      await close()
    },
  }
}

async function openStore(db: Kysely<KnowledgeTables>) {
  await knowledge.up(db as unknown as Kysely<unknown>)
  await articleVersions.up(db as unknown as Kysely<unknown>)
  await articlesByRevision.up(db as unknown as Kysely<unknown>)
  const clock = { now: '2026-01-01T12:00:00.000Z' }
  const store = createPassageStore(db, () => new Date(clock.now))
  return { store, clock, close: () => db.destroy() }
}
