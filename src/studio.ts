import { loadSpecialists } from '../graphs/specialists.ts'
import { createSupportGraph } from '../graphs/support.ts'
import { createSupport } from './app.ts'
import { loadConfig } from './config.ts'
import { openSqliteInMemory } from './database/sqlite.ts'
import { createLog } from './log.ts'

const config = loadConfig()
const log = createLog(config.logLevel)
// Articles in memory: Studio must not contend with a server that owns the database's file.
const { parts, ingestPaths } = createSupport(config, {
  db: await openSqliteInMemory(),
  log,
  specialists: await loadSpecialists(),
})
const { problems } = await ingestPaths([config.articlesDir])
for (const { source, problem } of problems) log.warn({ source }, problem)

/** The graph for LangGraph's server, which brings threads of its own and says nothing of who the customer is. */
export const graph = createSupportGraph({
  ...parts,
  visitor: { customerId: 'studio', assurance: 'verified', channel: 'studio' },
})
