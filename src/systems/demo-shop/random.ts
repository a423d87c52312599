/** Numbers that look like chance and are the same for the same seed. */
export interface Random {
  /** From `least` to `most`, both included. */
  between(least: number, most: number): number
  oneOf<T>(things: readonly T[]): T
  /** True so often, from 0 to 1. */
  chance(probability: number): boolean
}

/** Mulberry32 by Tommy Ettinger: 32 bits of state, good enough for a shop that nobody is to tell from a real one. */
export function createRandom(seed: number): Random {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    oneOf<T>(things: readonly T[]): T {
      const thing = things[Math.floor(next() * things.length)]
      if (thing === undefined) throw new RangeError('one of nothing')
      return thing
    },
    chance: (probability) => next() < probability,
  }
}
