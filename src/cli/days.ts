import { InvalidArgumentError } from 'commander'

/** A whole number of days, or of anything else that is counted from 1. */
export function days(text: string): number {
  const n = Number(text)
  if (!Number.isInteger(n) || n < 1 || n > 36_500) throw new InvalidArgumentError('a whole number from 1 to 36500')
  return n
}
