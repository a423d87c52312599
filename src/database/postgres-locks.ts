import pg from 'pg'
import type { Log } from '../log.ts'
import type { ConversationLocks } from './database.ts'

/** Longer than a healthy server ever takes for a lock; what takes longer is a connection that is dead. */
const QUERY_MS = 15_000

/**
 * Session advisory locks on one dedicated connection: they end with the connection, so a dead process holds nothing.
 * Not through a transaction-pooling proxy. Losing the connection aborts `lost` of every lock it carried; the next
 * `acquire` opens another.
 */
export function createPostgresLocks(
  connectionString: string,
  log: Log,
): ConversationLocks & { close(): Promise<void> } {
  let session: Session | undefined

  function openSession(): Session {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: 5_000,
      query_timeout: QUERY_MS,
      keepAlive: true,
    })
    const held: Session['held'] = new Map()
    const drop = () => {
      if (session === opened) session = undefined
      for (const lock of held.values()) lock.abort(new Error('the lock’s connection was lost'))
      held.clear()
      client.end().catch(() => {})
    }
    client.on('error', (error) => {
      log.warn({ error: error.message }, 'the connection that holds the conversation locks was lost')
      drop()
    })
    client.on('end', drop)
    const opened: Session = { client, held, drop, connected: client.connect() }
    opened.connected.catch(drop)
    return opened
  }

  return {
    async acquire(conversationId) {
      session ??= openSession()
      const { client, held, drop, connected } = session
      await connected
      // The same session may take an advisory lock twice, so who asks second is answered here.
      if (held.has(conversationId)) return null
      const lost = new AbortController()
      held.set(conversationId, lost)
      try {
        const { rows } = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as taken', [
          conversationId,
        ])
        if (!rows[0].taken || lost.signal.aborted) {
          held.delete(conversationId)
          return null
        }
      } catch (error) {
        // Whether the server gave the lock is unknown: only the end of the session takes it back.
        drop()
        throw error
      }
      return {
        lost: lost.signal,
        async release() {
          if (held.get(conversationId) !== lost) return
          held.delete(conversationId)
          await client
            .query('select pg_advisory_unlock(hashtextextended($1, 0))', [conversationId])
            .catch((error: Error) => {
              log.warn({ error: error.message }, 'could not release a conversation')
              drop()
            })
        },
      }
    },
    async close() {
      await session?.connected.catch(() => {})
      await session?.client.end().catch(() => {})
    },
  }
}

interface Session {
  client: pg.Client
  connected: Promise<unknown>
  /** Taken, or being asked for. */
  held: Map<string, AbortController>
  drop(): void
}
