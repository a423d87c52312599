import { describe } from 'vitest'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { draftsContract } from './contract.ts'

describe.skipIf(!TEST_DATABASE_URL)('with a server', () => {
  draftsContract('PostgreSQL', openScratchDatabase)
})
