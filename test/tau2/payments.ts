import { z } from 'zod'
import { defineEffectTool, type Precluded, type Tool } from '../../graphs/tool.ts'
import { bookOtherPayment } from './bookings.ts'
import { spoken, usd } from './dollars.ts'
import { demandUnsent, ORDER_TOOL, orderObject, ownOrder } from './orders.ts'
import type { PaymentMethod, User } from './records.ts'
import type { Shop } from './shop.ts'

/** Nothing when the method is the customer's and, where it is a gift card, has so many dollars on it. */
export function demandMethod(user: User, id: string, dollars = 0): Precluded | null {
  const method = user.payment_methods[id]
  if (!method) return { code: 'payment.not_found', message: `I cannot find the payment method ${id} in your account.` }
  if (method.balance === undefined || method.balance >= dollars) return null
  return {
    code: 'payment.balance',
    message: `There is ${spoken(method.balance)} on the gift card ${id}, which is less than ${spoken(dollars)}.`,
  }
}

/** `gift card gift_card_1`. */
export function methodName({ payment_methods }: User, id: string): string {
  const names: Record<PaymentMethod['source'], string> = {
    credit_card: 'credit card',
    paypal: 'PayPal account',
    gift_card: 'gift card',
  }
  const method = payment_methods[id]
  return method ? `${names[method.source]} ${id}` : id
}

/** Has an order paid by another method. */
export function modifyPendingOrderPayment(shop: Shop): Tool {
  return defineEffectTool({
    ...ORDER_TOOL,
    name: 'modify_pending_order_payment',
    description: 'Pays a pending order by another payment method of the customer; the first one gets its money back.',
    schema: z.strictObject({ order_id: z.string(), payment_method_id: z.string() }),
    effect: 'money',
    policy: 'modify_payment',
    facts: async ({ order_id }, { principal }) => ownOrder(shop, principal, order_id),
    precondition({ order, user }, { payment_method_id }) {
      const [payment, ...more] = order.payment_history
      const amount = payment?.amount ?? 0
      const no = demandUnsent(order) ?? demandMethod(user, payment_method_id, amount)
      if (no) return no
      if (payment?.transaction_type !== 'payment' || more.length > 0)
        return { code: 'payment.changed', message: 'The payment of this order was changed before.' }
      if (payment.payment_method_id === payment_method_id)
        return { code: 'payment.same', message: 'The order is paid by this method already.' }
      return null
    },
    object: ({ order_id }) => orderObject(order_id),
    businessKey: ({ order_id }) => `modify_payment:${order_id}`,
    amount: (_args, { order }) => usd(order.payment_history[0]?.amount ?? 0),
    proposal: ({ order_id, payment_method_id }, { order, user }) =>
      `take ${spoken(order.payment_history[0]?.amount ?? 0)} for order ${order_id} from your ${methodName(user, payment_method_id)} and pay the first payment back`,
    run: ({ order_id, payment_method_id }, _facts, { key }) =>
      shop.changeOrder(key, order_id, (order, user) => bookOtherPayment(order, user, payment_method_id)),
    lookUp: shop.settled,
    receipt: (_result, { order_id, payment_method_id }) => `Order ${order_id} is now paid by ${payment_method_id}.`,
  })
}
