/** A pseudo-random sequence of numbers in [0, 1) that depends on `seed` alone (mulberry32, Tommy Ettinger 2017). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** One of `choices`, which must not be empty. */
export function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] as T
}

const innermost = /\(([^()]*)\)/

/**
 * One sentence of a pattern: `(a|b|)` is one of its alternatives, which may nest; `{name}` is one entry of that slot,
 * which may hold alternatives and slots itself.
 * @throws {Error} when a slot has no entries.
 */
export function expand(pattern: string, slots: Record<string, readonly string[]>, random: () => number): string {
  let text = pattern
  for (;;) {
    const filled = text.replace(/\{([a-z]+)\}/g, (_, name: string) => {
      const entries = slots[name]
      if (!entries?.length) throw new Error(`no slot ${name} in: ${pattern}`)
      return pick(entries, random)
    })
    const chosen = filled.replace(innermost, (_, inside: string) => pick(inside.split('|'), random))
    if (chosen === text) return text.replace(/\s+/g, ' ').trim()
    text = chosen
  }
}
