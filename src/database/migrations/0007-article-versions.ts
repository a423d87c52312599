import type { Kysely } from 'kysely'

const COLUMNS = ['regions', 'plans', 'reviewed', 'review_by', 'changed_at'] as const

/** For whom an article holds, how fresh it is, and the text of the versions that replies of earlier days cited. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  for (const column of COLUMNS) await schema.alterTable('articles').addColumn(column, 'text').execute()
  await schema
    .createTable('superseded_articles')
    .addColumn('article_id', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('article', 'text', (c) => c.notNull())
    .addColumn('passages', 'text', (c) => c.notNull())
    .addColumn('changed_at', 'text')
    .addColumn('superseded_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('superseded_articles_key', ['article_id', 'version'])
    .execute()
}
