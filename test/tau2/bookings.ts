import { Refusal } from '../../graphs/systems.ts'
import { rounded } from './dollars.ts'
import type { Address, Order, Payment, User, Variant } from './records.ts'

/** Pays all payments back to where they came from. */
export function bookCancellation(order: Order, user: User, reason: string): void {
  demandStatus(order, 'pending')
  const refunds = order.payment_history.map((payment): Payment => ({ ...payment, transaction_type: 'refund' }))
  for (const refund of refunds) credit(user, refund.payment_method_id, refund.amount)
  order.status = 'cancelled'
  order.cancel_reason = reason
  order.payment_history.push(...refunds)
}

/**
 * Puts new items in the place of old ones and settles the difference at once. The original's own bug is kept, since its
 * records have it: every replaced item gets the price and the options of the last new one.
 */
export function bookNewItems(
  order: Order,
  user: User,
  change: { itemIds: string[]; variants: Variant[]; difference: number; paymentMethodId: string },
): void {
  demandStatus(order, 'pending')
  const { itemIds, variants, difference, paymentMethodId } = change
  order.payment_history.push({
    transaction_type: difference > 0 ? 'payment' : 'refund',
    amount: Math.abs(difference),
    payment_method_id: paymentMethodId,
  })
  credit(user, paymentMethodId, -difference)
  const last = variants.at(-1)
  for (const [i, id] of itemIds.entries()) {
    const item = order.items.find(({ item_id }) => item_id === id)
    const variant = variants[i]
    if (item && variant && last)
      Object.assign(item, { item_id: variant.item_id, price: last.price, options: last.options })
  }
  order.status = 'pending (item modified)'
}

/** Takes the payment from another method and gives it back to the first. */
export function bookOtherPayment(order: Order, user: User, paymentMethodId: string): void {
  const [payment] = order.payment_history
  if (!payment || !order.status.includes('pending')) throw refusal()
  const { amount, payment_method_id: former } = payment
  order.payment_history.push(
    { transaction_type: 'payment', amount, payment_method_id: paymentMethodId },
    { transaction_type: 'refund', amount, payment_method_id: former },
  )
  credit(user, paymentMethodId, -amount)
  credit(user, former, amount)
}

/** Notes what comes back; no money moves yet. */
export function bookReturn(order: Order, itemIds: string[], paymentMethodId: string): void {
  demandStatus(order, 'delivered')
  order.status = 'return requested'
  order.return_items = itemIds.toSorted()
  order.return_payment_method_id = paymentMethodId
}

/** Notes what comes back and what goes out for it; no money moves yet. */
export function bookExchange(
  order: Order,
  change: { itemIds: string[]; newItemIds: string[]; difference: number; paymentMethodId: string },
): void {
  demandStatus(order, 'delivered')
  order.status = 'exchange requested'
  order.exchange_items = change.itemIds.toSorted()
  order.exchange_new_items = change.newItemIds.toSorted()
  order.exchange_payment_method_id = change.paymentMethodId
  order.exchange_price_difference = rounded(change.difference)
}

/** Where the order goes, or the customer lives. */
export function bookAddress(record: Order | User, address: Address): void {
  record.address = address
}

/** Only a gift card is on our books. */
function credit(user: User, paymentMethodId: string, dollars: number): void {
  const method = user.payment_methods[paymentMethodId]
  if (method?.balance !== undefined) method.balance = rounded(method.balance + dollars)
}

function demandStatus(order: Order, status: string): void {
  if (order.status !== status) throw refusal()
}

function refusal(): Refusal {
  return new Refusal('orders.status', 'This order has moved on meanwhile, so nothing was changed.')
}
