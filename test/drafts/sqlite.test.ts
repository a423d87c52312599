import { draftsContract } from './contract.ts'

draftsContract('SQLite', async () => undefined)
