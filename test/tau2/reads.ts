import { z } from 'zod'
import { defineReadTool, type Tool, type ToolCallContext } from '../../graphs/tool.ts'
import type { Tau2Shop } from './shop.ts'

const basics = { timeoutMs: 1_000, logs: [] }
const found = (data: unknown, what: string) => ({ say: data === null ? `${what} not found` : `${what} found`, data })

/** The tools that only look. Whoever is found is the customer from then on: see the replay. */
export function readTools(shop: Tau2Shop): Tool[] {
  const { data } = shop
  const userId = ({ principal }: ToolCallContext) => principal.customerId
  const users = Object.values(data.users)
  return [
    defineReadTool({
      ...basics,
      name: 'find_user_id_by_email',
      description: 'Finds the customer by the e-mail address they name.',
      assurance: 'anonymous',
      schema: z.strictObject({ email: z.string() }),
      run: async ({ email }) =>
        found(users.find((user) => user.email.toLowerCase() === email.toLowerCase())?.user_id ?? null, 'User'),
    }),
    defineReadTool({
      ...basics,
      name: 'find_user_id_by_name_zip',
      description: 'Finds the customer by first name, last name and zip code.',
      assurance: 'anonymous',
      schema: z.strictObject({ first_name: z.string(), last_name: z.string(), zip: z.string() }),
      run: async ({ first_name, last_name, zip }) => {
        const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
        const user = users.find(
          ({ name, address }) =>
            same(name.first_name, first_name) && same(name.last_name, last_name) && address.zip === zip,
        )
        return found(user?.user_id ?? null, 'User')
      },
    }),
    defineReadTool({
      ...basics,
      name: 'get_user_details',
      description: 'Shows the customer’s own profile, addresses and payment methods.',
      assurance: 'verified',
      schema: z.strictObject({}),
      run: async (_args, context) => found(shop.user(userId(context)), 'User'),
    }),
    defineReadTool({
      ...basics,
      name: 'get_order_details',
      description: 'Shows one of the customer’s own orders.',
      assurance: 'verified',
      schema: z.strictObject({ order_id: z.string() }),
      run: async ({ order_id }, context) => found(shop.order(userId(context), order_id), 'Order'),
    }),
    defineReadTool({
      ...basics,
      name: 'get_product_details',
      description: 'Shows a product with all its variants.',
      assurance: 'anonymous',
      schema: z.strictObject({ product_id: z.string() }),
      run: async ({ product_id }) => found(data.products[product_id] ?? null, 'Product'),
    }),
    defineReadTool({
      ...basics,
      name: 'get_item_details',
      description: 'Shows one variant of a product by its item id.',
      assurance: 'anonymous',
      schema: z.strictObject({ item_id: z.string() }),
      run: async ({ item_id }) =>
        found(
          Object.values(data.products).find(({ variants }) => variants[item_id])?.variants[item_id] ?? null,
          'Item',
        ),
    }),
    defineReadTool({
      ...basics,
      name: 'list_all_product_types',
      description: 'Lists the names of all products with their ids.',
      assurance: 'anonymous',
      schema: z.strictObject({}),
      run: async () =>
        found(
          Object.fromEntries(Object.values(data.products).map(({ name, product_id }) => [name, product_id])),
          'List',
        ),
    }),
    defineReadTool({
      ...basics,
      name: 'calculate_sum',
      description: 'Calculates a sum such as 1.5 + 2 * 3.',
      assurance: 'anonymous',
      schema: z.strictObject({ expression: z.string().regex(/^[\d+\-*/(). ]+$/) }),
      run: async ({ expression }) => found(calculate(expression), 'Result'),
    }),
  ]
}

/** Sums, products and brackets, rounded to cents. */
function calculate(expression: string): string {
  const tokens = expression.match(/\d+(?:\.\d+)?|[+\-*/()]/g) ?? []
  const next = () => tokens.shift() ?? ''
  function factor(): number {
    const token = next()
    if (token === '-') return -factor()
    if (token !== '(') return Number(token)
    const inside = sum()
    next()
    return inside
  }
  function product(): number {
    let value = factor()
    while (tokens[0] === '*' || tokens[0] === '/') value = next() === '*' ? value * factor() : value / factor()
    return value
  }
  function sum(): number {
    let value = product()
    while (tokens[0] === '+' || tokens[0] === '-') value = next() === '+' ? value + product() : value - product()
    return value
  }
  return String(Math.round(sum() * 100) / 100)
}
