import type { Kysely } from 'kysely'

const COUNTERS = ['model_calls', 'tool_calls', 'tokens'] as const

/** What turns and conversations have spent, so that a restart does not begin the count anew. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  for (const table of ['turns', 'conversations'])
    for (const column of COUNTERS)
      await schema
        .alterTable(table)
        .addColumn(column, 'bigint', (c) => c.notNull().defaultTo(0))
        .execute()
  await schema
    .alterTable('turns')
    .addColumn('spent_ms', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute()
}
