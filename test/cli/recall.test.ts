import { describe, expect, test } from 'vitest'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { article, installation } from './baton.ts'

const limit = { timeout: 90_000 }

async function tellAndChange(shop: ReturnType<typeof installation>) {
  const server = await shop.serve()
  const told = await server.ask('Where is my invoice? I need every invoice.')
  expect(told.reply?.citations).toMatchObject([{ articleId: 'billing/lost-invoice', version: 1 }])
  article(
    shop.articles,
    'billing/lost-invoice',
    'Lost invoice',
    'Every invoice is sent by e-mail, and kept for two years.',
  )
  expect((await shop.run(['ingest', shop.articles])).code).toBe(0)
  return { server, told }
}

describe('baton recall', limit, () => {
  test('beside a running server, and after it, lists who was told the old text', async () => {
    const shop = installation()
    const { server, told } = await tellAndChange(shop)
    const beside = await shop.run(['recall', 'billing/lost-invoice', '--json'])
    expect(beside).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(beside.stdout)).toMatchObject({
      version: 2,
      total: 1,
      conversations: [{ conversationId: told.conversationId, told: [{ version: 1, reply: told.reply?.text }] }],
    })
    await server.stop()
    const after = await shop.run(['recall', 'billing/lost-invoice', '--since', '3'])
    expect(after.stdout).toContain('Every invoice is under Account, for ten years.')
    const unknown = await shop.run(['recall', 'billing/nothing'])
    expect(unknown).toEqual({ code: 1, stdout: '', stderr: 'There is no article billing/nothing.\n' })
  })

  test.skipIf(!TEST_DATABASE_URL)('reads PostgreSQL beside a running server', async () => {
    const shop = installation({ DATABASE_URL: TEST_DATABASE_URL ? await openScratchDatabase() : '' })
    await tellAndChange(shop)
    const { code, stdout } = await shop.run(['recall', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout).recalls).toMatchObject([{ articleId: 'billing/lost-invoice', conversations: 1 }])
  })
})
