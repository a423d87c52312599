import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import type { Principal } from '../../graphs/context.ts'
import type { Conversations } from '../conversations/conversations.ts'
import type { Sessions } from '../customers/sessions.ts'
import { AppError } from '../errors.ts'

const COOKIE = 'baton_session'
const BEARER = /^Bearer ([^\s]+)$/i

/** What routes for customers may ask of a request. */
export interface CustomerEnv {
  Variables: { principal: Principal | null }
}

/** Who is asking: a host's token wins over the session cookie; an anonymous session that signs in brings its conversations. */
export function identify(sessions: Sessions, conversations: Conversations) {
  return createMiddleware<CustomerEnv>(async (c, next) => {
    const cookie = getCookie(c, COOKIE)
    const session = cookie ? await sessions.resume(cookie) : null
    const header = c.req.header('Authorization')
    if (header === undefined) {
      c.set('principal', session)
      return next()
    }
    const token = BEARER.exec(header)?.[1]
    if (!token) throw new AppError('session.invalid_token', 401, 'Authorization must be “Bearer” and a token.')
    const principal = await sessions.verify(token)
    if (session) {
      await conversations.adopt(session.customerId, principal.customerId)
      deleteCookie(c, COOKIE, { path: '/' })
    }
    c.set('principal', principal)
    return next()
  })
}

/** The customer of the request; a new anonymous one with a session cookie where there is none yet. */
export async function principalOrNew(c: Context<CustomerEnv>, sessions: Sessions): Promise<Principal> {
  const known = c.get('principal')
  if (known) return known
  const { principal, token } = await sessions.begin()
  setCookie(c, COOKIE, token, {
    httpOnly: true,
    sameSite: 'Lax',
    path: '/',
    secure: new URL(c.req.url).protocol === 'https:' || c.req.header('X-Forwarded-Proto') === 'https',
    maxAge: 180 * 24 * 3600,
  })
  return principal
}

/** Lets only requests with this token through. */
export function requireToken(token: string, code: string) {
  const expected = digest(`Bearer ${token}`)
  return createMiddleware(async (c, next) => {
    if (!timingSafeEqual(digest(c.req.header('Authorization') ?? ''), expected))
      throw new AppError(code, 401, 'The token is missing or wrong.', { 'WWW-Authenticate': 'Bearer' })
    await next()
  })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
