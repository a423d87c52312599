/** What reaches or pays a person, by its form; whoever masks texts reads it the same way. */
export const EMAIL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu
export const ACCOUNT = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g
export const PHONE =
  /(?<![\p{L}\p{N}])(?:\+|00)\d[\d ()/.-]{6,}\d|(?<![\p{L}\p{N}.,])\(?0\d{1,5}\)?[ /-]?\d[\d /-]{4,}\d/gu

/** What stands for a person or an order in a text, the most telling pattern first. */
const PERSONAL: [label: string, pattern: RegExp][] = [
  ['[e-mail]', EMAIL],
  ['[link]', /\bhttps?:\/\/\S+/gi],
  ['[account]', ACCOUNT],
  ['[number]', /#\s?[A-Z]{0,4}-?\d{2,}\b/gi],
  ['[number]', /\b[A-Z]{1,6}[-_][A-Z0-9]*\d[A-Z0-9-]*\b/gi],
  ['[phone]', PHONE],
  ['[number]', /(?<![\p{L}\p{N}.,])(?!\d{4}-\d{2}-\d{2}\b)\d(?:[ -]?\d){5,}(?![\p{L}\p{N}]|[.,]\d)/gu],
  ['[number]', /\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{8,}\b/g],
]

/**
 * The text without e-mail addresses, phone numbers, links, account, card and order numbers. What only a reader would
 * know for personal, such as a name, stays.
 */
export function maskPersonalData(text: string): string {
  return PERSONAL.reduce((masked, [label, pattern]) => masked.replace(pattern, label), text)
}
