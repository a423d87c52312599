import type { Effects } from '../graphs/effects.ts'
import { loadSpecialists } from '../graphs/specialists.ts'
import { createSupportGraph } from '../graphs/support.ts'
import { createSupport } from './app.ts'
import { systemClock } from './clock.ts'
import { loadConfig } from './config.ts'
import { createInbox, openConversation } from './conversations/inbox.ts'
import { openSqliteInMemory } from './database/sqlite.ts'
import { createLog } from './log.ts'
import { DEMO_CUSTOMERS } from './systems/demo-shop/demo-customers.ts'
import { createDemoShop } from './systems/demo-shop/demo-shop.ts'
import { seedIfEmpty } from './systems/demo-shop/seed.ts'

const config = loadConfig()
const log = createLog(config.logLevel)
// In memory: Studio must not contend with a server that owns the database's file, nor act on anybody's real systems.
const db = await openSqliteInMemory()
await seedIfEmpty(db, systemClock)
const { parts, ingestPaths } = await createSupport(config, {
  db,
  log,
  inbox: createInbox({ db, clock: systemClock, limits: config.inbox }),
  // There are no turns here that could be begun for what people decide.
  onInbox: () => {},
  specialists: await loadSpecialists(),
  overrides: { systems: createDemoShop({ db, clock: systemClock }) },
})
const { problems } = await ingestPaths([config.articlesDir])
for (const { source, problem } of problems) log.warn({ source }, problem)

/** Threads begin here without a message that was received: the ledger's rows need the conversation that they are of. */
const effects: Effects = {
  ...parts.effects,
  async plan(request) {
    const { conversationId: id, principal } = request
    const known = await db.selectFrom('conversations').select('id').where('id', '=', id).executeTakeFirst()
    if (!known) await openConversation(db, id, principal, systemClock.now())
    return parts.effects.plan(request)
  },
}

/** The graph for LangGraph's server, which brings threads of its own and says nothing of who the customer is. */
export const graph = createSupportGraph({
  ...parts,
  effects,
  visitor: { customerId: DEMO_CUSTOMERS[0]?.id ?? 'studio', assurance: 'verified', channel: 'studio' },
})
