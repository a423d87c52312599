import { join } from 'node:path'
import { scratch } from '../app.ts'
import { approvalRounds } from './approval-rounds.ts'
import { ledgerContract, limitsContract } from './contract.ts'

const create = async () => `file:${join(scratch(), 'baton.db')}`

ledgerContract('SQLite', create)
limitsContract('SQLite', 1, create)
approvalRounds('SQLite', create)
