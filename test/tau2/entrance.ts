import type { Principal } from '../../graphs/context.ts'
import type { Identity } from '../../graphs/identity.ts'

/** The door of one conversation. Who is found is who the customer is from then on, and nobody else can be. */
export function createEntrance() {
  let entered: string | undefined

  const identity: Identity = {
    current: async (principal: Principal) =>
      entered === undefined ? principal : { ...principal, customerId: entered, assurance: 'verified' },
    sendCode: async () => ({ status: 'failed' }),
    checkCode: async () => ({ status: 'expired' }),
  }

  return {
    identity,
    isOpen: () => entered === undefined,
    /** @returns false when somebody else is in already */
    enter(userId: string): boolean {
      entered ??= userId
      return entered === userId
    },
  }
}

export type Entrance = ReturnType<typeof createEntrance>
