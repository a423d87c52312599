import { expect, test } from 'vitest'
import { TEST_DATABASE_URL } from '../postgres.ts'
import { describeCampaign, runKillCampaign } from './kill-campaign.ts'
import { problemsOf } from './verdict.ts'

/** Generous: a campaign that is not done by then is stuck. */
const STUCK = 300_000
const seed = Number(process.env.FAULT_SEED ?? 20_261_122)

test('twenty-five kills at random points of a turn lose, double and block nothing', { timeout: STUCK }, async () => {
  const result = await runKillCampaign({ seed, kills: 25, database: 'sqlite', processes: 1, inbox: true })
  console.log(describeCampaign('With the inbox (SQLite)', result))
  expect(problemsOf(result), `seed ${seed}`).toEqual([])
  expect(result.acknowledged).toBeGreaterThan(25)
})

test('the same campaign without the inbox loses acknowledged messages', { timeout: STUCK }, async () => {
  const result = await runKillCampaign({ seed, kills: 10, database: 'sqlite', processes: 1, inbox: false })
  console.log(describeCampaign('Control, acknowledged first and queued in memory', result))
  expect(result.lost.length, `seed ${seed}`).toBeGreaterThan(0)
})

test.skipIf(!TEST_DATABASE_URL)(
  'twenty kills of two processes on one PostgreSQL database lose, double and block nothing',
  { timeout: STUCK },
  async () => {
    const result = await runKillCampaign({ seed, kills: 20, database: 'postgres', processes: 2, inbox: true })
    console.log(describeCampaign('With the inbox (PostgreSQL, 2 processes)', result))
    expect(problemsOf(result), `seed ${seed}`).toEqual([])
  },
)
