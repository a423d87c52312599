/** What a new specialist begins with; every place to fill in says so. */
export function filesOfSpecialist(name: string): { path: string; text: string }[] {
  const spoken = name.replaceAll('-', ' ')
  return [
    { path: `graphs/specialists/${name}.ts`, text: specialistFile(name, spoken) },
    { path: `knowledge/articles/${name}/about-${name}.md`, text: article(name, spoken) },
    { path: `test/specialists/${name}.test.ts`, text: conversationTest(name, spoken) },
  ]
}

function specialistFile(name: string, spoken: string): string {
  return `import { defineSpecialist } from '../specialist.ts'
import { findOrders } from '../tools/orders.ts'
import { openTicket } from '../tools/tickets.ts'

export default defineSpecialist({
  name: '${name}',
  // Fill in: one sentence, for whoever decides who answers.
  description: 'Everything that customers ask about ${spoken}.',
  // Fill in: ten or more requests in customers' words. They teach the local router.
  examples: ['I have a question about ${spoken}', 'who can help me with ${spoken}'],
  knowledge: ['${name}', 'shared'],
  // Fill in: how it should answer. What holds for one tool belongs into that tool's description.
  systemPrompt: \`You help customers with ${spoken}. Answer first, then the steps in their order.\`,
  // Tools that others have can be used as they are; docs/adding-a-specialist.md shows how to write one.
  tools: (systems) => [findOrders(systems), openTicket(systems)],
})
`
}

function article(name: string, spoken: string): string {
  return `---
title: About ${spoken}
scope: ${name}
aliases: [${spoken}]
questions:
  - How does ${spoken} work?
---
Fill in: what customers should be told about ${spoken}, the most important sentence first.
`
}

function conversationTest(name: string, spoken: string): string {
  return `import { expect, test } from 'vitest'
import { createTestApp } from '../app.ts'

/** Fill in: what a customer would ask, and words that the answer must have. */
const QUESTION = 'how does ${spoken} work'
const ANSWER = 'words that only a filled-in article about ${spoken} has'

test('${name} answers its own question from its own article', async () => {
  const customer = (await createTestApp()).customer()
  const response = await customer.say(QUESTION)
  const { route, reply } = (await response.json()) as {
    route: { to: string }
    reply: { text: string; citations: { articleId: string }[] }
  }
  expect(route.to).toBe('${name}')
  expect(reply.citations.map(({ articleId }) => articleId)).toContain('${name}/about-${name}')
  expect(reply.text).toContain(ANSWER)
})
`
}
