import type { Customer, Customers, Systems } from '../../graphs/systems.ts'
import type { Overrides } from '../../src/app.ts'
import { createSmallShop, smallConfig } from '../conversations/small-shop.ts'

const BASICS = { locale: 'en-IE', since: '2025-01-01' }
const CUSTOMERS: Customer[] = [
  { id: 'cus_ann', name: 'Ann Doyle', email: 'ann@example.com', ...BASICS },
  { id: 'cus_bob', name: 'Bob <b>Byrne</b>', email: 'bob@example.com', ...BASICS },
]
export const [ANN, BOB] = CUSTOMERS as [Customer, Customer]

/** Two customers of a shop that is there to be tried. */
export const demoCustomers = CUSTOMERS.map(({ id, name, email }) => ({
  id,
  name,
  email,
  situation: 'Was charged twice',
}))

/** Who is on file. */
const customers: Customers = {
  find: async (id) => CUSTOMERS.find((customer) => customer.id === id) ?? null,
  findByEmail: async (email) => CUSTOMERS.find((customer) => customer.email === email) ?? null,
}

/** A business that only knows who its customers are. */
export const systems = { customers } as Systems

/** The real application with two demo customers. */
export function createDemo(overrides: Overrides = {}, env: Record<string, string> = {}) {
  return createSmallShop({ systems, demoCustomers, ...overrides }, smallConfig(env))
}

export type DemoApp = Awaited<ReturnType<typeof createDemo>>

/** Sends a body as JSON. */
export function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}
