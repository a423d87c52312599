import { z } from 'zod'
import type { Principal } from '../../graphs/context.ts'
import type { Precluded } from '../../graphs/tool.ts'
import { spoken } from './dollars.ts'
import { demandItems, type OrderFacts, ownOrder } from './orders.ts'
import { demandMethod, methodName } from './payments.ts'
import type { OrderItem, Variant } from './records.ts'
import type { Shop } from './shop.ts'

/** Items of an order, and in the same places what is wanted instead of them. */
export const replacementSchema = z.strictObject({
  order_id: z.string(),
  item_ids: z.array(z.string()).min(1),
  new_item_ids: z.array(z.string()).min(1),
  payment_method_id: z.string(),
})

type Args = z.infer<typeof replacementSchema>

/** What a replacement rests on. */
export interface ReplacementFacts extends OrderFacts {
  /** The variants that are there, in the order of the arguments; fewer where one is not. */
  variants: Variant[]
  /** What the customer pays on top, in dollars, not rounded; below 0 it comes back. */
  difference: number
}

/** Loads the order and what is wanted instead; null when the order is not the customer's. */
export function replacementFacts(shop: Shop, principal: Principal, args: Args): ReplacementFacts | null {
  const found = ownOrder(shop, principal, args.order_id)
  if (!found) return null
  const pairs = args.item_ids.flatMap((id, i): { item: OrderItem; variant: Variant }[] => {
    const item = found.order.items.find(({ item_id }) => item_id === id)
    const variant = item && shop.variant(item, args.new_item_ids[i] ?? '')
    return item && variant ? [{ item, variant }] : []
  })
  return {
    ...found,
    variants: pairs.map(({ variant }) => variant),
    difference: pairs.reduce((sum, { item, variant }) => sum + (variant.price - item.price), 0),
  }
}

/** Nothing when each item is in the order, each variant of the same product and in stock, and the difference covered. */
export function demandReplacement(
  { order, user, variants, difference }: ReplacementFacts,
  args: Args,
): Precluded | null {
  if (args.item_ids.length !== args.new_item_ids.length)
    return { code: 'items.uneven', message: 'I need one new item for each item.' }
  const no = demandItems(order, args.item_ids)
  if (no) return no
  if (variants.length < args.item_ids.length || variants.some(({ available }) => !available))
    return { code: 'items.unavailable', message: 'One of the new items is not available for what you have.' }
  return demandMethod(user, args.payment_method_id, difference)
}

/** `replace Lamp by item 2 …; USD 1.00 is taken from your gift card gift_card_1`. */
export function replacementLine(args: Args, { order, user, variants, difference }: ReplacementFacts): string {
  const old = args.item_ids.map((id) => order.items.find(({ item_id }) => item_id === id)?.name ?? id)
  const wanted = variants.map(({ item_id, options }) => `${item_id} (${Object.values(options).join(', ')})`)
  const method = methodName(user, args.payment_method_id)
  const money =
    difference > 0
      ? `${spoken(difference)} is taken from your ${method}`
      : `${spoken(difference)} goes back to your ${method}`
  return `${old.join(' and ')} of order ${args.order_id} for ${wanted.join(' and ')}; ${money}`
}
