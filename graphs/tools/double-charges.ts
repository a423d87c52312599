import type { Charge, Systems } from '../systems.ts'
import { daysBetween } from './wording.ts'

/** Two charges for the same thing: the first, and the one that should not be. */
export interface DoubleCharge {
  first: Charge
  again: Charge
}

/** Further apart, the same amount for the same thing is the next period's. */
const DAYS_APART = 7

/**
 * Charges of the same description and amount close in time, of which more than one is paid and not refunded. An order
 * that left in several parcels has several charges: there it is one only where they exceed the order's total.
 */
export async function findDoubleCharges(
  { orders }: Pick<Systems, 'orders'>,
  customerId: string,
  charges: Charge[],
): Promise<DoubleCharge[]> {
  const found: DoubleCharge[] = []
  const standing = charges.filter((charge) => charge.status === 'paid' && leftOf(charge) > 0)
  const oldestFirst = standing.sort((left, right) => left.at.localeCompare(right.at))
  for (const [index, first] of oldestFirst.entries()) {
    const again = oldestFirst.slice(index + 1).findLast((other) => isAgain(first, other))
    if (!again || found.some((pair) => pair.again === again)) continue
    if (first.orderNumber) {
      const order = await orders.find(customerId, first.orderNumber)
      const sum = sumOf(standing.filter(({ orderNumber }) => orderNumber === first.orderNumber))
      if (order && sum <= order.total.minor) continue
    }
    found.push({ first, again })
  }
  return found
}

/** What of a charge was not refunded yet, in minor units. */
export function leftOf({ amount, refunded }: Charge): number {
  return amount.minor - refunded.minor
}

function isAgain(first: Charge, other: Charge): boolean {
  return (
    other.description === first.description &&
    other.orderNumber === first.orderNumber &&
    other.amount.minor === first.amount.minor &&
    other.amount.currency === first.amount.currency &&
    daysBetween(first.at, other.at) <= DAYS_APART
  )
}

function sumOf(charges: Charge[]): number {
  return charges.reduce((sum, charge) => sum + leftOf(charge), 0)
}
