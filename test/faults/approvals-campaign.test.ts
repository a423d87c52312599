import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratch } from '../app.ts'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { runApprovalsCampaign } from './approvals-campaign.ts'

/** Generous: a campaign that is not done by then is stuck. */
const STUCK = 300_000
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000)
/** The long run: FAULT_ROUNDS=200. */
const rounds = Number(process.env.FAULT_ROUNDS ?? 60)

test('rounds of approvals, decided in any order, twice, too late and around restarts, do just what was approved', {
  timeout: STUCK,
}, async () => {
  const databaseUrl = `file:${join(scratch(), 'baton.db')}`
  const { problems, counts } = await runApprovalsCampaign({ seed, rounds, databaseUrl, apps: 1 })
  console.log(`${rounds} rounds on SQLite, seed ${seed}: ${JSON.stringify(counts)}`)
  expect(problems, `seed ${seed}`).toEqual([])
  expect(Math.min(counts.approved, counts.denied, counts.expired, counts.forTwo), `seed ${seed}`).toBeGreaterThan(5)
})

test.skipIf(!TEST_DATABASE_URL)(
  'rounds of approvals, decided at two applications on one PostgreSQL database, do just what was approved',
  { timeout: STUCK },
  async () => {
    const databaseUrl = await openScratchDatabase()
    const { problems, counts } = await runApprovalsCampaign({
      seed,
      rounds: Math.ceil(rounds / 3),
      databaseUrl,
      apps: 2,
    })
    console.log(`${Math.ceil(rounds / 3)} rounds on PostgreSQL, seed ${seed}: ${JSON.stringify(counts)}`)
    expect(problems, `seed ${seed}`).toEqual([])
    expect(Math.min(counts.approved, counts.denied), `seed ${seed}`).toBeGreaterThan(2)
  },
)
