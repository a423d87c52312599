import { targetOf } from './evaluate.ts'
import type { LocalRouter } from './route.ts'

/** How a router does on the rows of one source, with a threshold that the other sources chose. */
export interface LeftOutSource {
  n: number
  /** Share of its rows that are routed right, whatever the confidence. */
  accuracy: number
  /** The lowest confidence from which on 97 of 100 decisions on the other sources' rows are right. */
  threshold: number
  /** Share of its rows that are decided at that threshold. */
  coverage: number
  /** Share of those that are right. */
  precision: number
}

/** Figures of `baton eval routing --leave-one-out`: fractions 0 to 1. */
export interface LeftOutFigures {
  sources: Record<string, LeftOutSource>
  /** Mean of the sources' accuracies, each counting the same. */
  accuracy: number
  /** Of the source that fares worst. */
  worstAccuracy: number
  /** Of all rows, each decided with the threshold that its own source had no say in. */
  coverage: number
  precision: number
}

interface Told {
  right: boolean
  confidence: number
}

const WANTED = 0.97

/** The lowest confidence from which on decisions reach the wanted precision; above 1 when none does. */
function thresholdFor(told: readonly Told[]): number {
  const surest = [...told].sort((left, right) => right.confidence - left.confidence)
  let right = 0
  let threshold = 1.001
  for (const [at, one] of surest.entries()) {
    if (one.right) right++
    if (surest[at + 1]?.confidence !== one.confidence && right / (at + 1) >= WANTED) threshold = one.confidence
  }
  return threshold
}

const share = (some: readonly unknown[], all: readonly unknown[]) => (all.length ? some.length / all.length : 1)

/**
 * Leaves one source out at a time. Rules, examples and weights stay frozen (they have seen none of the rows); what the
 * other sources choose is the confidence from which on the router decides.
 * @param groups of each row, the source it comes from.
 */
export function evaluateLeftOut(
  rows: readonly { text: string; label: string }[],
  groups: readonly string[],
  router: LocalRouter,
): LeftOutFigures {
  const told = rows.map(({ text, label }, at) => {
    const { to, confidence } = router.route(text)
    return { right: to === targetOf(label), confidence, source: groups[at] as string }
  })
  const sources: Record<string, LeftOutSource> = {}
  const decided: Told[] = []
  for (const source of [...new Set(groups)].sort()) {
    const own = told.filter((one) => one.source === source)
    const threshold = thresholdFor(told.filter((one) => one.source !== source))
    const sure = own.filter(({ confidence }) => confidence >= threshold)
    decided.push(...sure)
    sources[source] = {
      n: own.length,
      accuracy: share(own.filter(right), own),
      threshold,
      coverage: share(sure, own),
      precision: share(sure.filter(right), sure),
    }
  }
  const accuracies = Object.values(sources).map(({ accuracy }) => accuracy)
  return {
    sources,
    accuracy: accuracies.reduce((sum, one) => sum + one, 0) / (accuracies.length || 1),
    worstAccuracy: Math.min(1, ...accuracies),
    coverage: share(decided, told),
    precision: share(decided.filter(right), decided),
  }
}

function right(one: Told): boolean {
  return one.right
}
