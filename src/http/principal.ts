import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { createMiddleware } from 'hono/factory'
import type { Principal } from '../../graphs/context.ts'
import type { Identity } from '../../graphs/identity.ts'
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
export function identify(sessions: Sessions, conversations: Conversations, identity: Identity) {
  return createMiddleware<CustomerEnv>(async (c, next) => {
    const cookie = getCookie(c, COOKIE)
    const begun = cookie ? await sessions.resume(cookie) : null
    const session = begun && (await identity.current(begun))
    const header = c.req.header('Authorization')
    if (header === undefined) {
      c.set('principal', session)
      return next()
    }
    const token = BEARER.exec(header)?.[1]
    if (!token) throw new AppError('session.invalid_token', 401, 'Authorization must be “Bearer” and a token.')
    const principal = await sessions.verify(token)
    if (begun && session) {
      // What a session was told as one customer is not for another one who signs in at the same browser.
      if (session.assurance === 'anonymous' || session.customerId === principal.customerId)
        await conversations.adopt(begun.customerId, principal.customerId)
      forgetSession(c)
    }
    c.set('principal', principal)
    return next()
  })
}

/** The customer of the request; a new anonymous one with a session cookie where there is none yet. */
export async function principalOrNew(c: Context<CustomerEnv>, sessions: Sessions): Promise<Principal> {
  return c.get('principal') ?? newSession(c, sessions)
}

/** A new anonymous customer; the browser's session before it is forgotten. */
export async function newSession(c: Context<CustomerEnv>, sessions: Sessions): Promise<Principal> {
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

/** The browser has no session any more. */
export function forgetSession(c: Context<CustomerEnv>): void {
  deleteCookie(c, COOKIE, { path: '/' })
}

/**
 * Does `work` as who the customer is by now. A customer may prove who they are in the very moment between the look and
 * the work, which takes their conversations to another id: then the work is tried once more, under that one.
 */
export async function asCurrent<T>(
  identity: Identity,
  principal: Principal,
  work: (principal: Principal) => Promise<T>,
): Promise<T> {
  const now = await identity.current(principal)
  try {
    return await work(now)
  } catch (error) {
    const later = await identity.current(principal)
    if (later.customerId === now.customerId) throw error
    return work(later)
  }
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
