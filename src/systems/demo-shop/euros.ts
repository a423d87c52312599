import type { Money } from '../../../graphs/systems.ts'

/** The demo shop's only currency. */
export function euros(cents: number): Money {
  return { minor: cents, currency: 'EUR' }
}

/** Such as `EUR 7.90`, as the articles write it. */
export function inWords(cents: number): string {
  return `EUR ${(cents / 100).toFixed(2)}`
}
