import type { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Env } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { z } from 'zod'
import { AppError } from '../errors.ts'
import { errorBody } from './schemas.ts'

/**
 * A schema as the route's description wants it. The generator's types augment zod's CommonJS declarations, which the
 * same zod's ES module declarations do not meet; at run time it is one zod.
 */
export function described(schema: z.ZodType): never {
  return schema as never
}

/** A JSON body that must be there and match. */
export function jsonBody(schema: z.ZodType) {
  return { required: true, content: { 'application/json': { schema: described(schema) } } }
}

/** A JSON response. */
export function jsonResponse(schema: z.ZodType, description: string) {
  return { description, content: { 'application/json': { schema: described(schema) } } }
}

/** Refusals by status, all of the one error shape. */
export function refusals(descriptions: Record<number, string>) {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, text]) => [status, jsonResponse(errorBody, text)]),
  )
}

/** What the route's validation let through. */
export function valid<T>(c: Context, part: 'json' | 'param' | 'query', _schema: z.ZodType<T>): T {
  return c.req.valid(part as never) as T
}

/** Without it a body of another type would be read as an empty one, and the refusal would name the wrong fault. */
const requireJson = createMiddleware(async (c, next) => {
  const type = c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new AppError('request.not_json', 415, 'Send JSON, with the header Content-Type: application/json.')
  await next()
})

/** Adds a described route. What it answers is checked by its tests, not by the generator's types. */
export function addRoute<E extends Env>(
  app: OpenAPIHono<E>,
  route: ReturnType<typeof createRoute>,
  handler: (c: Context<E>) => Response | Promise<Response>,
): void {
  const described = route.request?.body ? { ...route, middleware: [requireJson] as never } : route
  app.openapi(described, handler as never)
}
