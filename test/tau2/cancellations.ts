import { z } from 'zod'
import { defineEffectTool, type Tool } from '../../graphs/tool.ts'
import { bookCancellation } from './bookings.ts'
import { spoken, usd } from './dollars.ts'
import { demandStatus, ORDER_TOOL, orderObject, ownOrder } from './orders.ts'
import type { Order } from './records.ts'
import type { Shop } from './shop.ts'

/** Calls an order off before it is sent. */
export function cancelPendingOrder(shop: Shop): Tool {
  return defineEffectTool({
    ...ORDER_TOOL,
    logs: ['order_id', 'reason'],
    name: 'cancel_pending_order',
    description: 'Cancels a whole pending order; the money goes back to where it came from.',
    schema: z.strictObject({ order_id: z.string(), reason: z.enum(['no longer needed', 'ordered by mistake']) }),
    effect: 'money',
    policy: 'cancel_order',
    facts: async ({ order_id }, { principal }) => ownOrder(shop, principal, order_id),
    precondition: ({ order }) => demandStatus(order, 'pending'),
    object: ({ order_id }) => orderObject(order_id),
    businessKey: ({ order_id }) => `cancel:${order_id}`,
    amount: (_args, { order }) => usd(paid(order)),
    remainder: ({ order }) => usd(paid(order)),
    proposal: ({ order_id, reason }, { order }) =>
      `cancel order ${order_id} (${reason}) and pay ${spoken(paid(order))} back to where it came from`,
    run: ({ order_id, reason }, _facts, { key }) =>
      shop.changeOrder(key, order_id, (order, user) => bookCancellation(order, user, reason)),
    lookUp: shop.settled,
    receipt: (_result, { order_id }) => `Order ${order_id} is cancelled and the money is on its way back.`,
  })
}

function paid({ payment_history }: Order): number {
  return payment_history.reduce(
    (sum, { amount, transaction_type }) => sum + (transaction_type === 'payment' ? amount : -amount),
    0,
  )
}
