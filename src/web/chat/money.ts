import type { Money } from './effect.ts'

/** The amount as the reader of the page writes money, with as many decimals as its currency has. */
export function moneyWords({ minor, currency }: Money): string {
  try {
    const format = new Intl.NumberFormat(undefined, { style: 'currency', currency })
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2))
  } catch {
    // A currency that the browser refuses to name; the raw figure is still the truth.
    return `${minor} ${currency}`
  }
}
