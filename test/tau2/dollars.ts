import type { Money } from '../../graphs/systems.ts'
import { formatMoney } from '../../src/effects/money.ts'

/** Dollars as tau2 writes them, as money. */
export function usd(dollars: number): Money {
  return { minor: Math.round(dollars * 100), currency: 'USD' }
}

/** Whole cents, still in dollars. */
export function rounded(dollars: number): number {
  return Number(dollars.toFixed(2))
}

/** As `USD 16.63`, whichever way it goes. */
export function spoken(dollars: number): string {
  return formatMoney(usd(Math.abs(dollars)))
}
