import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTestApp, testConfig } from '../app.ts'
import { copyOfSpecialists } from '../specialists/copy.ts'

const WARRANTY = (define: string) => `import { defineSpecialist } from '${define}'

export default defineSpecialist({
  name: 'warranty',
  description: 'Warranty cover, claims and repairs of goods older than the return window.',
  examples: [
    'my blender died after eight months, is it under warranty',
    'is the screen covered by the warranty',
    'how do I file a warranty claim',
    'how long is the warranty on the camera',
  ],
  knowledge: ['warranty', 'shared'],
  systemPrompt: \`You handle warranty claims. Say first whether it is covered, then what to send.\`,
})
`

const ARTICLE = `---
title: Warranty claims
questions: [How do I file a warranty claim?, Is the screen covered by the warranty?]
aliases: [guarantee]
---
To file a warranty claim, send us a photo of the fault and the serial number. Screens are covered for 24 months.
`

test('a new specialist is one file: drawn, routed to and answering from its own articles', {
  timeout: 60_000,
}, async () => {
  const { folder, specialistsDir } = copyOfSpecialists()
  const articles = join(folder, 'articles')
  cpSync('knowledge/articles', articles, { recursive: true })
  // Who followed docs/adding-a-specialist.md has one already.
  rmSync(join(articles, 'warranty'), { recursive: true, force: true })
  mkdirSync(join(articles, 'warranty'))
  writeFileSync(join(articles, 'warranty/claims.md'), ARTICLE)
  writeFileSync(join(specialistsDir, 'warranty.ts'), WARRANTY('../specialist.ts'))

  const app = await createTestApp({ specialistsDir }, testConfig({ ARTICLES_DIR: articles }))
  const { nodes, edges } = await app.graph.getGraphAsync()
  expect(Object.keys(nodes)).toContain('warranty')
  expect(edges).toContainEqual(expect.objectContaining({ source: 'supervisor', target: 'warranty' }))
  expect(edges).toContainEqual(expect.objectContaining({ source: 'warranty', target: 'reply-gate' }))

  const customer = app.customer()
  const response = await customer.say('how do I file a warranty claim for my camera')
  const body = (await response.json()) as Record<string, never>
  expect(body).toMatchObject({
    status: 'answered',
    route: { to: 'warranty', by: 'local' },
    reply: { author: { kind: 'specialist', name: 'warranty' }, citations: [{ articleId: 'warranty/claims' }] },
  })
  const others = await app.customer().say('I was charged twice for my subscription this month')
  expect(await others.json()).toMatchObject({ route: { to: 'billing' } })
})
