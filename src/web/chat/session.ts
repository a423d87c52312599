import { fields, list, words } from './json.ts'

/** Who the customer is to the server; `customer` is null unless that is proved. */
export interface Session {
  customer: { id: string; name: string | null } | null
}

/** A customer of the demo shop that anybody may try the page as; `situation` says what they could ask about. */
export interface DemoCustomer {
  id: string
  name: string
  email: string
  situation: string
  examples: string[]
}

/** The demo shop's offer; `signedInAs` is a customer's id. */
export interface Demo {
  customers: DemoCustomer[]
  signedInAs: string | null
}

/** Reads who is signed in; a customer that was only claimed is nobody. */
export function readSession(value: unknown): Session {
  const body = fields(value)
  const customer = fields(body.customer)
  const id = words(customer.id)
  return { customer: id && body.assurance === 'verified' ? { id, name: words(customer.name) || null } : null }
}

/** Reads the demo's offer; a customer without an id is left out. */
export function readDemo(value: unknown): Demo {
  const body = fields(value)
  return {
    customers: list(body.customers)
      .map(fields)
      .filter((customer) => words(customer.id))
      .map((customer) => ({
        id: words(customer.id),
        name: words(customer.name) || words(customer.id),
        email: words(customer.email),
        situation: words(customer.situation),
        examples: list(customer.examples).map(words).filter(Boolean),
      })),
    signedInAs: words(body.signedInAs) || null,
  }
}
