import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import type { Kysely } from 'kysely'
import type { Log } from '../log.ts'
import type { Tables } from './tables.ts'

/** Which conversations this process may write to, one turn at a time. */
export interface ConversationLocks {
  /**
   * Takes the conversation for this process, or answers null when another process has it.
   * `lost` aborts when the lock is gone, for example because its connection was cut.
   */
  acquire(conversationId: string): Promise<{ lost: AbortSignal; release(): Promise<void> } | null>
}

/** Tells the other processes on the same database that a conversation has something new. */
export interface Bell {
  ring(conversationId: string): void
  /** Called for rings of other processes only. */
  onRing(listener: (conversationId: string) => void): void
}

/** An open database: rows, checkpoints and what keeps processes apart. */
export interface Database {
  db: Kysely<Tables>
  checkpointer: BaseCheckpointSaver
  locks: ConversationLocks
  bell: Bell
  /** True where other processes may own the same rows. */
  shared: boolean
  close(): Promise<void>
}

/**
 * Opens and migrates the database that `url` names: `file:PATH` (SQLite, owned by this process) or `postgres://…`.
 * @throws {DatabaseOwnedError} when another process owns the SQLite file
 */
export async function openDatabase(url: string, log: Log): Promise<Database> {
  if (url.startsWith('file:')) return (await import('./sqlite.ts')).openSqlite(url.slice('file:'.length))
  return (await import('./postgres.ts')).openPostgres(url, log)
}
