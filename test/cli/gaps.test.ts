import { expect, test } from 'vitest'
import { installation } from './baton.ts'

test('baton gaps lists what nobody could answer, beside a running server', { timeout: 90_000 }, async () => {
  const shop = installation()
  const server = await shop.serve()
  await server.ask('Is there a student discount?')
  await server.ask('student discount for me, anna@example.com')
  const { code, stdout } = await shop.run(['gaps', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ total: 1, gaps: [{ count: 2, customers: 2, specialist: 'billing' }] })
  await server.stop()
  const spoken = await shop.run(['gaps', '--since', '3'])
  expect(spoken.stdout).toMatch(/^Is there a student discount\?\n {2}2× by 2, billing, .*open/)
  expect(spoken.stdout).toContain('student discount for me, [e-mail]')
})
