import { z } from 'zod'
import { defineEffectTool, type Tool } from '../../graphs/tool.ts'
import { bookAddress } from './bookings.ts'
import { demandUnsent, ORDER_TOOL, orderObject, ownOrder } from './orders.ts'
import type { Address } from './records.ts'
import type { Shop } from './shop.ts'

const address = {
  address1: z.string(),
  address2: z.string(),
  city: z.string(),
  state: z.string(),
  country: z.string(),
  zip: z.string(),
}

/** Has an order go somewhere else. As often as it is wanted: a key is spent with the revision that it was made for. */
export function modifyPendingOrderAddress(shop: Shop): Tool {
  return defineEffectTool({
    ...ORDER_TOOL,
    name: 'modify_pending_order_address',
    description: 'Changes where a pending order is sent.',
    schema: z.strictObject({ order_id: z.string(), ...address }),
    effect: 'write',
    policy: 'modify_address',
    facts: async ({ order_id }, { principal }) => ownOrder(shop, principal, order_id),
    precondition: ({ order }) => demandUnsent(order),
    object: ({ order_id }) => orderObject(order_id),
    businessKey: ({ order_id }, { revision }) => `modify_address:${order_id}:${revision}`,
    proposal: ({ order_id, ...to }) => `send order ${order_id} to ${line(to)}`,
    run: ({ order_id, ...to }, _facts, { key }) => shop.changeOrder(key, order_id, (order) => bookAddress(order, to)),
    lookUp: shop.settled,
    receipt: (_result, { order_id, ...to }) => `Order ${order_id} goes to ${line(to)}.`,
  })
}

/** Notes that the customer has moved. Orders keep their addresses. */
export function modifyUserAddress(shop: Shop): Tool {
  return defineEffectTool({
    name: 'modify_user_address',
    description: 'Changes the address of the customer; what is ordered already goes where it went.',
    schema: z.strictObject({ user_id: z.string(), ...address }),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: [],
    effect: 'write',
    policy: 'modify_address',
    async facts({ user_id }, { principal }) {
      const user = user_id === principal.customerId ? shop.user(user_id) : null
      return user && { user, revision: shop.revision(user_id) }
    },
    precondition: () => null,
    object: ({ user_id }) => `user:${user_id}`,
    businessKey: ({ user_id }, { revision }) => `modify_address:${user_id}:${revision}`,
    proposal: ({ user_id: _, ...to }) => `change your address to ${line(to)}`,
    run: ({ user_id, ...to }, _facts, { key }) => shop.changeUser(key, user_id, (user) => bookAddress(user, to)),
    lookUp: shop.settled,
    receipt: (_result, { user_id: _, ...to }) => `Your address is ${line(to)} now.`,
  })
}

function line({ address1, address2, city, state, zip, country }: Address): string {
  return [address1, address2, city, `${state} ${zip}`, country].filter(Boolean).join(', ')
}
