import type { ReplyGate } from '../../graphs/reply-gate.ts'
import type { LocalRouter } from '../../graphs/routing/route.ts'
import type { Overrides } from '../app.ts'
import type { Clock } from '../clock.ts'
import { withoutLedger } from './without-ledger.ts'

/** Parts that can be switched off, so that a test shows what it is there for. */
export const switches = ['router', 'gate', 'ledger'] as const
export type Switch = (typeof switches)[number]

/** The application without a part: whoever asks gets the first specialist, whatever is written is sent, what is agreed to is simply done. */
export function without(off: Switch[], clock: Clock): Overrides {
  return {
    ...(off.includes('router') && { router: noRouter }),
    ...(off.includes('gate') && { gate: noGate }),
    ...(off.includes('ledger') && { effects: (tools) => withoutLedger(tools, () => new Date(clock.now())) }),
  }
}

const noRouter: LocalRouter = {
  route: () => ({ to: 'billing', by: 'local', confidence: 1, reason: 'the router is off', alternatives: [], asks: [] }),
}

const noGate: ReplyGate = {
  check: ({ text }) => ({ outcome: 'send', text, problems: [] }),
  releases: () => true,
}
