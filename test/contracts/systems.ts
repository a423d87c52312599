import { randomUUID } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Money, Refusal, type ReturnReason, type Systems } from '../../graphs/systems.ts'

const euros = (minor: number): Money => ({ minor, currency: 'EUR' })
const DAY_MS = 86_400_000

/** Business systems with the demo shop's customers behind them, on the day they were filled. */
export interface OpenSystems {
  systems: Systems
  /** `YYYY-MM-DD` */
  today: string
  close(): Promise<void>
}

/** What every implementation of the business systems must do. `openSystems` answers a freshly filled shop. */
export function systemsContract(name: string, openSystems: () => Promise<OpenSystems>): void {
  async function open() {
    const opened = await openSystems()
    onTestFinished(opened.close)
    const day = (daysAhead: number) =>
      new Date(Date.parse(opened.today) + daysAhead * DAY_MS).toISOString().slice(0, 10)
    return { ...opened.systems, today: opened.today, day }
  }

  describe(`the business systems on ${name}`, () => {
    test('a customer is found by id and by address in any case, and nobody else is', async () => {
      const { customers } = await open()
      const nora = await customers.find('cus_1001')
      expect(nora).toMatchObject({ id: 'cus_1001', name: 'Nora Lindqvist', email: 'nora.lindqvist@example.com' })
      expect(await customers.findByEmail('  Nora.Lindqvist@Example.com')).toEqual(nora)
      expect(await customers.find('cus_nobody')).toBeNull()
      expect(await customers.findByEmail('nobody@example.com')).toBeNull()
    })

    test('lists begin with the latest and end at the limit', async () => {
      const { orders, billing } = await open()
      const listed = await orders.list('cus_1004', 2)
      expect(listed.map(({ number }) => number)).toEqual(['LF-10527', 'LF-10520'])
      expect((await billing.charges('cus_1001', 1)).map(({ id }) => id)).toEqual(['ch_1001b'])
      expect(await billing.invoices('cus_1001', 10)).toHaveLength(2)
    })

    test('an order’s total is its items and its delivery', async () => {
      const { orders } = await open()
      expect(await orders.find('cus_1004', 'LF-10520')).toMatchObject({
        status: 'delivered',
        items: [
          { sku: 'QUIET2-BLK', title: 'Quiet 2 headphones', quantity: 1, price: euros(19_900) },
          { sku: 'VOLT20', quantity: 1, price: euros(4_490) },
        ],
        total: euros(24_390),
      })
    })

    test('what is another customer’s reads as not there', async () => {
      const { orders, billing, returns, devices, today } = await open()
      const other = 'cus_1002'
      expect(await orders.find(other, 'LF-10520')).toBeNull()
      expect(await billing.charge(other, 'ch_1001a')).toBeNull()
      expect(await devices.diagnose(other, 'dev_1005')).toBeNull()
      const item = { orderNumber: 'LF-10520', sku: 'QUIET2-BLK', reason: 'faulty' as const, on: today }
      expect(await returns.eligibility(other, item)).toBeNull()
      const listed = JSON.stringify([
        await orders.list(other, 100),
        await billing.charges(other, 100),
        await billing.invoices(other, 100),
        await billing.subscriptions(other),
        await devices.list(other),
      ])
      expect(listed).not.toMatch(/LF-10520|ch_1001|sub_1005|dev_1005/)
    })

    test('what is another customer’s cannot be changed, and is what it was', async () => {
      const { orders, billing, returns, devices, today } = await open()
      const other = 'cus_1002'
      const item = { orderNumber: 'LF-10527', sku: 'JACKET-BLK-M', reason: 'does_not_fit' as const, on: today }
      const refund = { chargeId: 'ch_1001a', amount: euros(790), reason: 'double', key: key() }
      for (const change of [
        () => orders.cancel(other, 'LF-10633', key()),
        () => billing.refund(other, refund),
        () => billing.cancelSubscription(other, 'sub_1005', key()),
        () => returns.create(other, { ...item, quantity: 1, key: key() }),
        () => returns.exchange(other, { ...item, newSku: 'JACKET-BLK-L', key: key() }),
        () => devices.reset(other, 'dev_1005', key()),
      ])
        await expect(change()).rejects.toBeInstanceOf(Refusal)
      expect(await orders.find('cus_1005', 'LF-10633')).toMatchObject({ status: 'processing' })
      expect(await billing.charge('cus_1001', 'ch_1001a')).toMatchObject({ refunded: euros(0) })
      expect(await billing.subscriptions('cus_1005')).toMatchObject([{ status: 'active' }, { status: 'active' }])
      expect(await returns.eligibility('cus_1004', item)).toMatchObject({ eligible: true })
      expect(await devices.diagnose('cus_1005', 'dev_1005')).toMatchObject({ lastResetAt: null })
      expect(await billing.settled(refund.key)).toBeNull()
    })

    test('a key that another customer used tells nothing of what it did', async () => {
      const { orders, billing, devices } = await open()
      const [refund, reset, cancelled] = [key(), key(), key()]
      const request = { chargeId: 'ch_1001a', amount: euros(790), reason: 'double', key: refund }
      await billing.refund('cus_1001', request)
      await devices.reset('cus_1005', 'dev_1005', reset)
      await orders.cancel('cus_1005', 'LF-10633', cancelled)
      await expect(billing.refund('cus_1002', request)).rejects.toBeInstanceOf(Refusal)
      await expect(devices.reset('cus_1002', 'dev_1005', reset)).rejects.toBeInstanceOf(Refusal)
      await expect(orders.cancel('cus_1002', 'LF-10633', cancelled)).rejects.toBeInstanceOf(Refusal)
    })

    test('each change is done once a key, also by two at once, and found by its key afterwards', async () => {
      const { orders, billing, returns, devices, tickets, today } = await open()
      const back = { orderNumber: 'LF-10520', sku: 'VOLT20', quantity: 1, reason: 'changed_mind' as const, on: today }
      const swap = {
        orderNumber: 'LF-10527',
        sku: 'JACKET-BLK-M',
        newSku: 'JACKET-BLK-L',
        reason: 'does_not_fit' as const,
        on: today,
      }
      const changes: [(key: string) => Promise<unknown>, (key: string) => Promise<unknown>][] = [
        [(key) => orders.cancel('cus_1005', 'LF-10633', key), orders.settled],
        [
          (key) => billing.refund('cus_1001', { chargeId: 'ch_1001a', amount: euros(400), reason: 'part', key }),
          billing.settled,
        ],
        [(key) => billing.cancelSubscription('cus_1005', 'sub_1005', key), billing.settled],
        [(key) => returns.create('cus_1004', { ...back, key }), returns.settled],
        [(key) => returns.exchange('cus_1004', { ...swap, key }), returns.settled],
        [(key) => devices.reset('cus_1005', 'dev_1005', key), devices.settled],
        [(key) => tickets.open('cus_1006', { subject: 'Router', detail: 'Broken', key }), tickets.settled],
      ]
      for (const [change, settled] of changes) {
        const once = key()
        expect(await settled(once)).toBeNull()
        const [first, second] = await Promise.all([change(once), change(once)])
        expect(second).toEqual(first)
        expect(await change(once)).toEqual(first)
        expect(await settled(once)).toEqual(first)
        expect(await settled(key())).toBeNull()
      }
      expect(await billing.charge('cus_1001', 'ch_1001a')).toMatchObject({ refunded: euros(400) })
      expect(await stockOf(returns, 'JACKET-BLK-M', 'JACKET-BLK-L')).toBe(39)
    })

    test('of twenty refunds at once no more goes through than was paid', async () => {
      const { billing } = await open()
      const refunds = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          billing.refund('cus_1001', { chargeId: 'ch_1001a', amount: euros(200), reason: 'part', key: key() }),
        ),
      )
      const refused = refunds.filter((refund) => refund.status === 'rejected').map(({ reason }) => reason)
      expect(refused).toHaveLength(17)
      for (const reason of refused) {
        expect(reason).toBeInstanceOf(Refusal)
        expect(reason.code).toBe('billing.over_remainder')
      }
      expect(await billing.charge('cus_1001', 'ch_1001a')).toMatchObject({ refunded: euros(600) })
    })

    test('of twenty refunds over both charges of one order none is beyond its charge', async () => {
      const { billing } = await open()
      await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) =>
          billing.refund('cus_1002', {
            chargeId: i % 2 ? 'ch_1002a' : 'ch_1002b',
            amount: euros(6_000),
            reason: 'part',
            key: key(),
          }),
        ),
      )
      for (const id of ['ch_1002a', 'ch_1002b'])
        expect(await billing.charge('cus_1002', id)).toMatchObject({ refunded: euros(18_000) })
    })

    test('a refund says where the money goes and when, and comes off what is left', async () => {
      const { billing, day } = await open()
      const refund = await billing.refund('cus_1001', {
        chargeId: 'ch_1001a',
        amount: euros(790),
        reason: 'charged twice',
        key: key(),
      })
      expect(refund).toMatchObject({ chargeId: 'ch_1001a', amount: euros(790), method: 'Visa ending in 4242' })
      // Eight business days have one or two weekends in them.
      expect(refund.expectedBy >= day(10) && refund.expectedBy <= day(12)).toBe(true)
      await refuses('billing.over_remainder', () =>
        billing.refund('cus_1001', { chargeId: 'ch_1001a', amount: euros(1), reason: 'again', key: key() }),
      )
    })

    test('no refund of what was not paid, of nothing, or in another currency', async () => {
      const { billing } = await open()
      const refund = (chargeId: string, amount: Money) => () =>
        billing.refund(chargeId === 'ch_1005c' ? 'cus_1005' : 'cus_1001', { chargeId, amount, reason: 'r', key: key() })
      await refuses('billing.not_paid', refund('ch_1005c', euros(100)))
      for (const amount of [euros(0), euros(-100), euros(0.5), { minor: 100, currency: 'USD' }])
        await expect(refund('ch_1001a', amount)()).rejects.toThrow()
      expect(await billing.charge('cus_1001', 'ch_1001a')).toMatchObject({ refunded: euros(0) })
    })

    test('what a registered return brings back is not refunded a second time', async () => {
      const { billing, returns, today } = await open()
      const back = { orderNumber: 'LF-10520', sku: 'QUIET2-BLK', quantity: 1, on: today }
      const { refund } = await returns.create('cus_1004', { ...back, reason: 'faulty', key: key() })
      expect(refund).toEqual(euros(19_900))
      const order = { chargeId: 'ch_1004a', reason: 'r' }
      await refuses('billing.over_remainder', () =>
        billing.refund('cus_1004', { ...order, amount: euros(4_491), key: key() }),
      )
      await billing.refund('cus_1004', { ...order, amount: euros(4_490), key: key() })
    })

    test('a cancelled subscription ends when its paid time ends, and stays cancelled', async () => {
      const { billing } = await open()
      const [plus] = await billing.subscriptions('cus_1005')
      const cancelled = await billing.cancelSubscription('cus_1005', 'sub_1005', key())
      expect(cancelled).toEqual({ subscriptionId: 'sub_1005', plan: 'Larkfield Plus', endsOn: plus?.paidUntil })
      await refuses('billing.already_cancelled', () => billing.cancelSubscription('cus_1005', 'sub_1005', key()))
      expect((await billing.subscriptions('cus_1005')).map(({ status }) => status)).toEqual(['cancelled', 'active'])
    })

    test('an order can be cancelled before it is sent, once, and its payment is the customer’s again', async () => {
      const { orders, billing } = await open()
      expect(await orders.cancel('cus_1005', 'LF-10633', key())).toEqual({ number: 'LF-10633', refund: euros(9_900) })
      expect(await orders.find('cus_1005', 'LF-10633')).toMatchObject({ status: 'cancelled' })
      await expect(orders.cancel('cus_1005', 'LF-10633', key())).rejects.toBeInstanceOf(Refusal)
      await refuses('billing.not_paid', () =>
        billing.refund('cus_1005', { chargeId: 'ch_1005c', amount: euros(9_900), reason: 'r', key: key() }),
      )
      await refuses('orders.sent', () => orders.cancel('cus_1004', 'LF-10520', key()))
    })

    test('an item may go back until the last day of its window and not a day longer', async () => {
      const { returns, day } = await open()
      const on = (reason: ReturnReason, date: string) =>
        returns.eligibility('cus_1004', { orderNumber: 'LF-10520', sku: 'QUIET2-BLK', reason, on: date })
      // Delivered nine days ago: 30 days, and 14 for a wrong item.
      for (const reason of ['changed_mind', 'does_not_fit', 'damaged', 'faulty'] as const) {
        expect(await on(reason, day(21))).toMatchObject({ eligible: true, until: day(21) })
        expect(await on(reason, day(22))).toMatchObject({ eligible: false, until: day(21) })
      }
      expect(await on('wrong_item', day(5))).toMatchObject({ eligible: true, until: day(5) })
      expect(await on('wrong_item', day(6))).toMatchObject({ eligible: false })
      expect((await on('faulty', day(22)))?.why).toContain('24 months')
      expect((await on('changed_mind', day(0)))?.why).toContain('EUR 4.90')
    })

    test('what is not delivered, not in the order or past its window does not go back', async () => {
      const { returns, orders, today } = await open()
      const about = { reason: 'changed_mind' as const, on: today }
      const notYet = { orderNumber: 'LF-10633', sku: 'DUFFEL40-BLK', ...about }
      expect(await returns.eligibility('cus_1005', notYet)).toMatchObject({ eligible: false, until: null })
      expect(await returns.eligibility('cus_1004', { orderNumber: 'LF-10520', sku: 'TENT2', ...about })).toBeNull()
      await refuses('returns.not_eligible', () => returns.create('cus_1005', { ...notYet, quantity: 1, key: key() }))
      const late = { orderNumber: 'LF-10488', sku: 'PACK24-GRN', quantity: 1, ...about }
      await refuses('returns.not_eligible', () => returns.create('cus_1004', { ...late, key: key() }))
      await orders.cancel('cus_1005', 'LF-10633', key())
      expect(await returns.eligibility('cus_1005', notYet)).toMatchObject({ eligible: false, until: null })
    })

    test('a return has a label, a last day, and the refund after the label', async () => {
      const { returns, today, day } = await open()
      const request = { orderNumber: 'LF-10520', sku: 'QUIET2-BLK', quantity: 1, on: today }
      const made = await returns.create('cus_1004', { ...request, reason: 'changed_mind', key: key() })
      expect(made).toMatchObject({ sku: 'QUIET2-BLK', quantity: 1, refund: euros(19_410), sendBy: day(14) })
      expect(made.rma).toMatch(/^RMA-\d+$/)
      expect(made.labelUrl).toContain(made.rma)
    })

    test('of returns and exchanges at once an item takes one', async () => {
      const { returns, today } = await open()
      const about = { orderNumber: 'LF-10527', sku: 'JACKET-BLK-M', reason: 'does_not_fit' as const, on: today }
      const asked = await Promise.allSettled(
        Array.from({ length: 12 }, (_, i) =>
          i % 2
            ? returns.create('cus_1004', { ...about, quantity: 1, key: key() })
            : returns.exchange('cus_1004', { ...about, newSku: 'JACKET-BLK-L', key: key() }),
        ),
      )
      const refused = asked.filter((one) => one.status === 'rejected').map(({ reason }) => reason)
      expect(refused).toHaveLength(11)
      expect(refused.map(({ code }) => code)).toEqual(Array(11).fill('returns.already_returned'))
      expect(await returns.eligibility('cus_1004', about)).toMatchObject({ eligible: false, until: null })
    })

    test('an item is exchanged for a variant of it that is in stock', async () => {
      const { returns, today, day } = await open()
      const about = { orderNumber: 'LF-10527', sku: 'JACKET-BLK-M', reason: 'does_not_fit' as const, on: today }
      const exchange = (newSku: string) => () => returns.exchange('cus_1004', { ...about, newSku, key: key() })
      expect(await stockOf(returns, 'JACKET-BLK-M', 'JACKET-BLK-XL')).toBe(0)
      await refuses('returns.out_of_stock', exchange('JACKET-BLK-XL'))
      await refuses('returns.not_eligible', exchange('TENT2'))
      await refuses('returns.not_eligible', exchange('JACKET-BLK-M'))
      expect(await exchange('JACKET-BLK-L')()).toMatchObject({
        sku: 'JACKET-BLK-M',
        newSku: 'JACKET-BLK-L',
        newVariant: 'black, L',
        sendBy: day(14),
      })
      expect(await returns.variants('NOTHING')).toEqual([])
    })

    test('a reset heals a router’s settings and does nothing for its hardware', async () => {
      const { devices } = await open()
      expect(await devices.diagnose('cus_1005', 'dev_1005')).toMatchObject({ healthy: false, advice: 'reset' })
      await devices.reset('cus_1005', 'dev_1005', key())
      expect(await devices.diagnose('cus_1005', 'dev_1005')).toMatchObject({
        healthy: true,
        advice: 'none',
        lastResetAt: expect.any(String),
      })
      expect(await devices.diagnose('cus_1006', 'dev_1006')).toMatchObject({ healthy: false, advice: 'reset' })
      await devices.reset('cus_1006', 'dev_1006', key())
      expect(await devices.diagnose('cus_1006', 'dev_1006')).toMatchObject({ healthy: false, advice: 'replace' })
      expect(await devices.diagnose('cus_1006', 'dev_1008')).toMatchObject({ healthy: false, advice: 'update' })
    })

    test('outages are those of the moment', async () => {
      const { devices } = await open()
      expect((await devices.outages()).map(({ service, region }) => `${service} ${region}`)).toEqual([
        'Porch Cloud Norway',
        'Device check Portugal',
      ])
    })
  })
}

function key(): string {
  return randomUUID()
}

async function refuses(code: string, change: () => Promise<unknown>): Promise<void> {
  const error = await change().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Refusal)
  expect(error).toMatchObject({ code, message: expect.stringMatching(/\.$/) })
}

async function stockOf(returns: Systems['returns'], sku: string, wanted: string): Promise<number | undefined> {
  return (await returns.variants(sku)).find((variant) => variant.sku === wanted)?.inStock
}
