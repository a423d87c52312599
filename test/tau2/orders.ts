import { z } from 'zod'
import type { Principal } from '../../graphs/context.ts'
import { defineReadTool, type Precluded, type Tool } from '../../graphs/tool.ts'
import type { Order, User } from './records.ts'
import type { Shop } from './shop.ts'

/** What everything about an order rests on. */
export interface OrderFacts {
  order: Order
  user: User
  /** See `revision` of the shop. */
  revision: number
}

/** What all tools about an order have in common. */
export const ORDER_TOOL = { assurance: 'verified', timeoutMs: 5_000, logs: ['order_id'] } satisfies Pick<
  Tool,
  'assurance' | 'timeoutMs' | 'logs'
>

/** The order if it is the customer's own; null otherwise. */
export function ownOrder(shop: Shop, { customerId }: Principal, orderId: string): OrderFacts | null {
  const order = shop.order(orderId)
  const user = shop.user(customerId)
  if (!order || !user || order.user_id !== customerId) return null
  return { order, user, revision: shop.revision(orderId) }
}

/** The business object of an order. */
export function orderObject(orderId: string): string {
  return `order:${orderId}`
}

/** Nothing when the order is in this very state, which one that was modified is not any more. */
export function demandStatus({ order_id, status }: Order, needed: 'pending' | 'delivered'): Precluded | null {
  if (status === needed) return null
  return { code: 'orders.status', message: `Order ${order_id} is “${status}”, so this is not possible.` }
}

/** Nothing when the order has not been packed yet, whatever was modified in it. */
export function demandUnsent({ order_id, status }: Order): Precluded | null {
  if (status.includes('pending')) return null
  return { code: 'orders.status', message: `Order ${order_id} is “${status}” and cannot be changed any more.` }
}

/** Nothing when all of these pieces are in the order, as often as they are named. */
export function demandItems({ order_id, items }: Order, itemIds: string[]): Precluded | null {
  const count = (ids: string[], id: string) => ids.filter((other) => other === id).length
  const ordered = items.map(({ item_id }) => item_id)
  const missing = itemIds.find((id) => count(itemIds, id) > count(ordered, id))
  if (missing === undefined) return null
  return { code: 'items.not_found', message: `I cannot find item ${missing} that often in order ${order_id}.` }
}

/** An order of the customer. */
export function getOrderDetails(shop: Shop): Tool {
  return defineReadTool({
    ...ORDER_TOOL,
    name: 'get_order_details',
    description: 'Status, items, address and payments of an order, by its number such as #W0000000.',
    schema: z.strictObject({ order_id: z.string() }),
    async run({ order_id }, { principal }) {
      const found = ownOrder(shop, principal, order_id)
      if (!found) return { say: `I cannot find order ${order_id} among your orders.`, data: null }
      return { say: `Order ${order_id} is “${found.order.status}”.`, data: found.order }
    },
  })
}
