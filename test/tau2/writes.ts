import { z } from 'zod'
import { defineEffectTool, type EffectTool, type Precluded, type Tool } from '../../graphs/tool.ts'
import { type Address, heldBy, INSUFFICIENT, swapOf, type Tau2Order, type Tau2Shop, type Tau2User } from './shop.ts'

interface OrderFacts {
  order: Tau2Order
  user: Tau2User
}

const no = (message: string): Precluded => ({ code: 'tau2.refused', message })
const address = {
  address1: z.string(),
  address2: z.string(),
  city: z.string(),
  state: z.string(),
  country: z.string(),
  zip: z.string(),
}
const orderId = { order_id: z.string() }
const swap = {
  ...orderId,
  item_ids: z.array(z.string()).min(1),
  new_item_ids: z.array(z.string()),
  payment_method_id: z.string(),
}

/** The tools that change something; each knows only the customer’s own orders. */
export function writeTools(shop: Tau2Shop): Tool[] {
  /** What all of them have in common: one order, loaded by its id, and a change that is made once. */
  function onOrder<Args extends { order_id: string }>(
    tool: Pick<EffectTool<Args>, 'name' | 'description' | 'schema'> & {
      once: (args: Args) => string
      refuse: (args: Args, facts: OrderFacts) => string | undefined
      change: (args: Args, facts: OrderFacts) => unknown
    },
  ): Tool {
    const { once, refuse, change, ...rest } = tool
    return defineEffectTool<Args, OrderFacts, unknown>({
      ...rest,
      effect: 'write',
      assurance: 'verified',
      timeoutMs: 1_000,
      logs: ['order_id'],
      policy: 'order',
      async facts({ order_id }, { principal }) {
        const order = shop.order(principal.customerId, order_id)
        const user = shop.user(principal.customerId)
        return order && user && { order, user }
      },
      precondition(facts, args) {
        const why = refuse(args, facts)
        return why === undefined ? null : no(why)
      },
      object: ({ order_id }) => `order:${order_id}`,
      businessKey: (args) => `${tool.name}:${args.order_id}:${once(args)}`,
      proposal: ({ order_id }) => `${tool.name.replaceAll('_', ' ')} ${order_id}`,
      run: async (args, facts, { key }) => shop.once(key, () => change(args, facts)),
      lookUp: async (key) => shop.settled(key),
      receipt: () => 'This is done.',
    })
  }
  const payable = ({ user }: OrderFacts, methodId: string, difference: number) => {
    const method = user.payment_methods[methodId]
    if (!method) return 'This is none of your payment methods.'
    return method.balance !== undefined && method.balance < difference ? INSUFFICIENT : undefined
  }
  const swappable = (
    args: { item_ids: string[]; new_item_ids: string[]; payment_method_id: string },
    facts: OrderFacts,
  ) => {
    const found = swapOf(shop, facts.order, args.item_ids, args.new_item_ids)
    return typeof found === 'string'
      ? found
      : payable(facts, args.payment_method_id, Math.round(found.difference * 100) / 100)
  }

  return [
    onOrder({
      name: 'cancel_pending_order',
      description: 'Cancels an order that is pending; the money goes back the way it came.',
      schema: z.strictObject({ ...orderId, reason: z.enum(['no longer needed', 'ordered by mistake']) }),
      once: () => 'once',
      refuse: (_args, { order }) => (order.status === 'pending' ? undefined : 'Only a pending order can be cancelled.'),
      change({ reason }, { order, user }) {
        for (const { amount, payment_method_id } of [...order.payment_history]) {
          order.payment_history.push({ transaction_type: 'refund', amount, payment_method_id })
          shop.charge(user, payment_method_id, -amount)
        }
        return Object.assign(order, { status: 'cancelled', cancel_reason: reason })
      },
    }),
    onOrder({
      name: 'modify_pending_order_address',
      description: 'Changes the delivery address of a pending order.',
      schema: z.strictObject({ ...orderId, ...address }),
      once: (args) => JSON.stringify(args),
      refuse: (_args, { order }) =>
        order.status.startsWith('pending') ? undefined : 'Only a pending order has an address to change.',
      change: ({ order_id: _, ...to }, { order }) => Object.assign(order, { address: to satisfies Address }),
    }),
    onOrder({
      name: 'modify_pending_order_payment',
      description: 'Changes how a pending order is paid.',
      schema: z.strictObject({ ...orderId, payment_method_id: z.string() }),
      once: ({ payment_method_id }) => payment_method_id,
      refuse({ payment_method_id }, facts) {
        const [paid, ...more] = facts.order.payment_history
        if (!facts.order.status.startsWith('pending') || !paid || more.length > 0)
          return 'This payment cannot be changed.'
        if (paid.payment_method_id === payment_method_id) return 'It is paid with this method already.'
        return payable(facts, payment_method_id, paid.amount)
      },
      change({ payment_method_id }, { order, user }) {
        const [paid] = order.payment_history
        if (!paid) return order
        shop.charge(user, payment_method_id, paid.amount)
        shop.charge(user, paid.payment_method_id, -paid.amount)
        order.payment_history.push({ ...paid, payment_method_id }, { ...paid, transaction_type: 'refund' })
        return order
      },
    }),
    onOrder({
      name: 'modify_pending_order_items',
      description: 'Swaps items of a pending order for other variants of the same products; once an order.',
      schema: z.strictObject(swap),
      once: () => 'once',
      refuse: (args, facts) =>
        facts.order.status === 'pending' ? swappable(args, facts) : 'Only a pending order can be modified, once.',
      change({ item_ids, new_item_ids, payment_method_id }, { order, user }) {
        const found = swapOf(shop, order, item_ids, new_item_ids)
        if (typeof found === 'string') return order
        shop.charge(user, payment_method_id, found.difference)
        const transaction_type = found.difference > 0 ? 'payment' : 'refund'
        order.payment_history.push({ transaction_type, amount: Math.abs(found.difference), payment_method_id })
        // The original shop writes the last variant's price and options on every item, and the records hold that.
        const { price, options } = found.variants.at(-1) ?? {}
        for (const [i, { item_id }] of found.variants.entries()) {
          const item = order.items.find((one) => one.item_id === item_ids[i])
          if (item) Object.assign(item, { item_id, price, options })
        }
        return Object.assign(order, { status: 'pending (item modified)' })
      },
    }),
    onOrder({
      name: 'exchange_delivered_order_items',
      description: 'Exchanges items of a delivered order for other variants of the same products; once an order.',
      schema: z.strictObject(swap),
      once: () => 'once',
      refuse: (args, facts) =>
        facts.order.status === 'delivered' ? swappable(args, facts) : 'Only a delivered order can be exchanged, once.',
      change({ item_ids, new_item_ids, payment_method_id }, { order }) {
        const found = swapOf(shop, order, item_ids, new_item_ids)
        return Object.assign(order, {
          status: 'exchange requested',
          exchange_items: item_ids.toSorted(),
          exchange_new_items: new_item_ids.toSorted(),
          exchange_payment_method_id: payment_method_id,
          exchange_price_difference: typeof found === 'string' ? 0 : Math.round(found.difference * 100) / 100,
        })
      },
    }),
    onOrder({
      name: 'return_delivered_order_items',
      description: 'Registers the return of items of a delivered order; once an order.',
      schema: z.strictObject({ ...orderId, item_ids: z.array(z.string()).min(1), payment_method_id: z.string() }),
      once: () => 'once',
      refuse({ item_ids, payment_method_id }, facts) {
        const { order, user } = facts
        if (order.status !== 'delivered') return 'Only a delivered order can be returned.'
        const method = user.payment_methods[payment_method_id]
        if (!method) return 'This is none of your payment methods.'
        if (method.source !== 'gift_card' && order.payment_history[0]?.payment_method_id !== payment_method_id)
          return 'The money goes back to a gift card or to how it was paid.'
        return heldBy(order, item_ids)
      },
      change: ({ item_ids, payment_method_id }, { order }) =>
        Object.assign(order, {
          status: 'return requested',
          return_items: item_ids.toSorted(),
          return_payment_method_id: payment_method_id,
        }),
    }),
    defineEffectTool({
      name: 'modify_user_address',
      description: 'Changes the customer’s own default address.',
      schema: z.strictObject(address),
      effect: 'write',
      assurance: 'verified',
      timeoutMs: 1_000,
      logs: [],
      policy: 'order',
      facts: async (_args, { principal }) => shop.user(principal.customerId),
      precondition: () => null,
      object: (_args, { user_id }) => `user:${user_id}`,
      businessKey: (args, { user_id }) => `address:${user_id}:${JSON.stringify(args)}`,
      proposal: ({ address1, city }) => `change your address to ${address1}, ${city}`,
      run: async (to, user, { key }) => shop.once(key, () => Object.assign(user, { address: to })),
      lookUp: async (key) => shop.settled(key),
      receipt: () => 'This is done.',
    }),
  ]
}
