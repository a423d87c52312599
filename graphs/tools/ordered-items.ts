import type { Order, OrderItem, ReturnReason, Systems } from '../systems.ts'
import { type Choice, choose } from './choosing.ts'
import { day } from './wording.ts'

/** An item with the order it came in. */
export interface OrderedItem {
  order: Order
  item: OrderItem
}

const LOOKED_AT = 20

/** Finds what the customer means among the items that have left us; null where there is none. */
export async function findItem(
  { orders }: Pick<Systems, 'orders'>,
  customerId: string,
  { orderNumber, item }: { orderNumber?: string | undefined; item?: string | undefined },
  question: string,
): Promise<Choice<OrderedItem> | null> {
  const found = orderNumber ? [await orders.find(customerId, orderNumber)] : await orders.list(customerId, LOOKED_AT)
  const sent = found.filter((order) => order?.status === 'shipped' || order?.status === 'delivered')
  const items = sent.flatMap((order) => (order ? order.items.map((each) => ({ order, item: each })) : []))
  return choose(items, {
    words: item,
    describe: ({ order, item: { sku, title, variant } }) => `${sku} ${title} ${variant} ${order.number}`,
    line: ({ order, item: each }) =>
      `${named(each)}, order ${order.number}${order.deliveredOn ? `, delivered on ${day(order.deliveredOn)}` : ''}`,
    question,
  })
}

/** `Trail Jacket (M, green)`. */
export function named({ title, variant }: Pick<OrderItem, 'title' | 'variant'>): string {
  return variant ? `${title} (${variant})` : title
}

/** Our own fault: the label costs nothing. */
export function labelIsFree(reason: ReturnReason): boolean {
  return reason === 'faulty' || reason === 'damaged' || reason === 'wrong_item'
}

/** In the order in which they are tried: what came broken is damaged or faulty, whatever else is said. */
export const reasonSlots: Record<ReturnReason, RegExp> = {
  wrong_item:
    /\b(?:wrong (?:item|one|product|size|colou?r)|not (?:what|the one) i ordered|different (?:item|one) (?:than|from))\b/i,
  damaged: /\b(?:damaged|smashed|crushed|cracked|shattered|in pieces|broken on arrival|arrived broken)\b/i,
  faulty:
    /\b(?:faulty|defect\w*|broke\w*|torn|tore|ripped|snapped|leak\w*|dead|stopped working|(?:does|do|did|will) ?n[o'’]?t (?:work|charge|turn on))\b/i,
  does_not_fit:
    /\b(?:too (?:small|big|large|tight|loose|long|short|little|wide)|(?:does|do|did) ?n[o'’]?t fit|bigger|smaller|another size)\b/i,
  changed_mind: /\b(?:changed my mind|do ?n[o'’]?t (?:want|like|need)|no longer (?:want|need)|not needed)\b/i,
}
