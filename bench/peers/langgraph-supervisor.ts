import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { createSupervisor, type OutputMode } from '@langchain/langgraph-supervisor'
import type { Design } from '../design.ts'
import { type MessagesGraph, openPeer } from './langgraph-peer.ts'
import { createSearchTool, promptOf } from './search-tool.ts'

/** `@langchain/langgraph-supervisor` with `createReactAgent` workers, wired as its README does. */
export function langgraphSupervisor(outputMode: OutputMode): Design {
  return {
    name: outputMode === 'last_message' ? 'langgraph-supervisor' : 'langgraph-supervisor, full history',
    async open(parts) {
      const { specialists, conversation, model } = parts
      const agents = specialists.map((specialist) =>
        createReactAgent({
          llm: model,
          tools: [createSearchTool(conversation, specialist)],
          name: specialist.name,
          description: specialist.description,
          prompt: promptOf(specialist),
        }),
      )
      const workflow = createSupervisor({
        agents,
        llm: model,
        prompt: 'You supervise the customer-service team of a shop. Hand each request to the specialist in charge.',
        outputMode,
      })
      return openPeer(parts, (checkpointer) => workflow.compile({ checkpointer }) as unknown as MessagesGraph)
    },
  }
}
