import type { LocalRouter } from './route.ts'
import { HUMAN } from './route.ts'
import { toneOf } from './tone.ts'

/**
 * Figures of `baton eval escalation`: fractions 0 to 1. A false alarm is a row that bears none of the labels that the
 * signal may go with: an insult may be frustrated as well, and who is frustrated may swear.
 */
export interface EscalationFigures {
  n: number
  asksHumanRecall: number
  asksHumanFalseAlarms: number
  abusiveRecall: number
  abusiveFalseAlarms: number
  frustratedRecall: number
  frustratedFalseAlarms: number
  /** What hearing an ask for a person, abuse and frustration in every message scores. */
  baseline: Omit<EscalationFigures, 'n' | 'baseline'>
}

interface Heard {
  label: string
  asksHuman: boolean
  abusive: boolean
  frustrated: boolean
}

/** Scores what is heard in rows labelled `asks_human`, `abusive`, `frustrated` or anything else, without context. */
export function evaluateEscalation(
  rows: readonly { text: string; label: string }[],
  router: LocalRouter,
): EscalationFigures {
  const heard = rows.map(({ text, label }) => {
    const { abusive, frustrated } = toneOf(text)
    return {
      label,
      asksHuman: router.route(text).to === HUMAN,
      abusive: abusive !== undefined,
      frustrated: frustrated !== undefined,
    }
  })
  const all = heard.map(({ label }) => ({ label, asksHuman: true, abusive: true, frustrated: true }))
  return { n: rows.length, ...scored(heard), baseline: scored(all) }
}

function scored(heard: readonly Heard[]): EscalationFigures['baseline'] {
  const rates = (signal: Exclude<keyof Heard, 'label'>, label: string, alike: string[]) => {
    const wanted = heard.filter((one) => one.label === label)
    const others = heard.filter((one) => one.label !== label && !alike.includes(one.label))
    const share = (some: readonly Heard[]) => some.filter((one) => one[signal]).length / (some.length || 1)
    return [share(wanted), share(others)] as const
  }
  const [asksHumanRecall, asksHumanFalseAlarms] = rates('asksHuman', 'asks_human', [])
  const [abusiveRecall, abusiveFalseAlarms] = rates('abusive', 'abusive', ['frustrated'])
  const [frustratedRecall, frustratedFalseAlarms] = rates('frustrated', 'frustrated', ['abusive'])
  return {
    asksHumanRecall,
    asksHumanFalseAlarms,
    abusiveRecall,
    abusiveFalseAlarms,
    frustratedRecall,
    frustratedFalseAlarms,
  }
}
