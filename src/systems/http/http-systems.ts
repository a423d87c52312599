import type {
  Exchange,
  Refund,
  ReturnAuthorization,
  SubscriptionCancellation,
  Systems,
} from '../../../graphs/systems.ts'
import * as answers from './answers.ts'
import { createShopClient, type ShopClientOptions } from './shop-client.ts'

/**
 * The business systems behind a REST endpoint of the shape in `docs/systems.md`. Ids are part of the path and encoded
 * there; the customer's is always the server's own, never what a model wrote. Answers are checked before they are
 * believed.
 */
export function createHttpSystems(options: ShopClientOptions): Systems {
  const { get, list, change, look, settled } = createShopClient(options)
  const of = (customerId: string, ...path: string[]) => ['customers', customerId, ...path]
  return {
    customers: {
      find: (customerId) => get(answers.customer, of(customerId)),
      findByEmail: (email) => look(answers.customer, ['customers', 'lookup'], { email }),
    },
    orders: {
      list: (customerId, limit) => list(answers.order, of(customerId, 'orders'), limit),
      find: (customerId, number) => get(answers.order, of(customerId, 'orders', number)),
      cancel: (customerId, number, key) =>
        change(answers.orderCancellation, of(customerId, 'orders', number, 'cancellation'), {}, key),
      settled: (key) => settled(key, { order_cancellation: answers.orderCancellation }),
    },
    billing: {
      charges: (customerId, limit) => list(answers.charge, of(customerId, 'charges'), limit),
      charge: (customerId, id) => get(answers.charge, of(customerId, 'charges', id)),
      invoices: (customerId, limit) => list(answers.invoice, of(customerId, 'invoices'), limit),
      subscriptions: (customerId) => list(answers.subscription, of(customerId, 'subscriptions')),
      refund: (customerId, { key, ...request }) => change(answers.refund, of(customerId, 'refunds'), request, key),
      cancelSubscription: (customerId, id, key) =>
        change(answers.subscriptionCancellation, of(customerId, 'subscriptions', id, 'cancellation'), {}, key),
      settled: (key) =>
        settled<Refund | SubscriptionCancellation>(key, {
          refund: answers.refund,
          subscription_cancellation: answers.subscriptionCancellation,
        }),
    },
    returns: {
      eligibility: (customerId, { orderNumber, sku, reason, on }) =>
        get(answers.eligibility, of(customerId, 'orders', orderNumber, 'items', sku, 'eligibility'), { reason, on }),
      create: (customerId, { key, ...request }) =>
        change(answers.returnAuthorization, of(customerId, 'returns'), request, key),
      variants: (sku) => list(answers.itemVariant, ['items', sku, 'variants']),
      exchange: (customerId, { key, ...request }) =>
        change(answers.exchange, of(customerId, 'exchanges'), request, key),
      settled: (key) =>
        settled<ReturnAuthorization | Exchange>(key, {
          return: answers.returnAuthorization,
          exchange: answers.exchange,
        }),
    },
    devices: {
      list: (customerId) => list(answers.device, of(customerId, 'devices')),
      diagnose: (customerId, id) => get(answers.diagnosis, of(customerId, 'devices', id, 'diagnosis')),
      reset: (customerId, id, key) => change(answers.deviceReset, of(customerId, 'devices', id, 'resets'), {}, key),
      outages: () => list(answers.outage, ['outages']),
      settled: (key) => settled(key, { device_reset: answers.deviceReset }),
    },
    tickets: {
      open: (customerId, { key, ...request }) => change(answers.ticket, of(customerId, 'tickets'), request, key),
      settled: (key) => settled(key, { ticket: answers.ticket }),
    },
  }
}
