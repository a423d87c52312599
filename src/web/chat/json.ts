/** What a server's JSON may hold, with every name in doubt. */
export type Fields = Record<string, unknown>

/** The object's fields; none for anything else. */
export const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

/** The text, a number as text, or an empty text. */
export const words = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''

/** The list; an empty one for anything else. */
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
