import type { Config } from '../config.ts'
import type { LoadedScenario } from './load-scenarios.ts'
import { type Played, play } from './play.ts'
import type { RecordedAnswer } from './scenario.ts'
import { openTheatre } from './stage.ts'
import { type Switch, without } from './without.ts'

/** A test with every time it was played. */
export interface Result {
  test: string
  file: string
  line: number
  /** Whether every playing came as expected. */
  ok: boolean
  runs: Played[]
}

export interface SimulateOptions {
  /** How often each test is played; each time a manner makes something else of the texts. */
  repeat?: number | undefined
  seed?: number | undefined
  /** With the installation's model instead of the offline or the recorded one. */
  live?: boolean | undefined
  without?: Switch[] | undefined
  onAnswer?: ((test: string, answer: RecordedAnswer) => void) | undefined
  onResult?: ((result: Result) => void) | undefined
}

/** Plays tests one after the other, each against the real application with a database of its own. */
export async function simulate(
  config: Config,
  scenarios: LoadedScenario[],
  { repeat = 1, seed = 0, live = false, without: off = [], onAnswer, onResult }: SimulateOptions = {},
): Promise<Result[]> {
  await using theatre = await openTheatre(config)
  const results: Result[] = []
  for (const scenario of scenarios) {
    const runs: Played[] = []
    for (let i = 0; i < repeat; i += 1)
      runs.push(
        await play(theatre, scenario, {
          seed: seed + i,
          live,
          overrides: (clock) => without(off, clock),
          onAnswer: onAnswer && ((answer) => onAnswer(scenario.test, answer)),
        }),
      )
    const { test, file, line } = scenario
    const result = { test, file, line, ok: runs.every(({ ok }) => ok), runs }
    results.push(result)
    onResult?.(result)
  }
  return results
}

/**
 * The estimated chance that k playings of a test all come as expected, over all tests: the mean of C(c,k)/C(n,k) for
 * c good ones of n (τ-bench, Yao et al. 2024). `[0]` is k = 1.
 */
export function passHatK(results: Result[], repeat: number): number[] {
  return Array.from({ length: repeat }, (_, i) => {
    const chances = results.map(({ runs }) => {
      const good = runs.filter(({ ok }) => ok).length
      return choose(good, i + 1) / choose(runs.length, i + 1)
    })
    return chances.reduce((sum, chance) => sum + chance, 0) / Math.max(1, chances.length)
  })
}

function choose(n: number, k: number): number {
  let ways = 1
  for (let i = 1; i <= k; i += 1) ways *= (n - k + i) / i
  return n < k ? 0 : ways
}
