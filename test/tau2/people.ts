import { z } from 'zod'
import { defineReadTool, type Tool } from '../../graphs/tool.ts'
import type { Entrance } from './entrance.ts'
import type { User } from './records.ts'
import type { Shop } from './shop.ts'

/** Finds the customer by name and zip code, which lets them in. */
export function findUserByNameZip(shop: Shop, entrance: Entrance): Tool {
  return defineReadTool({
    name: 'find_user_id_by_name_zip',
    description: 'Who the customer is, by first name, last name and zip code, where they do not remember their email.',
    schema: z.strictObject({ first_name: z.string(), last_name: z.string(), zip: z.string() }),
    assurance: 'anonymous',
    timeoutMs: 5_000,
    logs: [],
    run: async ({ first_name, last_name, zip }) =>
      letIn(
        entrance,
        shop.findUser(
          ({ name, address }) =>
            same(name.first_name, first_name) && same(name.last_name, last_name) && address.zip === zip,
        ),
      ),
  })
}

/** Finds the customer by email address, which lets them in. */
export function findUserByEmail(shop: Shop, entrance: Entrance): Tool {
  return defineReadTool({
    name: 'find_user_id_by_email',
    description: 'Who the customer is, by email address. The first thing to ask a customer for.',
    schema: z.strictObject({ email: z.string() }),
    assurance: 'anonymous',
    timeoutMs: 5_000,
    logs: [],
    run: async ({ email }) =>
      letIn(
        entrance,
        shop.findUser((user) => same(user.email, email)),
      ),
  })
}

/** What is on record about the customer. */
export function getUserDetails(shop: Shop): Tool {
  return defineReadTool({
    name: 'get_user_details',
    description: 'The name, address, payment methods and order numbers of the customer.',
    schema: z.strictObject({ user_id: z.string() }),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: [],
    async run({ user_id }, { principal }) {
      const user = user_id === principal.customerId ? shop.user(user_id) : null
      return user ? { say: 'This is what I have about you.', data: user } : { say: 'I cannot see that.', data: null }
    },
  })
}

function letIn(entrance: Entrance, user: User | null) {
  if (!user) return { say: 'I cannot find you with these details. Could you check them?', data: null }
  if (!entrance.enter(user.user_id)) return { say: 'I can only help with one account in a conversation.', data: null }
  return { say: `Thank you, ${user.name.first_name}.`, data: user.user_id }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
