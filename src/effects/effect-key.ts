import { createHash } from 'node:crypto'

/** The same however often a turn is replayed; neither the model's call id nor the amount is in it. */
export function replayKey(effect: { turnId: string; tool: string; object: string; ordinal: number }): string {
  const { turnId, tool, object, ordinal } = effect
  return sha256(JSON.stringify([turnId, tool, object, ordinal]))
}

/** The same for the same arguments, in whatever order they stand. */
export function hashOfArgs(args: Record<string, unknown>): string {
  return sha256(canonicalJson(args))
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
