import { createAgent, tool } from 'langchain'
import { z } from 'zod'
import type { Specialist } from '../../graphs/specialist.ts'
import type { Design, DesignParts } from '../design.ts'
import { type MessagesGraph, openPeer } from './langgraph-peer.ts'
import { createSearchTool, promptOf } from './search-tool.ts'

/**
 * LangChain's advice today: a main agent calls each specialist as a tool and gets back its last message.
 * @see https://docs.langchain.com/oss/javascript/langchain/multi-agent/subagents
 */
export const subAgentsAsTools: Design = {
  name: 'sub-agents as tools',
  async open(parts) {
    const tools = parts.specialists.map((specialist) => subAgentTool(parts, specialist))
    const systemPrompt =
      'You run the customer service of a shop. Call the specialist in charge and give the customer its answer.'
    return openPeer(parts, (checkpointer) => {
      return createAgent({ model: parts.model, tools, systemPrompt, checkpointer }) as unknown as MessagesGraph
    })
  },
}

function subAgentTool({ conversation, model }: DesignParts, specialist: Specialist) {
  const tools = [createSearchTool(conversation, specialist)]
  const agent = createAgent({ model, tools, systemPrompt: promptOf(specialist), name: specialist.name })
  return tool(
    async ({ query }) => {
      const { messages } = await agent.invoke({ messages: [{ role: 'user', content: query }] })
      return messages.at(-1)?.text ?? ''
    },
    {
      name: specialist.name,
      description: specialist.description,
      schema: z.object({ query: z.string().describe('The request, with everything needed to answer it.') }),
    },
  )
}
