import { ACCOUNT, EMAIL, PHONE } from '../conversations/masked.ts'
import { DEMO_CUSTOMERS } from '../systems/demo-shop/demo-customers.ts'

/** Replaces what is personal in texts by stand-ins of the demo, the same by the same. */
export interface Masking {
  mask(text: string): string
  /** How many different things were replaced, by their kind. */
  counts(): Record<string, number>
}

/** Who is spoken of, and who stands in for them. */
export interface Persons {
  /** The customer's name and address, where they are known. */
  real: { name?: string | undefined; email?: string | undefined; orders: string[] }
  standIn: { name: string; email: string; orders: string[] }
  /** Names of agents. */
  agents: string[]
}

const ORDER = /\b[A-Z]{2}-\d{5,}\b/g
const CARD = /\b(?:\d[ -]?){13,19}\b/g
const STREET =
  /\b\d{1,4}[a-z]?,? (?:\p{Lu}[\p{L}'’-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Place|Court|Way|Terrace)\b|\b\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|allee|gasse) \d{1,4}[a-z]?\b/gu
const NAMED =
  /\b(?:[Mm]y name is|I am called|[Tt]his is|[Ss]igned|[Rr]egards,?|Dear|Hello|Hi|Herr|Frau|Mr\.?|Mrs\.?|Ms\.?)\s+(\p{Lu}[\p{Ll}'’-]+(?: \p{Lu}[\p{Ll}'’-]+)+)/gu

/**
 * Masks by code: addresses, phone numbers, cards, streets and order numbers by their form, names where they are known or
 * stand after words that announce one. A name that nothing announces stays: read what you share.
 */
export function createMasking({ real, standIn, agents }: Persons): Masking {
  const given = new Map<string, Map<string, string>>()
  const replace = (kind: string, found: string, make: (n: number) => string): string => {
    const known = given.get(kind) ?? new Map<string, string>()
    given.set(kind, known)
    const before = known.get(found)
    if (before !== undefined) return before
    const made = make(known.size)
    known.set(found, made)
    return made
  }
  const demo = new Set(DEMO_CUSTOMERS.map(({ email }) => email))
  const isOwn = real.email === standIn.email

  return {
    mask(text) {
      let masked = text
      if (!isOwn) {
        if (real.email)
          masked = masked.replaceAll(new RegExp(escaped(real.email), 'gi'), () =>
            replace('email', real.email ?? '', () => standIn.email),
          )
        masked = replaceName(
          masked,
          real.name,
          standIn.name,
          () => void replace('name', real.name ?? '', () => standIn.name),
        )
        masked = masked.replace(ORDER, (order) =>
          replace(
            'order',
            order,
            (n) => (real.orders.includes(order) ? standIn.orders[n] : undefined) ?? `LF-${90_001 + n}`,
          ),
        )
      }
      masked = masked
        .replace(EMAIL, (email) =>
          demo.has(email.toLowerCase()) ? email : replace('other email', email, (n) => `somebody.${n + 1}@example.com`),
        )
        .replace(ACCOUNT, (iban) => replace('iban', iban, () => 'IBAN-EXAMPLE'))
        .replace(CARD, (card) => replace('card', card, () => 'CARD-EXAMPLE'))
        .replace(PHONE, (phone) => replace('phone', phone, (n) => `+00 555 01${String(n).padStart(2, '0')}`))
        .replace(STREET, (street) => replace('street', street, (n) => `${n + 1} Example Street`))
        .replace(NAMED, (all, name: string) =>
          name === standIn.name
            ? all
            : all.replace(
                name,
                replace('other name', name, (n) => `Person ${'ABCDEFGH'[n] ?? n}`),
              ),
        )
      for (const agent of agents) masked = replaceName(masked, agent, agentName(agents, agent), () => {})
      return masked
    },
    counts: () => Object.fromEntries([...given].map(([kind, found]) => [kind, found.size])),
  }
}

/** An agent's stand-in, in the order in which they appear. */
export function agentName(agents: string[], agent: string): string {
  return ['Mara', 'Jon', 'Ines', 'Pavel'][agents.indexOf(agent)] ?? `Agent ${agents.indexOf(agent) + 1}`
}

function replaceName(text: string, name: string | undefined, by: string, onFound: () => void): string {
  if (!name || name === by) return text
  let masked = text
  const parts = name.split(' ')
  const stand = by.split(' ')
  for (const [from, to] of [
    [name, by],
    [parts[0], stand[0]],
    [parts.at(-1), stand.at(-1)],
  ]) {
    if (!from || from.length < 3) continue
    masked = masked.replace(new RegExp(`(?<![\\p{L}])${escaped(from)}(?![\\p{L}])`, 'gu'), () => {
      onFound()
      return to ?? ''
    })
  }
  return masked
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
