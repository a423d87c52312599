import type { BaseMessage } from '@langchain/core/messages'
import { HumanMessage } from '@langchain/core/messages'
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite'
import { bytesOf, type DesignParts, type OpenDesign } from '../design.ts'

/** A compiled graph whose state has the usual `messages`. */
export interface MessagesGraph {
  invoke(
    input: { messages: BaseMessage[] },
    config: { configurable: { thread_id: string }; durability: DesignParts['durability'] },
  ): Promise<{ messages: BaseMessage[] }>
}

/** Opens a peer as its README does: one invocation a message, checkpoints by the official SqliteSaver as it comes. */
export function openPeer(parts: DesignParts, compile: (checkpointer: SqliteSaver) => MessagesGraph): OpenDesign {
  const checkpointer = SqliteSaver.fromConnString(parts.file)
  const graph = compile(checkpointer)
  return {
    async turn(threadId, text) {
      const config = { configurable: { thread_id: threadId }, durability: parts.durability }
      const { messages } = await graph.invoke({ messages: [new HumanMessage(text)] }, config)
      return messages.at(-1)?.text ?? ''
    },
    async bytesStored() {
      checkpointer.db.pragma('wal_checkpoint(TRUNCATE)')
      return bytesOf(parts.file)
    },
    async close() {
      checkpointer.db.close()
    },
  }
}
