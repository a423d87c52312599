import { isDeepStrictEqual } from 'node:util'
import type { Changes, Order, OrderItem, Product, Records, User, Variant } from './records.ts'

/** What a change leaves behind: the order or the customer that it was about. */
export type Changed = Order | User

/**
 * The tau2 shop in memory: a business system outside of ours. What it gives is a copy. A change is made once a key,
 * and the key tells later whether it was.
 */
export function createShop(loaded: Records) {
  const records = structuredClone(loaded)
  const done = new Map<string, Changed>()
  const revisions = new Map<string, number>()

  return {
    user: (id: string): User | null => copyOf(records.users[id]),
    order: (id: string): Order | null => copyOf(records.orders[id]),
    product: (id: string): Product | null => copyOf(records.products[id]),
    products: (): Product[] => structuredClone(Object.values(records.products)),

    findUser: (is: (user: User) => boolean): User | null => copyOf(Object.values(records.users).find(is)),

    item: (id: string): Variant | null =>
      copyOf(Object.values(records.products).find(({ variants }) => variants[id])?.variants[id]),

    /** What an ordered item can be replaced with: another variant of its product. */
    variant: ({ product_id }: OrderItem, id: string): Variant | null =>
      copyOf(records.products[product_id]?.variants[id]),

    /** How often the order or the customer was changed, so that the same change can be wanted anew. */
    revision: (id: string): number => revisions.get(id) ?? 0,

    /** Changes an order and what its customer has on gift cards. @throws {Refusal} from `change`, before it changes any */
    async changeOrder(key: string, id: string, change: (order: Order, user: User) => void): Promise<Changed> {
      const order = there(records.orders[id])
      return once(key, id, order, () => change(order, there(records.users[order.user_id])))
    },

    /** Changes what is on record about a customer. */
    async changeUser(key: string, id: string, change: (user: User) => void): Promise<Changed> {
      const user = there(records.users[id])
      return once(key, id, user, () => change(user))
    },

    /** What the change of this key left behind; null when there was none. */
    settled: async (key: string): Promise<Changed | null> => copyOf(done.get(key)),

    /** What is not as it was loaded. A part without changes is left out. */
    changes(): Changes {
      const users = changed(loaded.users, records.users)
      const orders = changed(loaded.orders, records.orders)
      return { ...(users && { users }), ...(orders && { orders }) }
    },
  }

  function once(key: string, id: string, record: Changed, change: () => void): Changed {
    const known = done.get(key)
    if (known) return structuredClone(known)
    change()
    revisions.set(id, (revisions.get(id) ?? 0) + 1)
    done.set(key, structuredClone(record))
    return structuredClone(record)
  }
}

export type Shop = ReturnType<typeof createShop>

function copyOf<Value>(value: Value | undefined): Value | null {
  return value === undefined ? null : structuredClone(value)
}

function there<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('not in the books')
  return value
}

function changed<Value>(before: Record<string, Value>, after: Record<string, Value>) {
  const entries = Object.entries(after).filter(([id, value]) => !isDeepStrictEqual(value, before[id]))
  return entries.length > 0 ? Object.fromEntries(structuredClone(entries)) : undefined
}
