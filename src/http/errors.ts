import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'

/** The one place where an error becomes a response. What is not meant for the caller is logged whole and shown as nothing. */
export function createErrorHandler(log: Log, isUnavailable: (error: unknown) => boolean) {
  return (error: Error, c: Context): Response => {
    if (error instanceof AppError) return respond(c, error)
    if (error instanceof HTTPException)
      return respond(
        c,
        new AppError(
          'request.invalid',
          error.status,
          error.status === 400 ? 'The body is not valid JSON.' : error.message,
        ),
      )
    log.error({ path: c.req.path, error: error.message, stack: error.stack }, 'a request failed')
    if (isUnavailable(error))
      return respond(
        c,
        new AppError('database.unavailable', 503, 'The database cannot be written at the moment. Try again.', {
          'Retry-After': '5',
        }),
      )
    return respond(c, new AppError('internal', 500, 'Something went wrong on our side.'))
  }
}

function respond(c: Context, { code, message, status, headers }: AppError): Response {
  return c.json({ error: { code, message } }, status as ContentfulStatusCode, headers)
}

/** Turns a failed validation into one sentence that names every field. */
export function explainIssues(issues: { path: PropertyKey[]; message: string }[]): AppError {
  const text = issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ')
  return new AppError('request.invalid', 400, text)
}
