import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import type { Bell, Database } from './database.ts'
import { keepFirstError } from './first-error.ts'
import { createMessageSerde } from './message-serde.ts'
import { migrate } from './migrate.ts'
import { createPostgresLocks } from './postgres-locks.ts'
import { PostgresThreadSaver } from './postgres-thread-saver.ts'
import type { Tables } from './tables.ts'

const CHANNEL = 'baton_conversations'
const SETUP_LOCK = 7_236_801

/** Rows and checkpoints in one PostgreSQL database, shared by any number of processes. */
export async function openPostgres(connectionString: string, log: Log): Promise<Database> {
  const pool = new pg.Pool({
    connectionString,
    max: 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 30_000,
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => parserOf(oid, format) as never },
  })
  const report = (error: Error) => log.warn({ error: error.message }, 'PostgreSQL connection lost')
  // Without both, a connection that is cut ends the process.
  pool.on('error', report)
  pool.on('connect', (client) => client.on('error', report))

  const db = new Kysely<Tables>({ dialect: keepFirstError(new PostgresDialect({ pool })) })
  const checkpointer = new PostgresThreadSaver(pool, createMessageSerde(), 'checkpoints')
  await alone(pool, async () => {
    await migrate(db)
    await checkpointer.setup()
  })
  const locks = createPostgresLocks(connectionString, log)
  const { bell, close: closeBell } = createBell(connectionString, pool, log)
  return {
    db,
    checkpointer,
    shared: true,
    locks,
    bell,
    async close() {
      await locks.close()
      await closeBell()
      await db.destroy()
    },
  }
}

function parserOf(oid: number, format?: 'text' | 'binary') {
  if (oid === pg.types.builtins.INT8) return Number
  return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
}

/** Concurrent `setup()` of the saver fails, so processes that start together go one after the other. */
async function alone(pool: pg.Pool, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 60000')
    await client.query('select pg_advisory_lock($1)', [SETUP_LOCK])
    await work()
  } finally {
    await client.query('select pg_advisory_unlock($1)', [SETUP_LOCK]).catch(() => {})
    client.release(true)
  }
}

function createBell(connectionString: string, pool: pg.Pool, log: Log): { bell: Bell; close(): Promise<void> } {
  const self = crypto.randomUUID()
  const listeners: ((conversationId: string) => void)[] = []
  let closed = false
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined

  const connect = async () => {
    client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 })
    const again = once(() => {
      if (!closed) retry = setTimeout(() => connect().catch(again), 500)
    })
    client.on('error', again)
    client.on('end', again)
    client.on('notification', ({ payload = '' }) => {
      const [sender, conversationId = ''] = payload.split(' ')
      if (sender !== self) for (const listener of listeners) listener(conversationId)
    })
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'cannot listen for other processes yet')
      again()
    }
  }
  connect()
  return {
    bell: {
      ring(conversationId) {
        // Lost rings cost time, not messages: every process also looks at the rows now and then.
        pool.query('select pg_notify($1, $2)', [CHANNEL, `${self} ${conversationId}`]).catch(() => {})
      },
      onRing: (listener) => void listeners.push(listener),
    },
    async close() {
      closed = true
      clearTimeout(retry)
      await client?.end().catch(() => {})
    },
  }
}

function once(work: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    work()
  }
}
