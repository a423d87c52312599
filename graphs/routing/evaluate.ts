import type { LocalRouter } from './route.ts'
import { OUT_OF_SCOPE } from './route.ts'

/** The target that a label of an evaluation file stands for. */
export function targetOf(label: string): string {
  if (label === 'tech_support') return 'tech-support'
  return label === 'other' ? OUT_OF_SCOPE : label
}

/** How well a label was told: fractions 0 to 1; `n` rows bear it. */
export interface LabelScore {
  precision: number
  recall: number
  f1: number
  n: number
}

/** Figures of `baton eval routing`: fractions 0 to 1. */
export interface RoutingScore {
  n: number
  accuracy: number
  macroF1: number
  perLabel: Record<string, LabelScore>
  /** The largest share of rows, surest first, of which at least 97 % are right. */
  coverageAt97: number
  /** Expected calibration error over ten equal bins of confidence (Naeini et al. 2015). */
  calibrationError: number
  /** What the commonest label as a constant answer scores. */
  baseline: { accuracy: number; macroF1: number }
}

function scoreLabels(pairs: { gold: string; told: string }[]) {
  const perLabel: Record<string, LabelScore> = {}
  for (const label of [...new Set(pairs.map(({ gold }) => gold))].sort()) {
    const n = pairs.filter(({ gold }) => gold === label).length
    const told = pairs.filter((pair) => pair.told === label).length
    const both = pairs.filter((pair) => pair.told === label && pair.gold === label).length
    const precision = told ? both / told : 0
    const recall = both / n
    perLabel[label] = { precision, recall, f1: both ? (2 * precision * recall) / (precision + recall) : 0, n }
  }
  const scores = Object.values(perLabel)
  return {
    perLabel,
    accuracy: pairs.filter(({ gold, told }) => gold === told).length / (pairs.length || 1),
    macroF1: scores.reduce((sum, { f1 }) => sum + f1, 0) / (scores.length || 1),
  }
}

/** Scores a router, without context, on labelled rows. Labels are those of the evaluation files. */
export function evaluateRouting(rows: readonly { text: string; label: string }[], router: LocalRouter): RoutingScore {
  const told = rows.map(({ text, label }) => {
    const { to, confidence } = router.route(text)
    return { gold: targetOf(label), told: to, confidence }
  })
  const { accuracy, macroF1, perLabel } = scoreLabels(told)
  let right = 0
  let coverageAt97 = 0
  const surest = [...told].sort((left, right) => right.confidence - left.confidence)
  for (const [at, one] of surest.entries()) {
    if (one.gold === one.told) right++
    const tied = surest[at + 1]?.confidence === one.confidence
    if (!tied && right / (at + 1) >= 0.97) coverageAt97 = (at + 1) / told.length
  }
  let calibrationError = 0
  for (let bin = 0; bin < 10; bin++) {
    const inside = told.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === bin)
    const miss = inside.reduce((sum, one) => sum + one.confidence - (one.gold === one.told ? 1 : 0), 0)
    calibrationError += Math.abs(miss) / (told.length || 1)
  }
  const commonest = Object.entries(perLabel).sort((a, b) => b[1].n - a[1].n)[0]?.[0] ?? OUT_OF_SCOPE
  const constant = scoreLabels(told.map(({ gold }) => ({ gold, told: commonest })))
  return {
    n: rows.length,
    accuracy,
    macroF1,
    perLabel,
    coverageAt97,
    calibrationError,
    baseline: { accuracy: constant.accuracy, macroF1: constant.macroF1 },
  }
}
