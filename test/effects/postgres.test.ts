import { describe } from 'vitest'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { approvalRounds } from './approval-rounds.ts'
import { ledgerContract, limitsContract } from './contract.ts'

describe.skipIf(!TEST_DATABASE_URL)('with a server', () => {
  ledgerContract('PostgreSQL', openScratchDatabase)
  limitsContract('PostgreSQL', 3, openScratchDatabase)
  approvalRounds('PostgreSQL', openScratchDatabase)
})
