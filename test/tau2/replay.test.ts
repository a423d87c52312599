import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadPolicies } from '../../src/effects/policy-file.ts'
import { loadRetail } from './data.ts'
import { type Replay, type ReplayedCall, replay } from './replay.ts'

const retail = loadRetail()
const title = retail
  ? 'the recorded retail tasks of tau2'
  : 'the recorded retail tasks of tau2 (skipped: there is no shared/data/tau2-retail.db.json beside the repository)'

describe.skipIf(!retail)(title, () => {
  const replays: Replay[] = []
  const calls = (which: (call: ReplayedCall) => boolean) => replays.flatMap((one) => one.calls).filter(which)
  const named = (some: ReplayedCall[]) => some.map(({ name, verdict }) => `${name}: ${verdict}`)

  beforeAll(async () => {
    if (!retail) return
    const policies = await loadPolicies(fileURLToPath(new URL('.', import.meta.url)))
    for (const task of retail.tasks) replays.push(await replay(retail.records, policies, task))
  }, 120_000)

  test('at least 95 in 100 end with exactly the recorded changes in the books', () => {
    const exact = replays.filter(({ isExact }) => isExact)
    expect(replays.length).toBeGreaterThan(0)
    expect(exact.length / replays.length).toBeGreaterThanOrEqual(0.95)
  })

  test('every call that the original refuses is refused', () => {
    const refusals = calls(({ refusedByOriginal }) => refusedByOriginal)
    expect(refusals.length).toBeGreaterThan(0)
    expect(named(refusals.filter(({ verdict }) => verdict !== 'refused'))).toEqual([])
  })

  test('every call that the original lets through is done', () => {
    expect(named(calls(({ refusedByOriginal, verdict }) => !refusedByOriginal && verdict !== 'done'))).toEqual([])
  })

  test('every result that is recorded is the same here', () => {
    expect(named(calls(({ asRecorded }) => !asRecorded))).toEqual([])
  })

  afterAll(() => {
    const exact = replays.filter(({ isExact }) => isExact)
    const others = replays.filter(({ isExact }) => !isExact).map(({ task }) => task)
    const refusals = calls(({ refusedByOriginal }) => refusedByOriginal)
    const refused = refusals.filter(({ verdict }) => verdict === 'refused')
    console.log(
      `tau2 retail: ${exact.length} of ${replays.length} tasks end exactly as recorded; not so: ${others.join(', ') || 'none'}. ` +
        `${refused.length} of ${refusals.length} calls that have to be refused are.`,
    )
  })
})
