import type { createRoute, OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Env } from 'hono'
import type { z } from 'zod'
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

/** Adds a described route. What it answers is checked by its tests, not by the generator's types. */
export function addRoute<E extends Env>(
  app: OpenAPIHono<E>,
  route: ReturnType<typeof createRoute>,
  handler: (c: Context<E>) => Response | Promise<Response>,
): void {
  app.openapi(route, handler as never)
}
