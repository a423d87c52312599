import { randomBytes, randomUUID } from 'node:crypto'
import { createRemoteJWKSet, errors, jwtVerify, SignJWT } from 'jose'
import type { Kysely } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import type { Config } from '../config.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'

/** Anonymous customers' ids begin with it, so that no host's `sub` can be mistaken for one. */
const ANONYMOUS = 'anonymous:'
const SESSION_AUDIENCE = 'baton-session'
const SESSION_DAYS = 180

/** Makes principals from what a request proves. */
export interface Sessions {
  /** A new anonymous customer with the token that proves it. */
  begin(): Promise<{ principal: Principal; token: string }>
  /** The anonymous customer of a session token; null when it is not ours or too old. */
  resume(token: string): Promise<Principal | null>
  /**
   * The verified customer of a host application's token.
   * @throws {AppError} 401 when it does not hold
   */
  verify(token: string): Promise<Principal>
}

/** @param secret signs the anonymous sessions */
export function createSessions(secret: Uint8Array, tokens: Config['customerTokens']): Sessions {
  const keys = tokens?.jwksUrl ? createRemoteJWKSet(new URL(tokens.jwksUrl)) : undefined
  const anonymous = (customerId: string): Principal => ({ customerId, assurance: 'anonymous', channel: 'web' })

  async function verifyHostToken(token: string, { secret, audience }: NonNullable<typeof tokens>) {
    // The algorithm is ours to choose, never the token's.
    if (keys) return jwtVerify(token, keys, { algorithms: ['RS256'], audience, requiredClaims: ['sub', 'exp'] })
    const key = new TextEncoder().encode(secret)
    return jwtVerify(token, key, { algorithms: ['HS256'], audience, requiredClaims: ['sub', 'exp'] })
  }

  return {
    async begin() {
      const customerId = ANONYMOUS + randomUUID()
      const token = await new SignJWT()
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(customerId)
        .setAudience(SESSION_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(`${SESSION_DAYS}d`)
        .sign(secret)
      return { principal: anonymous(customerId), token }
    },

    async resume(token) {
      try {
        const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'], audience: SESSION_AUDIENCE })
        return payload.sub?.startsWith(ANONYMOUS) ? anonymous(payload.sub) : null
      } catch (error) {
        if (error instanceof errors.JOSEError) return null
        throw error
      }
    },

    async verify(token) {
      if (!tokens) throw new AppError('session.not_configured', 401, 'This installation takes no customer tokens.')
      try {
        const { payload } = await verifyHostToken(token, tokens)
        if (!payload.sub || payload.sub.startsWith(ANONYMOUS)) throw new errors.JWTInvalid('sub')
        return { customerId: payload.sub, assurance: 'verified', channel: 'web' }
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error
        throw new AppError('session.invalid_token', 401, 'The customer token does not hold.')
      }
    },
  }
}

/** A secret of this installation, made at first use and kept with its rows. */
export async function installationSecret(db: Kysely<Tables>, name: string): Promise<string> {
  await db
    .insertInto('settings')
    .values({ key: name, value: randomBytes(32).toString('base64url') })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
  const { value } = await db.selectFrom('settings').select('value').where('key', '=', name).executeTakeFirstOrThrow()
  return value
}
