import { targetOf } from './evaluate.ts'
import type { LocalRouter } from './route.ts'
import { HUMAN, OUT_OF_SCOPE } from './route.ts'

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
      if (to !== HUMAN && to !== OUT_OF_SCOPE) owner = to
      return to
    })
  })
  return { ...figures, baseline: scoreDialogues(rows, ({ turns }) => turns.map(() => commonest)) }
}
