import type { Money } from '../../graphs/systems.ts'

/** Reads `EUR 50.00`, with as many decimals as the currency has; null when it is not that. */
export function parseMoney(text: string): Money | null {
  const [, currency = '', whole = '', decimals = ''] = /^([A-Z]{3}) (\d{1,12})(?:\.(\d+))?$/.exec(text) ?? []
  if (!currency || decimals.length !== decimalsOf(currency)) return null
  return { minor: Number(whole + decimals), currency }
}

/** As `EUR 50.00`. */
export function formatMoney({ minor, currency }: Money): string {
  const decimals = decimalsOf(currency)
  return `${currency} ${(minor / 10 ** decimals).toFixed(decimals)}`
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}
