import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { AppError } from '../errors.ts'

const HERE = /^(127(\.\d{1,3}){3}|\[?::1\]?|(\[?::ffff:)?127(\.\d{1,3}){3}\]?|localhost)$/i
const FORWARDED = ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP']

/** True for the names and addresses by which a machine reaches only itself. */
export function isLoopback(host: string): boolean {
  return HERE.test(host)
}

/**
 * Lets only this machine through; to everybody else there is nothing here.
 *
 * The Host header is checked besides the address: a page of somebody else's site may point its own name at 127.0.0.1
 * once it is loaded (DNS rebinding), and its requests are then same-origin and come from this machine. They still name
 * that site as their host. What a proxy forwards comes from this machine too, on behalf of anybody.
 */
export const onlyFromThisMachine = createMiddleware(async (c, next) => {
  const { hostname } = new URL(c.req.url)
  const forwarded = FORWARDED.some((name) => c.req.header(name) !== undefined)
  const remote = remoteAddress(c)
  if (!isLoopback(hostname) || forwarded || (remote !== undefined && !isLoopback(remote)))
    throw new AppError('request.not_found', 404, 'There is nothing here.')
  await next()
})

/** Undefined where the request came over no connection, as in a test. */
function remoteAddress(c: Context): string | undefined {
  return c.env?.incoming ? (getConnInfo(c).remote.address ?? 'unknown') : undefined
}
