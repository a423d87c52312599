import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { AppError } from '../errors.ts'

const HERE = /^(127(\.\d{1,3}){3}|\[?::1\]?|(\[?::ffff:)?127(\.\d{1,3}){3}\]?|localhost)$/i
/** What proxies add; `X-Forwarded-…` besides. */
const FORWARDED = new Set(['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'])

/** True for the names and addresses by which a machine reaches only itself. */
export function isLoopback(host: string): boolean {
  return HERE.test(host)
}

/**
 * Lets only this machine through; to everybody else there is nothing here.
 *
 * The Host header is checked besides the address: a page of somebody else's site may point its own name at 127.0.0.1
 * once it is loaded (DNS rebinding), and its requests are then same-origin and come from this machine. They still name
 * that site as their host. What a proxy forwards comes from this machine too, on behalf of anybody; nginx as it comes
 * adds no header and names this machine as the host, but it speaks HTTP/1.0, which no browser does.
 */
export const onlyFromThisMachine = createMiddleware(async (c, next) => {
  const { hostname } = new URL(c.req.url)
  const names = Object.keys(c.req.header())
  const forwarded = names.some((name) => FORWARDED.has(name) || name.startsWith('x-forwarded-')) || isOld(c)
  const remote = remoteAddress(c)
  if (!isLoopback(hostname) || forwarded || (remote !== undefined && !isLoopback(remote)))
    throw new AppError('request.not_found', 404, 'There is nothing here.')
  await next()
})

function isOld(c: Context): boolean {
  return c.env?.incoming?.httpVersion === '1.0'
}

/** Undefined where the request came over no connection, as in a test. */
function remoteAddress(c: Context): string | undefined {
  return c.env?.incoming ? (getConnInfo(c).remote.address ?? 'unknown') : undefined
}
