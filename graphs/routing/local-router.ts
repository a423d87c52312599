import { findAsks } from './asks.ts'
import { asksForPerson } from './asks-for-person.ts'
import { probabilities } from './classifier.ts'
import { courtesyOf } from './courtesy.ts'
import type { Described } from './examples.ts'
import { createNearestExample, createNewcomers } from './examples.ts'
import { featuresOf } from './features.ts'
import { loadModel } from './model.ts'
import type { LocalRouter, RouteContext, RouteDecision } from './route.ts'
import { HUMAN, OUT_OF_SCOPE } from './route.ts'

/** A confidence from which on the local router may decide alone: about 97 of 100 such decisions were right on texts of companies it was not tuned on. */
export const SURE = 0.7

const temperature = 1

interface Guess {
  to: string
  confidence: number
  reason: string
  ranking: { to: string; confidence: number }[]
  /** Probability that the text only continues a talk. */
  continues: number
}

/**
 * Decides from rules, a trained classifier and the specialists' examples who answers a turn; loads once, then neither
 * waits nor remembers: the same text and context give the same decision. A specialist that the shipped model does not
 * know is learned from its examples and description.
 */
export function createLocalRouter({ specialists }: { specialists: readonly Described[] }): LocalRouter {
  const { weights, known } = loadModel()
  const names = new Set(specialists.map(({ name }) => name))
  const newcomers = specialists.filter(({ name }) => !weights.classes.includes(name))
  const newcomersOf = createNewcomers(newcomers, known)
  const nearestOf = createNearestExample(specialists, known)

  function guess(text: string): Guess {
    const features = featuresOf(text, known)
    const scores = new Map<string, number>()
    const add = (to: string, share: number) => scores.set(to, (scores.get(to) ?? 0) + share)
    let continues = 0
    for (const [at, share] of probabilities(weights, features, temperature).entries()) {
      const label = weights.classes[at] as string
      if (label === 'continuation') continues = share
      else add(names.has(label) || label === HUMAN ? label : OUT_OF_SCOPE, share)
    }
    const sum = [...scores.values()].reduce((total, one) => total + one, 0) || 1
    for (const [to, share] of scores) scores.set(to, share / sum)
    const fresh = newcomersOf(features)
    const left =
      1 -
      Math.min(
        0.98,
        fresh.reduce((total, one) => total + one, 0),
      )
    for (const [to, share] of scores) scores.set(to, share * left)
    for (const [at, { name }] of newcomers.entries()) add(name, fresh[at] as number)
    const nearest = nearestOf(features)
    let reason = ''
    if (nearest && nearest.likeness > 0.75) {
      const pull = Math.min(0.95, nearest.likeness)
      for (const [to, share] of scores) scores.set(to, share * (1 - pull))
      add(nearest.to, pull)
      reason = `closest example of ${nearest.to}: '${nearest.example}'`
    }
    const person = asksForPerson(text)
    if (person) {
      for (const [to, share] of scores) scores.set(to, share * 0.02)
      add(HUMAN, 0.98)
      reason = `asks for a person: '${person}'`
    }
    const ranking = [...scores]
      .map(([to, confidence]) => ({ to, confidence }))
      .sort((a, b) => b.confidence - a.confidence)
    const first = ranking[0] ?? { to: OUT_OF_SCOPE, confidence: 0 }
    return { ...first, reason: reason || `words like those of ${first.to}`, ranking, continues }
  }

  function route(text: string, { owner = null }: RouteContext = {}): RouteDecision {
    const found = guess(text)
    const decide = (
      to: string,
      confidence: number,
      reason: string,
      more: Partial<RouteDecision> = {},
    ): RouteDecision => ({
      to,
      by: 'local',
      confidence,
      reason,
      alternatives: found.ranking.filter((one) => one.to !== to).slice(0, 3),
      asks: [],
      ...more,
    })
    const courtesy = courtesyOf(text)
    if (courtesy) return decide(owner ?? OUT_OF_SCOPE, 0.95, `courtesy: ${courtesy}`, { courtesy })
    if (!/[\p{L}\d]/u.test(text)) return decide(owner ?? OUT_OF_SCOPE, owner ? 0.9 : 0.2, 'no words')
    if (owner && found.to !== owner && found.to !== HUMAN) {
      const moves = found.confidence * (1 - found.continues)
      if (moves < 0.5) return decide(owner, Math.max(0.5, 1 - moves), `continues with ${owner}`)
    }
    const sure = owner ? found.confidence : found.confidence * (1 - 0.8 * found.continues)
    const asks = found.to === HUMAN ? [] : findAsks(text, (part) => guess(part), names)
    return decide(asks[0]?.to ?? found.to, sure, found.reason, { asks })
  }

  return { route }
}
