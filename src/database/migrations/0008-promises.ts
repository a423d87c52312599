import type { Kysely } from 'kysely'

/** What people told customers they would do, and whether they did. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('promises')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('conversation_id', 'text', (c) => c.notNull().references('conversations.id'))
    .addColumn('turn_id', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('made_at', 'bigint', (c) => c.notNull())
    .addColumn('due_at', 'bigint', (c) => c.notNull())
    .addColumn('settled_at', 'bigint')
    .addColumn('settled_by', 'text')
    .addColumn('note', 'text')
    .execute()
  await db.schema.createIndex('promises_by_status').on('promises').columns(['status', 'due_at']).execute()
  await db.schema
    .createIndex('promises_by_conversation')
    .on('promises')
    .columns(['conversation_id', 'status'])
    .execute()
}
