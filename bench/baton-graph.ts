import { HumanMessage } from '@langchain/core/messages'
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite'
import { createReplyGate } from '../graphs/reply-gate.ts'
import { createLocalRouter, SURE } from '../graphs/routing/local-router.ts'
import type { SupportStateValue } from '../graphs/state.ts'
import { createSupportGraph } from '../graphs/support.ts'
import { bytesOf, type Design } from './design.ts'
import { OURS } from './report.ts'

/** Our graph alone, on the same SqliteSaver as the peers: no endpoint, no inbox, no events. */
export const batonGraph: Design = {
  name: OURS.graph,
  async open({ file, durability, specialists, conversation, model }) {
    const checkpointer = SqliteSaver.fromConnString(file)
    const graph = createSupportGraph({
      specialists,
      router: createLocalRouter({ specialists }),
      thresholds: { sure: SURE, guess: 0.4 },
      knowledge: conversation.knowledge,
      model,
      routingModel: model,
      gate: createReplyGate(),
      systems: {},
      checkpointer,
    })
    const context = { principal: { customerId: 'bench', assurance: 'anonymous' as const, channel: 'web' } }
    return {
      async turn(threadId, text) {
        const input = {
          turnId: crypto.randomUUID(),
          messages: [new HumanMessage({ id: crypto.randomUUID(), content: text })],
          trail: [],
        }
        const config = { configurable: { thread_id: threadId }, durability, context }
        const { reply } = (await graph.invoke(input, config)) as SupportStateValue
        return reply?.text ?? ''
      },
      async bytesStored() {
        checkpointer.db.pragma('wal_checkpoint(TRUNCATE)')
        return bytesOf(file)
      },
      async close() {
        checkpointer.db.close()
      },
    }
  },
}
