import { expect, onTestFinished, test } from 'vitest'
import { Refusal } from '../../graphs/systems.ts'
import { createHttpSystems } from '../../src/systems/http/http-systems.ts'
import { systemsContract } from '../contracts/systems.ts'
import { serveSystems, TOKEN } from './served-shop.ts'
import { openMemoryShop } from './shop.ts'

const baseUrl = 'https://shop.example/v1/'

systemsContract('HTTP', async () => {
  const shop = await openMemoryShop()
  const server = serveSystems(shop.systems)
  const fetch = async (input: string | URL | Request, init?: RequestInit) => server.request(String(input), init)
  return { ...shop, systems: createHttpSystems({ baseUrl, token: TOKEN, fetch }) }
})

const answering = (answer: () => Response | Promise<Response>) => {
  const asked: { url: string; init: RequestInit }[] = []
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    asked.push({ url: String(input), init })
    return answer()
  }
  return { asked, systems: createHttpSystems({ baseUrl, token: TOKEN, fetch }) }
}
const refund = { chargeId: 'ch_1', amount: { minor: 100, currency: 'EUR' }, reason: 'r', key: 'k' }
const no = { error: { code: 'billing.not_paid', message: 'It was not paid.' } }

test('a no with a reason is a refusal with that reason', async () => {
  for (const status of [404, 409, 422]) {
    const { systems } = answering(() => Response.json(no, { status }))
    const refused = systems.billing.refund('cus_1', refund)
    await expect(refused).rejects.toBeInstanceOf(Refusal)
    await expect(refused).rejects.toMatchObject(no.error)
  }
})

test.each([
  ['a failure', () => Response.json(no, { status: 500 })],
  ['a refused token', () => Response.json(no, { status: 401 })],
  ['too many requests', () => Response.json(no, { status: 429 })],
  ['a no without a reason', () => new Response('no', { status: 409 })],
  ['a proxy’s 404', () => new Response('<h1>Not found</h1>', { status: 404 })],
  ['a redirect', () => new Response(null, { status: 307, headers: { Location: 'https://elsewhere.example/' } })],
  ['a page', () => new Response('<h1>Welcome</h1>')],
  ['another shape', () => Response.json({ id: 're_1', amount: { minor: '100', currency: 'EUR' } })],
  ['nothing', () => new Response(null, { status: 204 })],
  ['a cut connection', () => Promise.reject(new TypeError('fetch failed'))],
])('%s leaves open whether it was done', async (_, answer) => {
  const { systems } = answering(answer)
  for (const asked of [systems.billing.refund('cus_1', refund), systems.billing.settled('k')]) {
    const error = await asked.catch((thrown: Error) => thrown)
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(Refusal)
    expect(String(error)).not.toMatch(/cus_1|ch_1|token-of/)
  }
})

test('an answer that does not come in time leaves it open too', async () => {
  const systems = createHttpSystems({
    baseUrl,
    token: TOKEN,
    timeoutMs: 20,
    fetch: (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
  })
  const error = await systems.billing.refund('cus_1', refund).catch((thrown: Error) => thrown)
  expect(error).toMatchObject({ name: 'TimeoutError' })
})

test('an answer without an end is not read to its end, and leaves it open', async () => {
  let sent = 0
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(stream) {
          sent += 100_000
          stream.enqueue(new Uint8Array(100_000).fill(32))
        },
      }),
    )
  const { systems } = answering(endless)
  const error = await systems.billing.refund('cus_1', refund).catch((thrown: Error) => thrown)
  expect(error).not.toBeInstanceOf(Refusal)
  expect(String(error)).toContain('more than')
  expect(sent).toBeLessThan(5_000_000)
})

test('a key that came to something else is nothing here', async () => {
  const { systems } = answering(() => Response.json({ kind: 'ticket', result: {} }))
  expect(await systems.billing.settled('k')).toBeNull()
  const { systems: odd } = answering(() => Response.json({ kind: 'constructor', result: {} }))
  expect(await odd.billing.settled('k')).toBeNull()
})

test('ids stay where they belong in the path', async () => {
  const { systems, asked } = answering(() => new Response(null, { status: 404 }))
  await systems.orders.find('cus/1', '../../cus_2?x=1#y')
  expect(asked.map(({ url }) => url)).toEqual([
    'https://shop.example/v1/customers/cus%2F1/orders/..%2F..%2Fcus_2%3Fx%3D1%23y',
  ])
  for (const id of ['..', '.', '']) {
    expect(await systems.orders.find('cus_1', id)).toBeNull()
    expect(await systems.billing.charges(id, 5)).toEqual([])
    await expect(systems.orders.cancel('cus_1', id, 'k')).rejects.toBeInstanceOf(Refusal)
  }
  expect(asked).toHaveLength(1)
})

test('a list is no longer than was asked for', async () => {
  const outage = { service: 's', region: 'r', since: '2026-11-18T12:00:00Z', note: 'n' }
  const { systems } = answering(() => Response.json([outage, outage]))
  expect(await systems.devices.outages()).toHaveLength(2)
  const invoice = {
    number: 'LF-1',
    issuedOn: '2026-11-18',
    total: { minor: 1, currency: 'EUR' },
    status: 'paid',
    url: 'https://shop.example/1',
    chargeId: null,
  }
  const { systems: generous } = answering(() => Response.json([invoice, invoice, invoice]))
  expect(await generous.billing.invoices('cus_1', 2)).toHaveLength(2)
})

test('against a real server a redirect is not followed and the key is sent', async () => {
  const { serve } = await import('@hono/node-server')
  const { Hono } = await import('hono')
  const seen: string[] = []
  const app = new Hono()
    .post('/v1/customers/:id/refunds', (c) => {
      seen.push(`${c.req.header('idempotency-key')} ${c.req.header('authorization')}`)
      return c.redirect('/elsewhere', 308)
    })
    .all('/elsewhere', (c) => {
      seen.push('followed')
      return c.json({})
    })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const systems = createHttpSystems({ baseUrl: `http://127.0.0.1:${port}/v1`, token: TOKEN })
  await expect(systems.billing.refund('cus_1', refund)).rejects.toThrow('308')
  expect(seen).toEqual([`k Bearer ${TOKEN}`])
})
