import { z } from 'zod'
import { defineEffectTool, type Tool } from '../../graphs/tool.ts'
import { bookReturn } from './bookings.ts'
import { demandItems, demandStatus, ORDER_TOOL, orderObject, ownOrder } from './orders.ts'
import { demandMethod, methodName } from './payments.ts'
import type { Shop } from './shop.ts'

/** Takes items back; an order is exchanged or returned, once. No money moves before they have arrived. */
export function returnDeliveredOrderItems(shop: Shop): Tool {
  return defineEffectTool({
    ...ORDER_TOOL,
    logs: ['order_id', 'item_ids'],
    name: 'return_delivered_order_items',
    description: 'Takes items of a delivered order back, for money to the first payment method or to a gift card.',
    schema: z.strictObject({
      order_id: z.string(),
      item_ids: z.array(z.string()).min(1),
      payment_method_id: z.string(),
    }),
    effect: 'write',
    policy: 'return',
    facts: async ({ order_id }, { principal }) => ownOrder(shop, principal, order_id),
    precondition({ order, user }, { item_ids, payment_method_id }) {
      const no = demandStatus(order, 'delivered') ?? demandMethod(user, payment_method_id)
      if (no) return no
      const isOriginal = order.payment_history[0]?.payment_method_id === payment_method_id
      if (!isOriginal && user.payment_methods[payment_method_id]?.source !== 'gift_card')
        return { code: 'payment.other', message: 'Money goes back to how you paid, or to a gift card of yours.' }
      return demandItems(order, item_ids)
    },
    object: ({ order_id }) => orderObject(order_id),
    businessKey: ({ order_id }) => `send_back:${order_id}`,
    proposal({ order_id, item_ids, payment_method_id }, { order, user }) {
      const names = item_ids.map((id) => order.items.find(({ item_id }) => item_id === id)?.name ?? id)
      return `take back ${names.join(' and ')} of order ${order_id}; the money goes to your ${methodName(user, payment_method_id)}`
    },
    run: ({ order_id, item_ids, payment_method_id }, _facts, { key }) =>
      shop.changeOrder(key, order_id, (order) => bookReturn(order, item_ids, payment_method_id)),
    lookUp: shop.settled,
    receipt: (_result, { order_id }) => `The return for order ${order_id} is requested; you will get an email.`,
  })
}
