import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from '../../graphs/systems.ts'

/** Money here is as the data has it: dollars as floating numbers, which the recorded results expect to the last bit. */
export interface Tau2Order {
  order_id: string
  user_id: string
  address: Address
  items: { name: string; product_id: string; item_id: string; price: number; options: Record<string, string> }[]
  status: string
  payment_history: { transaction_type: 'payment' | 'refund'; amount: number; payment_method_id: string }[]
  cancel_reason?: string | null
  exchange_items?: string[] | null
  exchange_new_items?: string[] | null
  exchange_payment_method_id?: string | null
  exchange_price_difference?: number | null
  return_items?: string[] | null
  return_payment_method_id?: string | null
}

export type Address = Record<'address1' | 'address2' | 'city' | 'country' | 'state' | 'zip', string>

export interface Tau2User {
  user_id: string
  name: { first_name: string; last_name: string }
  address: Address
  email: string
  payment_methods: Record<string, { source: string; id: string; balance?: number }>
  orders: string[]
}

export interface Variant {
  item_id: string
  options: Record<string, string>
  available: boolean
  price: number
}

export interface Tau2Data {
  products: Record<string, { name: string; product_id: string; variants: Record<string, Variant> }>
  users: Record<string, Tau2User>
  orders: Record<string, Tau2Order>
}

/** A task of the data set, as far as the replay reads it. */
export interface Tau2Task {
  task_id: string
  gold_actions: {
    name: string
    arguments: Record<string, unknown>
    type: string
    result: unknown
    error: string | null
  }[]
  expected_db_changes: Partial<Record<'users' | 'orders', Record<string, unknown>>> | null
}

/** The folder of the data, beside the project or beside one of its parents; undefined where it is not there. */
export function tau2Folder(): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (dirname(folder) !== folder) {
    const found = join(folder, 'shared', 'data')
    if (existsSync(join(found, 'tau2-retail.db.json'))) return found
    folder = dirname(folder)
  }
  return undefined
}

export function readTasks(folder: string): Tau2Task[] {
  return readFileSync(join(folder, 'tau2-retail.tasks.dev.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

export function readShop(folder: string): Tau2Data {
  return JSON.parse(readFileSync(join(folder, 'tau2-retail.db.json'), 'utf8'))
}

/** The shop in memory: everything is looked up for one user, and each change is made at most once a key. */
export function createTau2Shop(data: Tau2Data) {
  const done = new Map<string, unknown>()

  return {
    data,
    order(userId: string, id: string): Tau2Order | null {
      const order = data.orders[id]
      return order?.user_id === userId ? order : null
    },
    user: (userId: string): Tau2User | null => data.users[userId] ?? null,
    settled: (key: string) => done.get(key) ?? null,

    /** Makes a change once. */
    once<Result>(key: string, change: () => Result): Result {
      if (!done.has(key)) done.set(key, change())
      return done.get(key) as Result
    },

    /** Takes from a gift card, or gives to it; other methods have no balance. */
    charge(user: Tau2User, methodId: string, amount: number): void {
      const method = user.payment_methods[methodId]
      if (method?.balance === undefined) return
      if (method.balance < amount) throw new Refusal('payment.balance', INSUFFICIENT)
      method.balance = Math.round((method.balance - amount) * 100) / 100
    },
  }
}

export type Tau2Shop = ReturnType<typeof createTau2Shop>

export const INSUFFICIENT = 'The gift card does not have enough on it.'

/** What the items cost more than those they replace, and the new ones; a sentence where they cannot be had. */
export function swapOf(
  { data }: Tau2Shop,
  order: Tau2Order,
  itemIds: string[],
  newItemIds: string[],
): { difference: number; variants: Variant[] } | string {
  const problem = heldBy(order, itemIds)
  if (problem) return problem
  if (itemIds.length !== newItemIds.length) return 'There have to be as many new items as old ones.'
  let difference = 0
  const variants: Variant[] = []
  for (const [i, itemId] of itemIds.entries()) {
    const item = order.items.find(({ item_id }) => item_id === itemId)
    const variant = data.products[item?.product_id ?? '']?.variants[newItemIds[i] ?? '']
    if (!item || !variant?.available) return `The item ${newItemIds[i]} is not there or not in stock.`
    difference += variant.price - item.price
    variants.push(variant)
  }
  return { difference, variants }
}

/** A sentence where the order does not have all of these pieces. */
export function heldBy(order: Tau2Order, itemIds: string[]): string | undefined {
  const count = (list: string[], id: string) => list.filter((one) => one === id).length
  const held = order.items.map(({ item_id }) => item_id)
  const missing = itemIds.find((id) => count(itemIds, id) > count(held, id))
  return missing && `The order does not have the item ${missing}.`
}
