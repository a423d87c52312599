import SqliteFile from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { installation } from './baton.ts'

/** Changes a row beside the server, as a customer's doing would have. */
function stockOf(url: string | undefined, set?: number): unknown {
  const file = new SqliteFile((url ?? '').slice('file:'.length))
  try {
    if (set !== undefined) file.prepare("update shop_variants set stock = ? where sku = 'TENT2'").run(set)
    return file.prepare("select stock from shop_variants where sku = 'TENT2'").pluck().get()
  } finally {
    file.close()
  }
}

describe('baton demo reseed', { timeout: 60_000 }, () => {
  test('fills the shop, and fills it anew', async () => {
    const shop = installation()
    const { code, stdout, stderr } = await shop.run(['demo', 'reseed'])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '226 customers, 1108 orders\n', stderr: '' })
    expect(stockOf(shop.env.DATABASE_URL, 1)).toBe(1)
    const again = await shop.run(['demo', 'reseed', '--json'])
    expect(JSON.parse(again.stdout)).toEqual({ customers: 226, orders: 1108 })
    expect(stockOf(shop.env.DATABASE_URL)).toBe(40)
  })

  test('goes through the server that owns the file', async () => {
    const shop = installation()
    const server = await shop.serve()
    expect(stockOf(shop.env.DATABASE_URL, 1)).toBe(1)
    expect(await shop.run(['demo', 'reseed'])).toMatchObject({ code: 0, stdout: '226 customers, 1108 orders\n' })
    expect(stockOf(shop.env.DATABASE_URL)).toBe(40)
    await server.stop()
  })

  test('has nothing to fill where other systems are named', async () => {
    const shop = installation({ SHOP_URL: 'http://127.0.0.1:9/v1', SHOP_TOKEN: 'token' })
    const { code, stdout, stderr } = await shop.run(['demo', 'reseed'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe('SHOP_URL names other systems: there is no demo shop.\n')
  })

  test('a shop’s address without its token stops the start', async () => {
    const { code, stderr } = await installation({ SHOP_URL: 'http://127.0.0.1:9/v1' }).run(['demo', 'reseed'])
    expect(code).toBe(1)
    expect(stderr).toContain('SHOP_TOKEN: needed with SHOP_URL')
  })
})
