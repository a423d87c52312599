import { expect, test } from 'vitest'
import type { PlannedEffect } from '../../graphs/effects.ts'
import { AppError } from '../../src/errors.ts'
import { randomFrom } from '../faults/random.ts'
import { approvalIdOf, createLedger, planned } from './shop.ts'

const ROUNDS = 200
const AT_ONCE = 4
const AGENTS = ['Mara', 'Jon', 'Ada']

/** Rounds of parallel approvals in random order, with double and late clicks, and turns that perform at any time. */
export function approvalRounds(name: string, create: () => Promise<string>): void {
  test(`${ROUNDS} rounds of approvals, on ${name}: none without its own, none twice, none missing`, {
    timeout: 240_000,
  }, async () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
    const ledger = await createLedger(await create())
    const { approvals, db, perform, provider } = ledger
    const effects: { effect: PlannedEffect; id: string; charge: string }[] = []

    async function play(round: number): Promise<void> {
      // Rounds that run side by side must not draw from one row of numbers.
      const random = randomFrom(seed + round)
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
      const customer = await ledger.customer(`round-${round}`)
      const asked = await Promise.all(
        Array.from({ length: 2 + Math.floor(random() * 4) }, async () => {
          const charge = customer.charge(5_001 + Math.floor(random() * 60_000))
          const effect = await planned(customer.plan(charge))
          return { effect, charge, id: approvalIdOf(await perform(effect)) }
        }),
      )
      effects.push(...asked)
      const clicks = asked.flatMap(({ id, effect }) => [
        ...Array.from({ length: 1 + Math.floor(random() * 5) }, () => {
          const decision = random() < 0.75 ? ('approve' as const) : ('deny' as const)
          const agent = pick(AGENTS)
          return () => click(approvals.decide(id, { agent, decision, reason: 'no' }))
        }),
        // A turn that comes at any time, also before anybody has decided.
        ...Array.from({ length: Math.floor(random() * 3) }, () => () => perform(effect)),
      ])
      await Promise.all(shuffled(clicks, random).map((work) => work()))
      // The turns of the decisions, some of them twice; and the late clicks.
      await Promise.all(
        asked.flatMap(({ effect, id }) => [
          perform(effect),
          ...(random() < 0.3 ? [perform(effect)] : []),
          ...(random() < 0.5
            ? [click(approvals.decide(id, { agent: pick(AGENTS), decision: 'deny', reason: 'late' }))]
            : []),
        ]),
      )
    }
    for (let round = 0; round < ROUNDS; round += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => play(round + i)))
    await Promise.all(effects.map(({ effect }) => perform(effect)))

    const rows = await db.selectFrom('effects').selectAll().execute()
    const decisions = await db.selectFrom('approval_decisions').selectAll().execute()
    const cards = await db.selectFrom('approvals').selectAll().execute()
    const problems = effects.flatMap(({ effect: { key, argsHash }, id, charge }) => {
      const row = rows.find((row) => row.key === key)
      const card = cards.find((card) => card.id === id)
      const agreed = decisions.filter(
        ({ approval_id, decision }) => approval_id === id && decision === 'approve',
      ).length
      const denied = decisions.some(({ approval_id, decision }) => approval_id === id && decision === 'deny')
      const may = !denied && agreed >= (card?.needed ?? 9) && card?.args_hash === argsHash
      const calls = provider.calls.filter((call) => call === key).length
      const want = may ? 'done' : denied ? 'failed' : 'awaiting'
      return [
        ...(row?.state === want ? [] : [`${key} is ${row?.state}, not ${want}`]),
        ...(calls === (may ? 1 : 0) ? [] : [`${key} was called ${calls} times`]),
        ...(provider.refunded(charge) === (may ? row?.amount_minor : 0) ? [] : [`${charge} has another refund`]),
      ]
    })
    const told = await db.selectFrom('inbox').select('id').where('kind', '=', 'approval').execute()
    const decided = cards.filter(({ state }) => state !== 'pending').length
    expect({ seed, problems, told: told.length }).toEqual({ seed, problems: [], told: decided })
    expect(rows.filter(({ state }) => state === 'done').length, `seed ${seed}`).toBeGreaterThan(ROUNDS / 2)
    expect(rows.filter(({ state }) => state === 'failed').length, `seed ${seed}`).toBeGreaterThan(ROUNDS / 2)
  })
}

/** A click may come too late; anything else is wrong. */
async function click(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof AppError && error.status === 409)) throw error
  })
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
