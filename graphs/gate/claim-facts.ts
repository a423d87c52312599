import type { TrailEntry } from '../state.ts'
import type { Claim } from './claims.ts'

/** One fact for each thing that claims rest on: it is stored with the thread while the turn lasts. */
export function claimFacts(speaker: string, claims: Claim[]): TrailEntry[] {
  const bySource = new Map<string, Extract<TrailEntry, { type: 'claim-made' }>>()
  for (const { text, value, evidence } of claims) {
    const key = JSON.stringify(evidence)
    const fact = bySource.get(key) ?? { type: 'claim-made', speaker, evidence, values: [] }
    fact.values.push({ text, value })
    bySource.set(key, fact)
  }
  return [...bySource.values()]
}
