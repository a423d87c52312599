import { tool } from '@langchain/core/tools'
import { z } from 'zod'
import type { Specialist } from '../../graphs/specialist.ts'
import type { Conversation } from '../conversation.ts'
import { SEARCH_TOOL } from '../scripted-model.ts'

/** The knowledge search as the tool of one specialist: the peers' documented way to ground an answer. */
export function createSearchTool(conversation: Conversation, specialist: Specialist) {
  return tool(
    async ({ query }) => {
      const passages = await conversation.knowledge.search(query, { scopes: specialist.knowledge })
      return passages
        .map((passage) => `${[passage.title, ...passage.headings].join(' › ')}\n${passage.text}`)
        .join('\n\n')
    },
    {
      name: SEARCH_TOOL,
      description: 'Searches the help articles and returns the passages that fit best.',
      schema: z.object({ query: z.string().describe('What the customer wants to know.') }),
    },
  )
}

/** What a peer's specialist is told: our specialist's own words and one line about the tool. */
export function promptOf(specialist: Specialist): string {
  return `${specialist.systemPrompt}\nSearch the help articles before you answer, and say only what they support.`
}
