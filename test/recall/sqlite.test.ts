import { recallContract } from './contract.ts'

recallContract('SQLite', async () => undefined)
