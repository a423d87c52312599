import { afterAll } from 'vitest'
import { systemsContract } from '../contracts/systems.ts'
import { createScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { createPostgresShops, openMemoryShop } from './shop.ts'

systemsContract('the demo shop, SQLite', openMemoryShop)
if (TEST_DATABASE_URL) {
  const shops = createPostgresShops(createScratchDatabase)
  afterAll(() => shops.drop())
  systemsContract('the demo shop, PostgreSQL', () => shops.open())
}
