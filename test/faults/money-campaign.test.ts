import { expect, test } from 'vitest'
import { TEST_DATABASE_URL } from '../postgres.ts'
import { describeMoneyCampaign, runMoneyCampaign } from './money-campaign.ts'
import { moneyProblems } from './money-verdict.ts'

/** Generous: a campaign that is not done by then is stuck. */
const STUCK = 300_000
const seed = Number(process.env.FAULT_SEED ?? 20_261_125)

test('twenty kills while money moves do nothing twice, forget nothing and block nothing', {
  timeout: STUCK,
}, async () => {
  const result = await runMoneyCampaign({ seed, kills: 20, database: 'sqlite', processes: 1, ledger: true })
  console.log(describeMoneyCampaign('With the ledger (SQLite)', result))
  expect(moneyProblems(result), `seed ${seed}`).toEqual([])
  expect(result.counts.done).toBeGreaterThan(12)
  expect(result.counts.approved).toBeGreaterThan(3)
})

test('the same campaign with the ledger switched off pays twice', { timeout: STUCK }, async () => {
  const result = await runMoneyCampaign({ seed, kills: 10, database: 'sqlite', processes: 1, ledger: false })
  console.log(describeMoneyCampaign('Control, the ledger switched off', result))
  expect(result.effectsTwice.length, `seed ${seed}`).toBeGreaterThan(0)
})

test.skipIf(!TEST_DATABASE_URL)(
  'fifteen kills of two processes on one PostgreSQL database, with connections cut, do nothing twice',
  { timeout: STUCK },
  async () => {
    const result = await runMoneyCampaign({ seed, kills: 15, database: 'postgres', processes: 2, ledger: true })
    console.log(describeMoneyCampaign('With the ledger (PostgreSQL, 2 processes)', result))
    expect(moneyProblems(result), `seed ${seed}`).toEqual([])
  },
)
