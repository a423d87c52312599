import { fields, list, words } from './json.ts'

/** An amount in minor units, such as cents, with its ISO 4217 currency. */
export interface Money {
  minor: number
  currency: string
}

/** Something that would be done if the customer said yes; `approvals` is how many colleagues have to agree to it. */
export interface Proposal {
  key: string
  summary: string
  amount: Money | null
  approvals: number
}

/** What a reply asks of the customer besides words. */
export type Action = { kind: 'confirm'; items: Proposal[] } | { kind: 'verify-email' } | { kind: 'verify-code' }

const states = ['planned', 'awaiting', 'in_flight', 'done', 'failed', 'in_doubt'] as const

/** What became of a proposal by now; `code` says why it failed, `message` is a sentence for the customer. */
export interface Effect extends Proposal {
  state: (typeof states)[number]
  code: string | null
  message: string | null
  at: string
}

/** Reads what a reply asks for; null when it asks for nothing that this page knows. */
export function readAction(value: unknown): Action | null {
  const body = fields(value)
  switch (body.kind) {
    case 'verify-email':
    case 'verify-code':
      return { kind: body.kind }
    case 'confirm': {
      const items = list(body.items)
        .map(readProposal)
        .filter((item) => item !== null)
      return items.length > 0 ? { kind: 'confirm', items } : null
    }
    default:
      return null
  }
}

/** Reads an effect; null when it lacks its key or is in a state that this page does not know. */
export function readEffect(value: unknown): Effect | null {
  const body = fields(value)
  const proposal = readProposal(value)
  const state = states.find((known) => known === body.state)
  if (!proposal || !state) return null
  return {
    ...proposal,
    approvals: Math.max(proposal.approvals, state === 'awaiting' ? 1 : 0),
    state,
    code: words(body.code) || null,
    message: words(body.message) || null,
    at: words(body.at) || new Date().toISOString(),
  }
}

function readProposal(value: unknown): Proposal | null {
  const body = fields(value)
  const key = words(body.key)
  if (!key) return null
  return {
    key,
    summary: words(body.summary) || words(body.tool).replaceAll('_', ' '),
    amount: readMoney(body.amount),
    approvals: typeof body.approvals === 'number' ? body.approvals : 0,
  }
}

function readMoney(value: unknown): Money | null {
  const { minor, currency } = fields(value)
  return typeof minor === 'number' && typeof currency === 'string' ? { minor, currency } : null
}
