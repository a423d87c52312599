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

/** One recorded conversation: who should own each customer turn, `null` when it is not scored. */
export interface Dialogue {
  turns: { text: string; owner: string | null; kind: string }[]
}

/** Figures of `baton eval dialogues`: fractions 0 to 1 of the scored turns of each kind; 1 when a file holds none of it. */
export interface DialogueFigures {
  turns: number
  followups: number
  switches: number
  humans: number
  outOfScope: number
  /** Conversations whose every scored turn is right. */
  whole: number
}

const kinds: Record<string, keyof DialogueFigures> = {
  followup: 'followups',
  close: 'followups',
  switch: 'switches',
  asks_human: 'humans',
  oos: 'outOfScope',
}

function scoreDialogues(rows: readonly Dialogue[], tell: (row: Dialogue) => string[]): DialogueFigures {
  const counts: Record<string, { right: number; all: number }> = {}
  const count = (kind: string, right: boolean) => {
    const one = counts[kind] ?? { right: 0, all: 0 }
    counts[kind] = one
    one.all++
    if (right) one.right++
  }
  for (const row of rows) {
    const told = tell(row)
    let whole = true
    for (const [at, { owner, kind }] of row.turns.entries()) {
      if (owner === null) continue
      const right = told[at] === targetOf(owner)
      whole &&= right
      count('turns', right)
      const named = kinds[kind]
      if (named) count(named, right)
    }
    count('whole', whole)
  }
  const share = (kind: string) => (counts[kind] ? counts[kind].right / counts[kind].all : 1)
  return {
    turns: share('turns'),
    followups: share('followups'),
    switches: share('switches'),
    humans: share('humans'),
    outOfScope: share('outOfScope'),
    whole: share('whole'),
  }
}

/**
 * Plays each conversation through a router: a specialist that it names owns the conversation until it names another;
 * `human` and `out_of_scope` leave the owner as it was. Only the customer's own turns are its history.
 */
export function evaluateDialogues(
  rows: readonly Dialogue[],
  router: LocalRouter,
): DialogueFigures & { baseline: DialogueFigures } {
  const owners = rows.flatMap(({ turns }) => turns.flatMap(({ owner }) => (owner ? [targetOf(owner)] : [])))
  const counted = new Map<string, number>()
  for (const owner of owners) counted.set(owner, (counted.get(owner) ?? 0) + 1)
  const commonest = [...counted].sort((a, b) => b[1] - a[1])[0]?.[0] ?? OUT_OF_SCOPE
  const figures = scoreDialogues(rows, ({ turns }) => {
    let owner: string | null = null
    return turns.map(({ text }, at) => {
      const { to } = router.route(text, { owner, earlier: turns.slice(0, at).map((turn) => turn.text) })
      if (to !== 'human' && to !== OUT_OF_SCOPE) owner = to
      return to
    })
  })
  return { ...figures, baseline: scoreDialogues(rows, ({ turns }) => turns.map(() => commonest)) }
}
