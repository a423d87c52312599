import type { Money } from '../systems.ts'

/** `EUR 7.90`: as many decimals as the currency has. */
export function money({ minor, currency }: Money): string {
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  return `${currency} ${(minor / 10 ** maximumFractionDigits).toFixed(maximumFractionDigits)}`
}

const written = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })

/** `3 November 2026`, of a day or an instant. */
export function day(dayOrInstant: string): string {
  return written.format(new Date(dayOrInstant))
}

/** The same sentence with its days written for people. */
export function spoken(sentence: string): string {
  return sentence.replace(/\b\d{4}-\d{2}-\d{2}\b/g, day)
}

/** Days from one day or instant to another, whatever the time of day; negative when it lies before. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000
}

/** A numbered list, a line each. */
export function numbered(lines: string[]): string {
  return lines.map((line, index) => `${index + 1}. ${line}`).join('\n')
}

/** `a, b and c`. */
export function and(words: string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(words)
}
