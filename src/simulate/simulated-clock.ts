import { type Clock, systemClock } from '../clock.ts'

/** Time that begins when a test says, goes on by itself, and is stepped on by hours or days at once. */
export interface SimulatedClock extends Clock {
  step(ms: number): void
}

/** @param start epoch milliseconds */
export function createSimulatedClock(start: number): SimulatedClock {
  const begun = performance.now()
  let stepped = 0
  return {
    ...systemClock,
    // A clock that stood still would never let a debounce end.
    now: () => start + stepped + Math.floor(performance.now() - begun),
    step(ms) {
      stepped += ms
    },
  }
}
