import { defineEffectTool, type Tool } from '../../graphs/tool.ts'
import { bookExchange, bookNewItems } from './bookings.ts'
import { usd } from './dollars.ts'
import { demandStatus, ORDER_TOOL, orderObject } from './orders.ts'
import { demandReplacement, replacementFacts, replacementLine, replacementSchema } from './replacements.ts'
import type { Shop } from './shop.ts'

// Both are a `write`: a difference may be nothing or come back, and a policy for money knows amounts above 0 only. With
// `amount` the ledger still holds the customer's yes to the difference that they were told.

/** Puts other variants into an order that is not sent yet; once an order. */
export function modifyPendingOrderItems(shop: Shop): Tool {
  return defineEffectTool({
    ...ORDER_TOOL,
    logs: ['order_id', 'item_ids', 'new_item_ids'],
    name: 'modify_pending_order_items',
    description: 'Replaces items of a pending order by other variants of the same products. Only once an order.',
    schema: replacementSchema,
    effect: 'write',
    policy: 'modify_items',
    facts: async (args, { principal }) => replacementFacts(shop, principal, args),
    precondition: (facts, args) => demandStatus(facts.order, 'pending') ?? demandReplacement(facts, args),
    object: ({ order_id }) => orderObject(order_id),
    businessKey: ({ order_id }) => `modify_items:${order_id}`,
    amount: (_args, { difference }) => usd(difference),
    proposal: (args, facts) => `change ${replacementLine(args, facts)}`,
    run: ({ order_id, item_ids, payment_method_id }, { variants, difference }, { key }) =>
      shop.changeOrder(key, order_id, (order, user) =>
        bookNewItems(order, user, { itemIds: item_ids, variants, difference, paymentMethodId: payment_method_id }),
      ),
    lookUp: shop.settled,
    receipt: (_result, { order_id }) => `The items of order ${order_id} are changed.`,
  })
}

/** Takes items back for other variants; an order is exchanged or returned, once. */
export function exchangeDeliveredOrderItems(shop: Shop): Tool {
  return defineEffectTool({
    ...ORDER_TOOL,
    logs: ['order_id', 'item_ids', 'new_item_ids'],
    name: 'exchange_delivered_order_items',
    description: 'Exchanges items of a delivered order for other variants of the same products. Only once an order.',
    schema: replacementSchema,
    effect: 'write',
    policy: 'exchange',
    facts: async (args, { principal }) => replacementFacts(shop, principal, args),
    precondition: (facts, args) => demandStatus(facts.order, 'delivered') ?? demandReplacement(facts, args),
    object: ({ order_id }) => orderObject(order_id),
    businessKey: ({ order_id }) => `send_back:${order_id}`,
    amount: (_args, { difference }) => usd(difference),
    proposal: (args, facts) => `exchange ${replacementLine(args, facts)}`,
    run: ({ order_id, item_ids, new_item_ids, payment_method_id }, { difference }, { key }) =>
      shop.changeOrder(key, order_id, (order) =>
        bookExchange(order, {
          itemIds: item_ids,
          newItemIds: new_item_ids,
          difference,
          paymentMethodId: payment_method_id,
        }),
      ),
    lookUp: shop.settled,
    receipt: (_result, { order_id }) => `The exchange for order ${order_id} is requested; you will get an email.`,
  })
}
