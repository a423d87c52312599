import { HumanMessage } from '@langchain/core/messages'
import SqliteFile from 'better-sqlite3'
import type { Principal } from '../graphs/context.ts'
import { createReplyGate } from '../graphs/reply-gate.ts'
import { createLocalRouter, SURE } from '../graphs/routing/local-router.ts'
import type { SupportStateValue } from '../graphs/state.ts'
import { createSupportGraph } from '../graphs/support.ts'
import type { Systems } from '../graphs/systems.ts'
import { createMessageSerde } from '../src/database/message-serde.ts'
import { SqliteThreadSaver } from '../src/database/sqlite-thread-saver.ts'
import { bytesOf, type Design } from './design.ts'
import { OURS } from './report.ts'

const never = async (): Promise<never> => {
  throw new Error('bench: no design has a tool here')
}
const free = async () => {}
const WITHOUT_TOOLS = {
  systems: {} as Systems,
  effects: { plan: never, perform: never, cancel: never },
  identity: { current: async (principal: Principal) => principal, sendCode: never, checkCode: never },
  budgets: { modelCall: free, modelAnswered: free, toolCall: free },
  now: () => new Date(),
  isOutage: () => false,
}

/**
 * Our graph alone on its own saver, at the peers' durability: no endpoint, no inbox, no events, and a commit that
 * does not wait for the disk, as with the stock saver.
 */
export const batonGraph: Design = {
  name: OURS.graph,
  async open({ file, durability, specialists, conversation, model }) {
    const database = new SqliteFile(file)
    const checkpointer = new SqliteThreadSaver(database, createMessageSerde())
    database.pragma('synchronous = NORMAL')
    const graph = createSupportGraph({
      specialists,
      router: createLocalRouter({ specialists }),
      thresholds: { sure: SURE, guess: 0.4 },
      knowledge: conversation.knowledge,
      model,
      routingModel: model,
      gate: createReplyGate(),
      ...WITHOUT_TOOLS,
      checkpointer,
    })
    const context = { principal: { customerId: 'bench', assurance: 'anonymous' as const, channel: 'web' } }
    return {
      async turn(threadId, text) {
        const input = {
          turnId: crypto.randomUUID(),
          messages: [new HumanMessage({ id: crypto.randomUUID(), content: text })],
          route: null,
          reply: null,
          trail: [],
        }
        const config = { configurable: { thread_id: threadId }, durability, context }
        const { reply } = (await graph.invoke(input, config)) as SupportStateValue
        return reply?.text ?? ''
      },
      async bytesStored() {
        database.pragma('wal_checkpoint(TRUNCATE)')
        return bytesOf(file)
      },
      async close() {
        database.close()
      },
    }
  },
}
