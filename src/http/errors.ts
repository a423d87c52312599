import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'

/** What a caller may know of an error. */
export type Explain = (error: Error, path: string) => AppError

/** The one place where an error becomes something to show. What is not meant for the caller is logged whole and shown as nothing. */
export function createExplain(log: Log, isUnavailable: (error: unknown) => boolean): Explain {
  return (error, path) => {
    if (error instanceof AppError) return error
    if (error instanceof HTTPException)
      return new AppError(
        'request.invalid',
        error.status,
        error.status === 400 ? 'The body is not valid JSON.' : error.message,
      )
    log.error({ path, error: error.message, stack: error.stack }, 'a request failed')
    if (isUnavailable(error))
      return new AppError('database.unavailable', 503, 'The database cannot be written at the moment. Try again.', {
        'Retry-After': '5',
      })
    return new AppError('internal', 500, 'Something went wrong on our side.')
  }
}

/** An error as a response. */
export function createErrorHandler(explain: Explain) {
  return (error: Error, c: Context): Response => {
    // Whoever asked is gone: nobody reads this, and nothing is wrong.
    if (c.req.raw.signal.aborted && !(error instanceof AppError)) return c.body(null)
    const { code, message, status, headers } = explain(error, c.req.path)
    return c.json({ error: { code, message } }, status as ContentfulStatusCode, headers)
  }
}

/** Turns a failed validation into one sentence that names every field. */
export function explainIssues(issues: { path: PropertyKey[]; message: string }[]): AppError {
  const text = issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
  return new AppError('request.invalid', 400, text)
}
