import { createDeskReader } from '../app.ts'
import type { Config } from '../config.ts'
import { catchUpWithLogs } from '../conversations/catch-up.ts'
import { openDatabase } from '../database/database.ts'
import { isSqliteOwned, openSqliteReadOnly } from '../database/sqlite.ts'
import { createLog } from '../log.ts'

/** What the desk can look up, for a command. Beside the process that owns a SQLite file it only reads. */
export async function openDeskReader(config: Config) {
  const log = createLog('warn')
  const path = config.databaseUrl.replace(/^file:/, '')
  if (config.databaseUrl.startsWith('file:') && isSqliteOwned(path)) {
    const db = openSqliteReadOnly(path)
    return { ...createDeskReader(config, { db, log }), close: () => db.destroy() }
  }
  const database = await openDatabase(config.databaseUrl, log)
  await catchUpWithLogs(database.db)
  return { ...createDeskReader(config, { db: database.db, log }), close: () => database.close() }
}
