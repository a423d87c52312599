import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { createHandoffTool, createSwarm } from '@langchain/langgraph-swarm'
import type { Design } from '../design.ts'
import { type MessagesGraph, openPeer } from './langgraph-peer.ts'
import { createSearchTool, promptOf } from './search-tool.ts'

/** `@langchain/langgraph-swarm`: every specialist may hand off to every other; the first one takes the first message. */
export const langgraphSwarm: Design = {
  name: 'langgraph-swarm',
  async open(parts) {
    const { specialists, conversation, model } = parts
    const agents = specialists.map((specialist) =>
      createReactAgent({
        llm: model,
        tools: [
          createSearchTool(conversation, specialist),
          ...specialists
            .filter((other) => other !== specialist)
            .map((other) => createHandoffTool({ agentName: other.name, description: other.description })),
        ],
        name: specialist.name,
        prompt: promptOf(specialist),
      }),
    )
    const defaultActiveAgent = conversation.turns[0]?.to ?? ''
    const workflow = createSwarm({ agents: agents as never[], defaultActiveAgent })
    return openPeer(parts, (checkpointer) => workflow.compile({ checkpointer }) as unknown as MessagesGraph)
  },
}
