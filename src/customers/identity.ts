import type { Principal } from '../../graphs/context.ts'
import type { Identity } from '../../graphs/identity.ts'
import { type Method, type SessionIdentities, sessionOf } from './session-identities.ts'
import { createVerification, type VerificationOptions } from './verification.ts'

/** Who is signed in, as the pages show it. */
export interface SessionView {
  customer: { id: string; name?: string } | null
  assurance: Principal['assurance']
  /** `host`: the host application vouches for the customer. */
  method?: Method | 'host'
}

/** Everything that is known of who customers are: what the graph asks for, and what the pages do. */
export interface CustomerIdentity extends Identity {
  session(principal: Principal | null): Promise<SessionView>
  /**
   * Makes the principal's session this demo customer.
   * @returns false when it is another customer, or has signed out: then a new session is needed
   */
  signIn(principal: Principal, customerId: string): Promise<boolean>
  /** The session is nobody from now on. */
  signOut(principal: Principal): Promise<void>
}

/** @param options see {@link VerificationOptions}; `identities` says whether demo sign-ins count */
export function createIdentity(options: VerificationOptions & { identities: SessionIdentities }): CustomerIdentity {
  const { db, customers, log, identities, adopt } = options

  async function nameOf(customerId: string): Promise<{ name?: string }> {
    try {
      const customer = await customers.find(customerId)
      return customer ? { name: customer.name } : {}
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'a customer’s name could not be looked up')
      return {}
    }
  }

  return {
    ...createVerification(options),

    current: (principal) => identities.current(principal),

    async session(principal) {
      if (!principal || principal.assurance === 'anonymous') return { customer: null, assurance: 'anonymous' }
      const { customerId: id, assurance, sessionId } = principal
      const method = sessionId === undefined ? 'host' : (await identities.find(sessionId))?.method
      return { customer: { id, ...(await nameOf(id)) }, assurance, ...(method && { method }) }
    },

    async signIn(principal, customerId) {
      const sessionId = sessionOf(principal)
      if (sessionId === null) return false
      return db.transaction().execute(async (trx) => {
        const proved = await identities.prove(trx, sessionId, customerId, 'demo')
        if (proved) await adopt(trx, sessionId, customerId)
        return proved
      })
    },

    async signOut(principal) {
      const sessionId = sessionOf(principal)
      if (sessionId !== null) await identities.end(sessionId)
    },
  }
}
