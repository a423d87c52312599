import { findAsks } from './asks.ts'
import { asksForPerson, speaksOfOthers } from './asks-for-person.ts'
import { probabilities } from './classifier.ts'
import { courtesyOf } from './courtesy.ts'
import { evidence } from './evidence.ts'
import type { Described } from './examples.ts'
import { createNearestExample, createNewcomers } from './examples.ts'
import { featuresOf } from './features.ts'
import { announcesTurn, isForeign, isRequest, looksLikeDetail, speaksOfPeople, standsAlone } from './hints.ts'
import { loadModel } from './model.ts'
import type { LocalRouter, RouteContext, RouteDecision } from './route.ts'
import { HUMAN, OUT_OF_SCOPE } from './route.ts'
import { type Reading, readText } from './text.ts'

/**
 * The confidence from which on the local router may decide alone. At it 97 of 100 decisions on the development rows,
 * arguable ones included, were right and 5 of 100 turns were left over.
 */
export const SURE = 0.65

/** Measured on the development rows: training with softened labels leaves the classifier too modest. */
const SHARPNESS = 1.6

/** The share of right decisions among those that are made with a confidence (Platt 1999, with the slope alone). */
function calibrated(confidence: number): number {
  const odds = confidence ** SHARPNESS
  return odds / (odds + (1 - confidence) ** SHARPNESS)
}

/** Cosine from which a text counts as said by an example. */
const alike = 0.75

/** How much likelier it is that a turn goes on with its specialist than the text alone says. */
const loyalty = 3

/** What an ask for a person counts that no rule finds: little where no word speaks of people, or of other trades' people. */
function unruled(text: Reading): number {
  return speaksOfOthers(text) ? 0.1 : speaksOfPeople(text) ? 1 : 0.3
}

/** An ask for a person that no rule finds has to be likelier than this: who is handed over is answered no more. */
const LEAST_PERSON = 0.65

/** From here on a text that nobody has to go on with belongs to nobody. */
const CONTINUES = 0.75

/** The same for a request that stands by itself and speaks of what the specialist answers. */
const SUBJECT = 1.5

/** A message of more sentences than this is read as a whole. */
const MOST_PARTS = 6

/** Each sentence of a message but the first: what it turns to comes last. */
function laterSentences(written: string): string[] {
  const sentences = written.length > 600 ? [] : written.split(/(?<=[.!?;:])\s+|\n+/u)
  return sentences.length > MOST_PARTS ? [] : sentences.slice(1).filter((one) => one.split(/\s+/).length >= 4)
}

interface Guess {
  to: string
  confidence: number
  /** Only asked of the guess that decides. */
  reason(): string
  ranking: { to: string; confidence: number }[]
  /** Probability that the text only continues a talk. */
  continues: number
  /** The words that ask for a person. */
  person?: string
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

  function guess(text: Reading): Guess {
    const features = featuresOf(text, known)
    const scores = new Map<string, number>([...names, HUMAN, OUT_OF_SCOPE].map((name) => [name, 0]))
    const shrink = (factor: number) => {
      for (const [to, share] of scores) scores.set(to, share * factor)
    }
    const add = (to: string, share: number) => scores.set(to, (scores.get(to) ?? 0) + share)
    const person = asksForPerson(text)
    let continues = 0
    for (const [at, share] of probabilities(weights, features).entries()) {
      const label = weights.classes[at] as string
      if (label === 'continuation') continues = share
      else if (label === HUMAN && !person) add(HUMAN, share * unruled(text))
      else add(scores.has(label) ? label : OUT_OF_SCOPE, share)
    }
    let reason = ''
    shrink(1 / ([...scores.values()].reduce((total, one) => total + one, 0) || 1))
    const fresh = newcomersOf(features)
    shrink(
      1 -
        Math.min(
          0.98,
          fresh.reduce((total, one) => total + one, 0),
        ),
    )
    for (const [at, { name }] of newcomers.entries()) add(name, fresh[at] as number)
    const nearest = nearestOf(features)
    if (nearest && nearest.likeness > alike) {
      const pull = Math.min(0.95, nearest.likeness)
      shrink(1 - pull)
      add(nearest.to, pull)
      continues *= 1 - pull
      reason = `closest example of ${nearest.to}: '${nearest.example}'`
    }
    if (person) {
      shrink(0.02)
      add(HUMAN, 0.98)
      continues = 0
      reason = `asks for a person: '${person}'`
    }
    const heard = scores.get(HUMAN) ?? 0
    if (heard * (1 - continues) < LEAST_PERSON) scores.set(HUMAN, heard / 1000)
    const ranking = [...scores]
      .map(([to, confidence]) => ({ to, confidence }))
      .sort((left, right) => right.confidence - left.confidence)
    const first = ranking[0] ?? { to: OUT_OF_SCOPE, confidence: 0 }
    return { ...first, reason: () => reason || evidence(text, first.to, weights), ranking, continues, person }
  }

