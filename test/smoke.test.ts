import { expect, test } from 'vitest'
import { createTestApp } from './app.ts'

test('a question is answered by the right specialist with a source', async () => {
  const app = await createTestApp()
  const response = await app.customer().say('I was charged twice for my subscription this month')
  expect(response.status).toBe(200)
  const body = await response.json()
  expect(body).toMatchObject({ status: 'answered', route: { to: 'billing', by: 'local' } })
  expect(body.reply.citations.length).toBeGreaterThan(0)
})
