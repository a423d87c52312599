import { type Kysely, type Migration, Migrator } from 'kysely'
import * as conversations from './migrations/0001-conversations.ts'
import * as knowledge from './migrations/0002-knowledge.ts'
import * as demoShop from './migrations/0003-demo-shop.ts'
import * as effects from './migrations/0004-effects.ts'
import * as identity from './migrations/0005-identity.ts'
import * as budgets from './migrations/0006-budgets.ts'
import * as articleVersions from './migrations/0007-article-versions.ts'
import * as promises from './migrations/0008-promises.ts'
import * as recallAndGaps from './migrations/0009-recall-and-gaps.ts'
import * as articlesByRevision from './migrations/0010-articles-by-revision.ts'
import type { Tables } from './tables.ts'

const migrations: Record<string, Migration> = {
  '0001-conversations': conversations,
  '0002-knowledge': knowledge,
  '0003-demo-shop': demoShop,
  '0004-effects': effects,
  '0005-identity': identity,
  '0006-budgets': budgets,
  '0007-article-versions': articleVersions,
  '0008-promises': promises,
  '0009-recall-and-gaps': recallAndGaps,
  '0010-articles-by-revision': articlesByRevision,
}

/** Brings the tables to this release's shape. Safe to run from several processes at once. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest()
  if (error) throw error
}
