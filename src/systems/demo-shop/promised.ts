import type { Transaction } from 'kysely'
import type { Tables } from '../../database/tables.ts'

/**
 * What of an order's payments is not spoken for: neither refunded nor promised to a registered return. Only right while
 * the order's row is locked.
 */
export async function promisedForReturns(
  trx: Transaction<Tables>,
  orderNumber: string,
): Promise<{ refundable: number; deliveryRefunded: number }> {
  const charges = await trx
    .selectFrom('shop_charges')
    .select(['amount', 'refunded'])
    .where('order_number', '=', orderNumber)
    .where('status', '=', 'paid')
    .execute()
  const returns = await trx
    .selectFrom('shop_returns')
    .select(['refund', 'delivery_refund', 'refund_id'])
    .where('order_number', '=', orderNumber)
    .execute()
  const kept = charges.reduce((sum, { amount, refunded }) => sum + amount - refunded, 0)
  const promised = returns.reduce((sum, { refund, refund_id }) => sum + (refund_id === null ? refund : 0), 0)
  return {
    refundable: kept - promised,
    deliveryRefunded: returns.reduce((sum, { delivery_refund }) => sum + delivery_refund, 0),
  }
}
