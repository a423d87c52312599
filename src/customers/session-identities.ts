import type { Kysely, Transaction } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import type { Clock } from '../clock.ts'
import type { IdentityTables } from '../database/identity-tables.ts'
import type { Tables } from '../database/tables.ts'

/** How a session proved who it is. */
export type Method = IdentityTables['session_identities']['method']

/** How long a proof counts. */
export const VERIFIED_MS = 12 * 3_600_000

/** The session behind a principal; null for one whom a host application vouches for. */
export function sessionOf({ sessionId, assurance, customerId }: Principal): string | null {
  return sessionId ?? (assurance === 'anonymous' ? customerId : null)
}

/**
 * Which customer a session has become. A session is one customer at most, for good: what was accepted from it earlier
 * can never run in another customer's name later. Whoever signs in as somebody else gets a new session.
 * @param demo whether demo sign-ins count; those of an earlier configuration must not open a real installation
 */
export function createSessionIdentities({ db, clock, demo }: { db: Kysely<Tables>; clock: Clock; demo: boolean }) {
  async function find(sessionId: string, rows: Kysely<Tables> = db) {
    const found = await rows
      .selectFrom('session_identities')
      .select(['customer_id', 'method', 'expires_at'])
      .where('session_id', '=', sessionId)
      .where('ended_at', 'is', null)
      .executeTakeFirst()
    return found && (demo || found.method === 'code') ? found : undefined
  }

  return {
    /** What a session became; undefined while it is anonymous, and once it has signed out. */
    find,

    /** Who the customer is by now. @param rows the transaction, inside one */
    async current(principal: Principal, rows?: Kysely<Tables>): Promise<Principal> {
      const sessionId = sessionOf(principal)
      if (sessionId === null) return principal
      const { channel } = principal
      const found = await find(sessionId, rows)
      if (!found) return { customerId: sessionId, assurance: 'anonymous', channel }
      const assurance = clock.now() < found.expires_at ? 'verified' : 'claimed'
      return { customerId: found.customer_id, assurance, channel, sessionId }
    },

    /** @returns false when the session is somebody else, or has signed out; nothing is changed then */
    async prove(trx: Transaction<Tables>, sessionId: string, customerId: string, method: Method): Promise<boolean> {
      const now = clock.now()
      const proof = { customer_id: customerId, method, verified_at: now, expires_at: now + VERIFIED_MS }
      const held = await trx
        .insertInto('session_identities')
        .values({ session_id: sessionId, ...proof, ended_at: null })
        .onConflict((conflict) =>
          conflict
            .column('session_id')
            .doUpdateSet(proof)
            .where('session_identities.ended_at', 'is', null)
            .where((eb) => {
              const same = eb('session_identities.customer_id', '=', customerId)
              return demo ? same : eb.or([same, eb('session_identities.method', '=', 'demo')])
            }),
        )
        .returning('session_id')
        .executeTakeFirst()
      return held !== undefined
    },

    /** The session is nobody from now on. */
    async end(sessionId: string): Promise<void> {
      await db
        .updateTable('session_identities')
        .set({ ended_at: clock.now() })
        .where('session_id', '=', sessionId)
        .where('ended_at', 'is', null)
        .execute()
    },
  }
}

export type SessionIdentities = ReturnType<typeof createSessionIdentities>
