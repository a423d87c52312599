import { gapsContract } from './contract.ts'

gapsContract('SQLite', async () => undefined)
