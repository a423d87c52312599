const SQLITE = /^SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN)/
/** PostgreSQL's classes for lost connections, exhausted resources, shutdown and conflicts, and the network's own. */
const POSTGRES = /^(08|53|57P0|55P03|40001|40P01|57014)/
const NETWORK = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND'])

/** True for errors after which the same statement may work later: the database is full, busy, read-only or away. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (typeof code === 'string' && (SQLITE.test(code) || POSTGRES.test(code) || NETWORK.has(code))) return true
  return (
    typeof message === 'string' &&
    /connection (terminated|timeout|timed out)|timeout exceeded when trying to connect|is not queryable/i.test(message)
  )
}
