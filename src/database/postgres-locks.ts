import pg from 'pg'
import type { Log } from '../log.ts'
import type { ConversationLocks } from './database.ts'

/**
 * Session advisory locks on one dedicated connection: they end with the connection, so a dead process holds nothing.
 * Not through a transaction-pooling proxy. Losing the connection aborts `lost` of every lock it carried.
 */
export function createPostgresLocks(
  connectionString: string,
  log: Log,
): ConversationLocks & { close(): Promise<void> } {
  let session: Promise<Session> | undefined

  const open = async (): Promise<Session> => {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, keepAlive: true })
    const opened: Session = { client, held: new Map() }
    const drop = () => {
      if (session === current) session = undefined
      for (const lock of opened.held.values()) lock.abort(new Error('the lock’s connection was lost'))
      opened.held.clear()
    }
    client.on('error', (error) => {
      log.warn({ error: error.message }, 'the connection that holds the conversation locks was lost')
      drop()
    })
    client.on('end', drop)
    const current = session
    await client.connect()
    return opened
  }

  return {
    async acquire(conversationId) {
      if (!session) {
        session = open()
        session.catch(() => {
          session = undefined
        })
      }
      const { client, held } = await session
      // The same session may take an advisory lock twice; the queue in the process must never ask for that.
      if (held.has(conversationId)) return null
      const { rows } = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [
        conversationId,
      ])
      if (!rows[0].taken) return null
      const lost = new AbortController()
      held.set(conversationId, lost)
      return {
        lost: lost.signal,
        async release() {
          if (!held.delete(conversationId)) return
          await client
            .query('select pg_advisory_unlock(hashtextextended($1, 0))', [conversationId])
            .catch((error: Error) => log.warn({ error: error.message }, 'could not release a conversation'))
        },
      }
    },
    async close() {
      const open = await session?.catch(() => undefined)
      await open?.client.end().catch(() => {})
    },
  }
}

interface Session {
  client: pg.Client
  held: Map<string, AbortController>
}
