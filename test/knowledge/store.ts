import SqliteFile from 'better-sqlite3'
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely'
import pg from 'pg'
import { up } from '../../src/database/migrations/0002-knowledge.ts'
import { createPassageStore, type KnowledgeTables } from '../../src/database/passages.ts'

/** An empty store in an SQLite database in memory. */
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
  const { store, close } = await openStore(db)
  return {
    store,
    async close() {
      await sql`drop schema ${sql.id(schema)} cascade`.execute(db)
      await close()
    },
  }
}

async function openStore(db: Kysely<KnowledgeTables>) {
  await up(db as unknown as Kysely<unknown>)
  return { store: createPassageStore(db), close: () => db.destroy() }
}