  function route(written: string, { owner = null, lastReply = null }: RouteContext = {}): RouteDecision {
    const text = readText(written)
    const found = guess(text)
    const decide = (
      to: string,
      confidence: number,
      reason: string,
      more: Partial<RouteDecision> = {},
    ): RouteDecision => ({
      to,
      by: 'local',
      confidence: Math.round(Math.min(calibrated(confidence), isForeign(text, known) ? 0.4 : 1) * 1000) / 1000,
      reason,
      alternatives: found.ranking.filter((one) => one.to !== to && one.confidence > 0.01).slice(0, 3),
      asks: [],
      ...more,
    })
    if (found.person) return { ...decide(HUMAN, found.confidence, found.reason()), confidence: found.confidence }
    const courtesy = courtesyOf(text)
    if (courtesy) return decide(owner ?? OUT_OF_SCOPE, 0.95, `nothing but ${courtesy}`, { courtesy })
    if (text.words.length === 0) return decide(owner ?? OUT_OF_SCOPE, owner ? 0.9 : 0.2, 'no words')
    const asks = findAsks(written, (part) => guess(readText(part)), names)
    const first = asks[0]
    if (first)
      return decide(first.to, Math.max(0.8, found.confidence), `asks of ${asks.map(({ to }) => to).join(' and ')}`, {
        asks,
      })
    if (!owner) {
      const sure = found.confidence * (1 - 0.8 * found.continues)
      const nothing = found.continues > CONTINUES && sure < 0.35
      return nothing ? decide(OUT_OF_SCOPE, sure, 'goes on with nothing') : decide(found.to, sure, found.reason())
    }

    const parts = [
      { text, found },
      ...laterSentences(written)
        .map(readText)
        .map((part) => ({ text: part, found: guess(part) })),
    ]
    const pulls = parts.map((part) => pullOf(part, owner, lastReply))
    const strongest = pulls.reduce((left, right) =>
      right.moves / right.stays > left.moves / left.stays ? right : left,
    )
    const { found: own, stays, moves, rival } = strongest
    const confidence = Math.max(stays, moves) / (stays + moves || 1)
    if (!rival || stays >= moves)
      return decide(owner, confidence, found.to === owner ? found.reason() : `goes on with ${owner}`)
    return decide(rival.to, confidence, own.to === rival.to ? own.reason() : `leaves ${owner}`)
  }

  /** How much one part of a message speaks for staying with the owner and for whom it speaks else. */
  function pullOf({ text, found }: { text: Reading; found: Guess }, owner: string, lastReply: string | null) {
    const fresh = 1 - found.continues
    const own = found.ranking.find((one) => one.to === owner)?.confidence ?? 0
    const rival = found.ranking.find((one) => one.to !== owner && (one.to !== HUMAN || one.confidence > 0.8))
    const bound = announcesTurn(text) ? loyalty / 3 : loyalty
    // Who tells of children or breakfast tells it about the matter at hand; who asks about them does not.
    const aside = rival?.to === OUT_OF_SCOPE && !isRequest(text) ? (text.words.length > 4 ? 6 : 20) : 1
    const subject = standsAlone(text) ? Math.min(bound, SUBJECT) : bound
    const stays = (found.continues * bound + fresh * own * subject) * aside * looksLikeDetail(text, lastReply)
    return { found, rival, stays, moves: fresh * (rival?.confidence ?? 0) }
  }

  return { route }
}
