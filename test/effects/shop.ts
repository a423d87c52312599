import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Principal } from '../../graphs/context.ts'
import type { EffectOutcome, PlannedEffect } from '../../graphs/effects.ts'
import { type Money, Refusal } from '../../graphs/systems.ts'
import { defineEffectTool, type EffectTool } from '../../graphs/tool.ts'
import type { Clock } from '../../src/clock.ts'
import { openConversation } from '../../src/conversations/inbox.ts'
import { createApprovals } from '../../src/effects/approvals.ts'
import { createEffects } from '../../src/effects/effects.ts'
import { loadPolicies } from '../../src/effects/policy-file.ts'
import { log, open } from '../database/contract.ts'

/** Long enough for a machine that is busy with other tests. */
const TIME_LIMIT = 1_000
const eur = (minor: number): Money => ({ minor, currency: 'EUR' })

/** What the provider does with its next call, instead of what it should. */
export type Fault = 'apply-then-hang' | 'hang' | 'apply-then-fail' | 'fail' | 'refuse' | (() => void)

/** The outside system: it does a key once, and remembers every call. */
export function createProvider() {
  const charges = new Map<string, { customerId: string; amount: number; refunded: number }>()
  const calls: string[] = []
  const done = new Map<string, { chargeId: string; minor: number }>()
  const faults: Fault[] = []
  /** Answers to the next look-ups: a failure, or what is there. */
  const lookUpFaults: 'fail'[] = []

  async function refund(key: string, chargeId: string, minor: number): Promise<{ chargeId: string; minor: number }> {
    calls.push(key)
    const fault = faults.shift()
    if (fault === 'refuse') throw new Refusal('billing.not_paid', 'This charge was never paid.')
    if (fault === 'fail') throw new Error('connection reset')
    if (fault === 'hang') await new Promise(() => {})
    const known = done.get(key)
    if (known) return known
    const charge = charges.get(chargeId)
    if (!charge || charge.refunded + minor > charge.amount) throw new Refusal('billing.over_remainder', 'Too much.')
    charge.refunded += minor
    const result = { chargeId, minor }
    done.set(key, result)
    if (fault === 'apply-then-fail') throw new Error('connection reset')
    if (fault === 'apply-then-hang') await new Promise(() => {})
    if (typeof fault === 'function') fault()
    await sleep(1)
    return result
  }

  return {
    charges,
    calls,
    done,
    faults,
    lookUpFaults,
    refund,
    charge(customerId: string, amount: number): string {
      const id = `ch_${charges.size + 1}`
      charges.set(id, { customerId, amount, refunded: 0 })
      return id
    },
    refunded: (chargeId: string) => charges.get(chargeId)?.refunded ?? 0,
    async lookUp(key: string) {
      if (lookUpFaults.shift()) throw new Error('connection reset')
      return done.get(key) ?? null
    },
  }
}

export type Provider = ReturnType<typeof createProvider>

function refundTool(provider: Provider): EffectTool {
  return defineEffectTool({
    name: 'refund_charge',
    description: 'Pays a charge back, all or a part of it.',
    schema: z.strictObject({ chargeId: z.string(), minor: z.number().int().optional(), part: z.string().optional() }),
    assurance: 'verified',
    timeoutMs: TIME_LIMIT,
    logs: ['chargeId'],
    effect: 'money',
    policy: 'refund',
    facts: async ({ chargeId }, { principal }) => {
      const charge = provider.charges.get(chargeId)
      await sleep(0)
      return charge?.customerId === principal.customerId ? { ...charge, id: chargeId } : null
    },
    precondition: (charge) =>
      charge.refunded >= charge.amount ? { code: 'refund.nothing_left', message: 'All of it is paid back.' } : null,
    object: ({ chargeId }) => `charge:${chargeId}`,
    businessKey: ({ chargeId, part = 'all' }) => `refund:${chargeId}:${part}`,
    amount: ({ minor }, charge) => eur(minor ?? charge.amount),
    remainder: (charge) => eur(charge.amount - charge.refunded),
    proposal: ({ minor, chargeId }, charge) => `refund ${minor ?? charge.amount} cents of ${chargeId}`,
    run: ({ chargeId, minor }, charge, { key }) => provider.refund(key, chargeId, minor ?? charge.amount),
    lookUp: (key) => provider.lookUp(key),
    receipt: ({ minor, chargeId }) => `I have refunded ${minor} cents of ${chargeId}.`,
  }) as EffectTool
}

/** A clock that runs, and can be set forward. */
export function createMovableClock(): Clock & { forward(ms: number): void } {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    sleep: (ms) => sleep(ms),
    forward(ms) {
      ahead += ms
    },
  }
}

/** A ledger on a database of its own, or beside another on the same. */
export async function createLedger(
  url: string,
  beside?: { provider: Provider; clock: ReturnType<typeof createMovableClock> },
) {
  const { db } = await open(url)
  const provider = beside?.provider ?? createProvider()
  const clock = beside?.clock ?? createMovableClock()
  const news: string[] = []
  const onInbox = (conversationId: string) => void news.push(conversationId)
  const tool = refundTool(provider)
  const effects = createEffects({
    db,
    tools: new Map([[tool.name, tool]]),
    policies: await loadPolicies(),
    clock,
    log,
    onInbox,
  })
  const approvals = createApprovals({ db, clock, onInbox })
  let turns = 0

  /** A verified customer with a conversation. */
  async function customer(customerId: string) {
    const conversationId = crypto.randomUUID()
    const principal: Principal = { customerId, assurance: 'verified', channel: 'web' }
    await openConversation(db, conversationId, principal, 0)
    return {
      customerId,
      conversationId,
      charge: (amount: number) => provider.charge(customerId, amount),
      plan: (
        chargeId: string,
        more: { minor?: number; part?: string; turnId?: string; ordinal?: number; principal?: Principal } = {},
      ) => {
        turns += 1
        const { minor, part, turnId = `turn-${turns}`, ordinal = 0 } = more
        return effects.plan({
          tool,
          args: { chargeId, ...(minor !== undefined && { minor }), ...(part && { part }) },
          principal: more.principal ?? principal,
          conversationId,
          turnId,
          ordinal,
          signal: new AbortController().signal,
        })
      },
    }
  }

  return {
    db,
    provider,
    clock,
    news,
    tool,
    effects,
    approvals,
    customer,

    perform: (effect: Pick<PlannedEffect, 'key' | 'argsHash'>, turn: { signal?: AbortSignal; epoch?: number } = {}) => {
      turns += 1
      return effects.perform(effect, { turnId: `turn-${turns}`, signal: new AbortController().signal, ...turn })
    },

    row: (key: string) => db.selectFrom('effects').selectAll().where('key', '=', key).executeTakeFirstOrThrow(),

    inbox: (kind: 'approval' | 'effect') =>
      db.selectFrom('inbox').selectAll().where('kind', '=', kind).orderBy('seq').execute(),
  }
}

/** Plans, and expects that to go well. */
export async function planned(outcome: Promise<{ status: string }>): Promise<PlannedEffect> {
  const found = await outcome
  expect(found).toMatchObject({ status: 'planned' })
  return (found as unknown as { effect: PlannedEffect }).effect
}

/** What an effect waits for. */
export function approvalIdOf(outcome: EffectOutcome): string {
  expect(outcome).toMatchObject({ status: 'awaiting', approvalId: expect.stringMatching(/.+/) })
  return outcome.status === 'awaiting' ? outcome.approvalId : ''
}
