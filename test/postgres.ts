import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { onTestFinished } from 'vitest'

/** The PostgreSQL server that tests may use; undefined where there is none, and the tests that need it are skipped. */
export const TEST_DATABASE_URL = process.env.TEST_DATABASE_URL

/** A fresh, empty database on the server that TEST_DATABASE_URL names; dropped when the test ends. */
export async function openScratchDatabase(): Promise<string> {
  const { url, drop } = await createScratchDatabase()
  onTestFinished(drop)
  return url
}

/** The same outside of a test: whoever creates it drops it. */
export async function createScratchDatabase(
  server: string | undefined = TEST_DATABASE_URL,
): Promise<{ url: string; drop(): Promise<void> }> {
  if (!server) throw new Error('TEST_DATABASE_URL names no PostgreSQL server')
  const name = `baton_test_${randomUUID().replaceAll('-', '')}`
  await query(server, `create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => query(server, `drop database if exists ${name} with (force)`) }
}

/**
 * Cuts every connection to a database whose last statement is like `lastStatement`, and those that sit in a transaction.
 * @returns how many
 */
export async function cutConnections(url: string, lastStatement = '%'): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()
         and (query like $1 or state = 'idle in transaction')`,
      [lastStatement],
    )
    return rowCount ?? 0
  } finally {
    await client.end()
  }
}

async function query(connectionString: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
