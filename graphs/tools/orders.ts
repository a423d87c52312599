import { z } from 'zod'
import type { Charge, Money, Order, Systems } from '../systems.ts'
import { defineReadTool, type Tool } from '../tool.ts'
import { ANY_WORDS, type Choice, choose, chosen, defineChoosingTool, fits } from './choosing.ts'
import { leftOf } from './double-charges.ts'
import { and, day, money, numbered } from './wording.ts'

const LOOKED_AT = 20
const SHOWN = 5

/** One order with where it is, or the latest ones. */
export function findOrders({ orders }: Systems): Tool {
  return defineReadTool({
    name: 'find_orders',
    description: 'One order by its number, or the latest orders: items, status, carrier and tracking.',
    schema: z.strictObject({
      orderNumber: z.string().optional().describe('Such as LF-10234'),
    }),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: ['orderNumber'],
    offline: {
      examples: [
        'what is happening with LF-10234',
        'where is LF-10234',
        'any news on my package',
        'any update on my order',
        'did you send my order',
        'did you ship my order already',
        'has my parcel left yet',
        'how is my order doing',
        'how far is my parcel',
        'what is happening with my order',
        'is my order on its way',
        'is my parcel lost',
        'I am still waiting for my order',
        'I have not received my order',
        'I have not got my parcel yet',
        'my order is late',
        'my delivery is delayed',
        'give me the tracking number of my order',
        'which orders did I place',
        'check on my order',
        'check the status of my order',
        'where is my order',
        'where is my parcel',
        'where is my package',
        'has my order shipped',
        'has my order been sent yet',
        'when will my order arrive',
        'when will my package arrive',
        'what is the status of my order',
        'what did I order',
        'show me my orders',
        'list my orders',
        'track my order',
        'track my parcel',
        'find my order',
        'look up my order',
        'my order has not arrived',
        'my parcel has not arrived yet',
      ],
    },
    async run({ orderNumber }, { principal }) {
      if (orderNumber) {
        const order = await orders.find(principal.customerId, orderNumber)
        if (!order) return { say: notFound(orderNumber), data: null }
        return {
          say: `Order ${order.number} of ${day(order.placedAt)} ${whereIs(order)}. In it: ${contents(order)}.`,
          data: order,
        }
      }
      const latest = await orders.list(principal.customerId, SHOWN)
      if (latest.length === 0) return { say: 'I see no orders in your account.', data: null }
      const lines = latest.map((order) => `${line(order)}; it ${whereIs(order)}`)
      return { say: `These are your latest orders:\n${numbered(lines)}`, data: latest }
    },
  })
}

interface CancelFacts {
  choice: Choice<Order>
  charges: Charge[]
}

