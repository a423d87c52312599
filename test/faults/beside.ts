import SqliteFile from 'better-sqlite3'
import pg from 'pg'

/** Reads one row of whole numbers beside the servers that own the database, or after they died. */
export async function countBeside<Name extends string>(
  databaseUrl: string,
  counts: Record<Name, string>,
): Promise<Record<Name, number>> {
  const columns = Object.entries<string>(counts).map(([name, query]) => `(${query}) as "${name}"`)
  const row = await rowBeside(databaseUrl, `select ${columns.join(', ')}`)
  return Object.fromEntries(Object.entries(row).map(([name, count]) => [name, Number(count)])) as Record<Name, number>
}

/** How much still waits for something: messages, replies, and effects of which nobody knows the end. */
export async function openWork(databaseUrl: string): Promise<number> {
  const waiting = await countBeside(databaseUrl, {
    inbox: `select count(*) from inbox where status in ('new', 'running')`,
    outbox: `select count(*) from outbox where status in ('pending', 'sending')`,
    effects: `select count(*) from effects where state in ('in_flight', 'in_doubt')`,
  })
  return waiting.inbox + waiting.outbox + waiting.effects
}

async function rowBeside(databaseUrl: string, query: string): Promise<Record<string, unknown>> {
  if (databaseUrl.startsWith('file:')) {
    const file = new SqliteFile(databaseUrl.slice('file:'.length), { readonly: true })
    try {
      return file.prepare(query).get() as Record<string, unknown>
    } finally {
      file.close()
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query(query)).rows[0]
  } finally {
    await client.end()
  }
}
