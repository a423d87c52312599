import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { Refusal, type Systems } from '../../graphs/systems.ts'

export const TOKEN = 'token-of-the-shop'

/** Serves business systems in the shape of docs/systems.md, under `/v1`. */
export function serveSystems({ customers, orders, billing, returns, devices, tickets }: Systems): Hono {
  const app = new Hono().basePath('/v1')
  app.use(async (c, next) => {
    if (c.req.header('Authorization') !== `Bearer ${TOKEN}`) throw new HTTPException(401)
    await next()
  })
  app.onError((error, c) => {
    if (error instanceof Refusal) return c.json({ error: { code: error.code, message: error.message } }, 409)
    return c.text(error.message, error instanceof HTTPException ? error.status : 500)
  })

  const found = (c: Context, thing: object | null) =>
    thing ? c.json(thing) : c.json({ error: { code: 'shop.not_found', message: 'There is no such thing.' } }, 404)
  const limit = (c: Context) => Number(c.req.query('limit'))
  const key = (c: Context) => {
    const given = c.req.header('Idempotency-Key')
    if (!given) throw new HTTPException(400, { message: 'no key' })
    return given
  }

  app.post('/customers/lookup', async (c) => found(c, await customers.findByEmail((await c.req.json()).email)))
  app.get('/customers/:customer', async (c) => found(c, await customers.find(c.req.param('customer'))))

  const own = new Hono<{ Variables: { customer: string } }>()
  app.use('/customers/:customer/*', async (c, next) => {
    c.set('customer' as never, c.req.param('customer') as never)
    await next()
  })
  own.get('/orders', async (c) => c.json(await orders.list(c.var.customer, limit(c))))
  own.get('/orders/:number', async (c) => found(c, await orders.find(c.var.customer, c.req.param('number'))))
  own.post('/orders/:number/cancellation', async (c) =>
    c.json(await orders.cancel(c.var.customer, c.req.param('number'), key(c))),
  )
  own.get('/orders/:number/items/:sku/eligibility', async (c) => {
    const { number: orderNumber, sku } = c.req.param()
    const { reason, on } = c.req.query()
    return found(
      c,
      await returns.eligibility(c.var.customer, { orderNumber, sku, reason: reason as never, on: `${on}` }),
    )
  })
  own.get('/charges', async (c) => c.json(await billing.charges(c.var.customer, limit(c))))
  own.get('/charges/:id', async (c) => found(c, await billing.charge(c.var.customer, c.req.param('id'))))
  own.get('/invoices', async (c) => c.json(await billing.invoices(c.var.customer, limit(c))))
  own.get('/subscriptions', async (c) => c.json(await billing.subscriptions(c.var.customer)))
  own.post('/refunds', async (c) =>
    c.json(await billing.refund(c.var.customer, { ...(await c.req.json()), key: key(c) })),
  )
  own.post('/subscriptions/:id/cancellation', async (c) =>
    c.json(await billing.cancelSubscription(c.var.customer, c.req.param('id'), key(c))),
  )
  own.post('/returns', async (c) =>
    c.json(await returns.create(c.var.customer, { ...(await c.req.json()), key: key(c) })),
  )
  own.post('/exchanges', async (c) =>
    c.json(await returns.exchange(c.var.customer, { ...(await c.req.json()), key: key(c) })),
  )
  own.get('/devices', async (c) => c.json(await devices.list(c.var.customer)))
  own.get('/devices/:id/diagnosis', async (c) => found(c, await devices.diagnose(c.var.customer, c.req.param('id'))))
  own.post('/devices/:id/resets', async (c) => c.json(await devices.reset(c.var.customer, c.req.param('id'), key(c))))
  own.post('/tickets', async (c) =>
    c.json(await tickets.open(c.var.customer, { ...(await c.req.json()), key: key(c) })),
  )
  app.route('/customers/:customer', own)

  app.get('/items/:sku/variants', async (c) => c.json(await returns.variants(c.req.param('sku'))))
  app.get('/outages', async (c) => c.json(await devices.outages()))
  app.get('/settled/:key', async (c) => found(c, await settled(c.req.param('key'))))

  async function settled(key: string): Promise<object | null> {
    for (const { settled } of [orders, billing, returns, devices, tickets]) {
      const result = await settled(key)
      if (result) return { kind: kindOf(result), result }
    }
    return null
  }
  return app
}

function kindOf(result: object): string {
  if ('chargeId' in result) return 'refund'
  if ('endsOn' in result) return 'subscription_cancellation'
  if ('newSku' in result) return 'exchange'
  if ('rma' in result) return 'return'
  if ('deviceId' in result) return 'device_reset'
  return 'subject' in result ? 'ticket' : 'order_cancellation'
}
