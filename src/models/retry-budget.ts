import type { Clock } from '../clock.ts'

/** Keeps retries a small share of the calls, so that a provider in trouble is not hit twice as hard. */
export interface RetryBudget {
  /** Counts one call. */
  call(): void
  /** Takes one retry out of the budget; false when it is empty. */
  take(): boolean
}

/**
 * A sliding window: retries ≤ `share` of the calls in the last `windowMs`, and at least `floor` of them.
 * (The retry budget of Google's SRE book, "Handling Overload".)
 */
export function createRetryBudget(options: {
  share: number
  floor: number
  windowMs: number
  clock: Pick<Clock, 'now'>
}): RetryBudget {
  const calls: number[] = []
  const retries: number[] = []
  const forget = (times: number[]) => {
    const oldest = options.clock.now() - options.windowMs
    while (times[0] !== undefined && times[0] <= oldest) times.shift()
  }
  return {
    call() {
      forget(calls)
      calls.push(options.clock.now())
    },
    take() {
      forget(calls)
      forget(retries)
      if (retries.length >= Math.max(options.floor, calls.length * options.share)) return false
      retries.push(options.clock.now())
      return true
    },
  }
}
