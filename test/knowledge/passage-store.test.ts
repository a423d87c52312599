import { passageStoreContract } from '../contracts/passage-store.ts'
import { openPostgresStore, openSqliteStore } from './store.ts'

passageStoreContract('SQLite', openSqliteStore)

const url = process.env.TEST_DATABASE_URL
if (url) passageStoreContract('PostgreSQL', () => openPostgresStore(url))