/** Calls an order off before it is sent. */
export function cancelOrder({ orders, billing }: Systems): Tool {
  return defineChoosingTool({
    name: 'cancel_order',
    description: 'Cancels a whole order that has not been sent yet; the money comes back.',
    effect: 'money',
    schema: z.strictObject({
      orderNumber: z.string().optional().describe('Such as LF-10234'),
      about: z.string().max(500).optional().describe('What is in it, without the number'),
    }),
    assurance: 'verified',
    timeoutMs: 10_000,
    logs: ['orderNumber'],
    policy: 'cancel_order',
    offline: {
      examples: [
        'call off order LF-10234',
        'I ordered by mistake, cancel the order',
        'undo my order',
        'withdraw my order',
        'drop my order',
        'do not ship my order',
        'hold my order, I want to cancel it',
        'annul the purchase',
        'cancel my order',
        'cancel the order',
        'cancel order LF-10234',
        'cancel the order I placed today',
        'cancel my purchase',
        'stop my order before it ships',
        'do not send my order',
        'I changed my mind about the order, cancel it',
        'call off my order',
      ],
      slots: { about: ANY_WORDS },
    },
    async facts({ orderNumber, about }, { principal }): Promise<CancelFacts | null> {
      const found = orderNumber
        ? [await orders.find(principal.customerId, orderNumber)]
        : await orders.list(principal.customerId, LOOKED_AT)
      const all = found.filter((order) => order !== null)
      const open = all.filter(({ status }) => status === 'processing')
      // Named, but sent already: the answer to that is not to cancel another one.
      const meant = fits(all, about, describe)
      const sent = meant.length < all.length && !meant.some((order) => open.includes(order))
      const choice = choose(sent || open.length === 0 ? meant.slice(0, 1) : open, {
        words: about,
        describe,
        line,
        question: 'Which of these orders should I cancel?',
      })
      if (!choice) return null
      const charges = choice.one ? await billing.charges(principal.customerId, LOOKED_AT * 2) : []
      const of = charges.filter(({ orderNumber, status }) => orderNumber === choice.one?.number && status !== 'failed')
      return { choice, charges: of }
    },
    precondition({ choice }) {
      const { number, status } = chosen(choice)
      if (status === 'processing') return null
      if (status === 'cancelled') return { code: 'orders.cancelled', message: `Order ${number} is cancelled already.` }
      return {
        code: 'orders.sent',
        message: `Order ${number} has been sent and cannot be cancelled any more. You can return it after it has arrived.`,
      }
    },
    object: (_args, { choice }) => `order:${chosen(choice).number}`,
    businessKey: (_args, { choice }) => `cancel_order:${chosen(choice).number}`,
    amount: (_args, facts) => comesBack(facts),
    remainder: comesBack,
    proposal(_args, { choice, charges }) {
      const { number, placedAt } = chosen(choice)
      return `cancel order ${number} of ${day(placedAt)} (${contents(chosen(choice))})${howItComesBack(charges)}`
    },
    run: (_args, { choice }, { principal, key }) => orders.cancel(principal.customerId, chosen(choice).number, key),
    lookUp: (key) => orders.settled(key),
    receipt: ({ number, refund }) =>
      `Order ${number} is cancelled. ${money(refund)} comes back to the way you paid: a reserved amount within 7 days, a payment within 5 business days.`,
  })
}

/** All that was paid or reserved for the order. */
function comesBack({ choice, charges }: CancelFacts): Money {
  const { total } = chosen(choice)
  return { ...total, minor: charges.reduce((sum, charge) => sum + leftOf(charge), 0) }
}

function howItComesBack(charges: Charge[]): string {
  const parts = charges
    .filter((charge) => leftOf(charge) > 0)
    .map((charge) => {
      const amount = money({ ...charge.amount, minor: leftOf(charge) })
      return charge.status === 'paid'
        ? `${amount} goes back to your ${charge.method} within 5 business days`
        : `the reserved ${amount} is released within 7 days`
    })
  return parts.length > 0 ? `; ${and(parts)}` : ''
}

/** What a customer is told of an order that is not there, or not theirs. */
export function notFound(number: string): string {
  return `I cannot find order ${number} among your orders. Could you check the number?`
}

function describe(order: Order): string {
  return `${order.number} ${contents(order)}`
}

function line(order: Order): string {
  return `Order ${order.number} of ${day(order.placedAt)}: ${contents(order)}, ${money(order.total)}`
}

/** `2 × Trail Jacket (M, green) and Cap`. */
function contents({ items }: Order): string {
  return and(
    items.map(
      ({ quantity, title, variant }) =>
        `${quantity > 1 ? `${quantity} × ` : ''}${title}${variant ? ` (${variant})` : ''}`,
    ),
  )
}

function whereIs({ status, deliveredOn, carrier, trackingNumber }: Order): string {
  const tracking = trackingNumber ? `, tracking number ${trackingNumber}` : ''
  const by = carrier ? ` with ${carrier}${tracking}` : tracking
  if (status === 'processing') return 'is being prepared'
  if (status === 'cancelled') return 'was cancelled'
  if (status === 'shipped') return `is on its way${by}`
  return deliveredOn ? `was delivered on ${day(deliveredOn)}${by}` : `was delivered${by}`
}
