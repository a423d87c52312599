import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { loadScenarios } from '../src/simulate/load-scenarios.ts'
import { play } from '../src/simulate/play.ts'
import { resultText } from '../src/simulate/report.ts'
import { missingFacts } from '../src/simulate/scenario.ts'
import { openTheatre, type Theatre } from '../src/simulate/stage.ts'

const scenarios = (await loadScenarios([fileURLToPath(new URL('simulations', import.meta.url))])).filter(
  (each) => missingFacts(each).length === 0,
)
let theatre: Theatre

beforeAll(async () => {
  theatre = await openTheatre(loadConfig({}))
})
afterAll(async () => theatre[Symbol.asyncDispose]())

describe.each(scenarios.map((scenario) => ({ ...scenario, topic: scenario.file.replace(/^.*\/|\.yaml$/g, '') })))(
  '$topic',
  (scenario) => {
    test(scenario.test, async () => {
      const run = await play(theatre, scenario, { seed: 0, live: false })
      const { test, file, line } = scenario
      expect(run.ok, resultText({ test, file, line, ok: run.ok, runs: [run] })).toBe(true)
    })
  },
)
