import type { Budgets } from '../../graphs/budget.ts'
import type { Principal } from '../../graphs/context.ts'
import type { EffectOutcome, EffectRequest, Effects } from '../../graphs/effects.ts'
import type { CodeOutcome, Identity } from '../../graphs/identity.ts'
import type { Systems } from '../../graphs/systems.ts'
import { stableId } from '../../graphs/thread.ts'

/** What stands in for everything outside the graph: nothing is written, everything is remembered. */
export function doubles() {
  return {
    systems: {} as Systems,
    effects: memoryEffects(),
    identity: memoryIdentity(),
    budgets: unlimited,
    now: () => new Date('2026-11-25T12:00:00Z'),
    isOutage: () => false,
  }
}

const free = async () => {}
export const unlimited: Budgets = { modelCall: free, modelAnswered: free, toolCall: free }

export interface MemoryEffects extends Effects {
  performed: string[]
  cancelled: string[]
  /** What performing comes to; done unless told. */
  outcome: Partial<EffectOutcome>
}

/** Plans whatever is asked for and performs it at most once a key. */
export function memoryEffects(): MemoryEffects {
  const planned = new Map<string, EffectRequest & { summary: string }>()
  return {
    performed: [],
    cancelled: [],
    outcome: {},
    async plan(request) {
      const { tool, args, principal, signal, turnId } = request
      const now = new Date('2026-11-25T12:00:00Z')
      const facts = await tool.facts(args, { principal, signal, now, today: '2026-11-25' })
      if (facts === null) return { status: 'refused', code: 'effect.not_found', message: 'I cannot find that.' }
      const precluded = tool.precondition(facts, args)
      if (precluded) return { status: 'refused', ...precluded }
      const key = stableId(turnId, tool.name, tool.object(args, facts))
      const summary = tool.proposal(args, facts)
      planned.set(key, { ...request, summary })
      const amount = tool.amount?.(args, facts) ?? null
      return { status: 'planned', effect: { key, argsHash: 'h', tool: tool.name, summary, amount, approvals: 0 } }
    },
    async perform({ key }) {
      const found = planned.get(key)
      if (!this.performed.includes(key)) this.performed.push(key)
      const { tool, summary } = { tool: found?.tool.name ?? '', summary: found?.summary ?? '' }
      const done = { status: 'done', message: `Done: ${summary}.`, ...this.outcome } as EffectOutcome
      return { ...done, key, tool, summary, amount: null }
    },
    async cancel(keys) {
      this.cancelled.push(...keys)
    },
  }
}

export interface MemoryIdentity extends Identity {
  sent: string[]
  verifiedAs: string | null
}

/** Knows one code, 123456, which makes whoever types it customer `c1`. */
export function memoryIdentity(): MemoryIdentity {
  return {
    sent: [],
    verifiedAs: null,
    async current(principal): Promise<Principal> {
      return this.verifiedAs ? { ...principal, customerId: this.verifiedAs, assurance: 'verified' } : principal
    },
    async sendCode({ email }) {
      this.sent.push(email)
      return { status: 'sent' }
    },
    async checkCode({ principal, code }): Promise<CodeOutcome> {
      if (code !== '123456') return { status: 'wrong', triesLeft: 4 }
      this.verifiedAs = 'c1'
      return { status: 'verified', principal: await this.current(principal) }
    },
  }
}
