import type { Kysely } from 'kysely'

/** What changed since a revision is asked often, and answered from the index alone: the rows are long. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('articles_by_revision')
    .on('articles')
    .columns(['revision', 'id', 'content_hash', 'removed'])
    .execute()
}
