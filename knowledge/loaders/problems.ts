import type { ZodError } from 'zod'

/** What a check found, field by field, on one line. */
export function explain(error: ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
}
