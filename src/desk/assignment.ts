import type { AssignmentPolicy } from './assignment-policy.ts'

/** A case that waits for a person; instants in epoch milliseconds. */
export interface WaitingCase {
  id: string
  channel: string
  /** ISO 639-1; null when it is not known, and everybody will do. */
  language: string | null
  /** Wanted skills; an optional one is dropped earlier. */
  skills: { name: string; level: number; optional?: boolean }[]
  team: string | null
  /** How much of an agent's capacity it takes. */
  weight: number
  /** 0 (low) to 3 (urgent). */
  priority: number
  /** Since when it waits; a declined offer does not change it. */
  since: number
  /** When its next clock is due, and how long that clock is; null while none runs. */
  sla: { due: number; target: number } | null
  /** 0 (content) to 1. */
  negativeSentiment: number
  promiseDue: boolean
  /** Agents who declined it or let the offer pass. */
  dropped: string[]
  /** Agents who had this customer before, the last one first, or who owe a promise. */
  known: string[]
  intent: string
}

/** An agent who may be offered a case. */
export interface DeskAgent {
  id: string
  /** Channels on which the agent takes cases now. */
  online: string[]
  capacity: number
  /** Sum of the weights of what the agent has and is offered. */
  load: number
  languages: string[]
  /** Level by skill, 1 to 5. */
  skills: Record<string, number | undefined>
  teams: string[]
  /** Since when nothing was given to the agent. */
  idleSince: number
  /** Cases given in the window in which fairness is judged. */
  recent: number
  /** Cases of an intent, and how many of them ended well. */
  record: Record<string, { won: number; all: number } | undefined>
}

type Lack = 'presence' | 'capacity' | 'dropped' | 'language' | 'team' | 'skills'

/** What a candidate lacked, or how well they fit. */
export type Candidate =
  | { agent: string; filteredBy: Lack }
  | { agent: string; score: number; parts: Record<keyof AssignmentPolicy['score'], number> }

/** Why a case was offered to somebody, or to nobody. */
export interface AssignmentDecision {
  caseId: string
  policy: string
  urgency: number
  /** Relaxation steps that applied: 0 asks for everything. */
  step: number
  chosen: string | null
  candidates: Candidate[]
}

const IDLE_FULL_MS = 15 * 60_000
const NO_RECORD = { won: 0, all: 0 }

/**
 * Decides on all waiting cases at once, the most urgent first, ties by seniority and id: nobody gets more than they
 * have room for, and the same input gives the same decisions. Hard filters, then a weighted score; success is the mean
 * of a Beta(2, 2) prior and the record, so that one lucky case does not make an expert.
 */
export function decideAssignments(
  cases: readonly WaitingCase[],
  agents: readonly DeskAgent[],
  policy: AssignmentPolicy,
  now: number,
): AssignmentDecision[] {
  const room = agents.map((agent) => ({ ...agent })).sort((a, b) => (a.id < b.id ? -1 : 1))
  const ordered = cases
    .map((one) => ({ one, urgency: urgencyOf(one, policy, now) }))
    .sort((a, b) => b.urgency - a.urgency || a.one.since - b.one.since || (a.one.id < b.one.id ? -1 : 1))
  return ordered.map(({ one, urgency }) => {
    const step = stepOf(one, policy, now)
    const mean = room.reduce((sum, { recent }) => sum + recent, 0) / (room.length || 1)
    const wanted = wishesOf(one, policy, step)
    const candidates = room.map((agent) => judge(wanted, agent, policy.score, mean, now))
    let best: Extract<Candidate, { score: number }> | undefined
    for (const candidate of candidates)
      if ('score' in candidate && (!best || candidate.score > best.score)) best = candidate
    const chosen = best && room.find(({ id }) => id === best.agent)
    if (chosen) {
      chosen.load += one.weight
      chosen.recent += 1
      chosen.idleSince = now
    }
    return { caseId: one.id, policy: policy.version, urgency, step, chosen: chosen?.id ?? null, candidates }
  })
}

/** How urgent a case is; only the order matters. */
export function urgencyOf(one: WaitingCase, { urgency }: AssignmentPolicy, now: number): number {
  const slack = one.sla ? 1 - (one.sla.due - now) / Math.max(1, one.sla.target) : 0
  return (
    urgency.sla * Math.min(2, Math.max(0, slack)) +
    urgency.wait * Math.log1p(Math.max(0, now - one.since) / 60_000) +
    urgency.priority * one.priority +
    urgency.sentiment * one.negativeSentiment +
    (one.promiseDue ? urgency.promise : 0)
  )
}

/** How many of the policy's relaxation steps apply by now. */
function stepOf({ since }: WaitingCase, { relax }: AssignmentPolicy, now: number): number {
  return relax.filter(({ afterSeconds }) => now - since >= afterSeconds * 1000).length
}

/** What a case still asks for at its step. */
interface Wishes {
  one: WaitingCase
  anybody: boolean
  team: string | null
  /** Skills without which an agent may not have it, with the least level. */
  required: { name: string; level: number }[]
}

function wishesOf(one: WaitingCase, { relax }: AssignmentPolicy, step: number): Wishes {
  const dropped = new Set(relax.slice(0, step).map(({ drop }) => drop))
  const skills = one.skills.filter(({ optional }) => !optional || !dropped.has('optional-skills'))
  return {
    one,
    anybody: dropped.has('everything'),
    team: dropped.has('team') ? null : one.team,
    required: skills.map(({ name, level }) => ({ name, level: dropped.has('levels') ? 1 : level })),
  }
}

type Weights = AssignmentPolicy['score']

function judge(wishes: Wishes, agent: DeskAgent, weights: Weights, mean: number, now: number): Candidate {
  const filteredBy = lacking(wishes, agent)
  if (filteredBy) return { agent: agent.id, filteredBy }
  const parts = partsOf(wishes.one, agent, mean, now)
  const score =
    weights.skill * parts.skill +
    weights.spareCapacity * parts.spareCapacity +
    weights.affinity * parts.affinity +
    weights.success * parts.success +
    weights.idle * parts.idle +
    weights.fairness * parts.fairness
  return { agent: agent.id, score, parts }
}

function lacking({ one, anybody, team, required }: Wishes, agent: DeskAgent): Lack | undefined {
  if (!agent.online.includes(one.channel)) return 'presence'
  if (agent.load + one.weight > agent.capacity) return 'capacity'
  if (anybody) return undefined
  if (one.dropped.includes(agent.id)) return 'dropped'
  if (one.language !== null && !agent.languages.includes(one.language)) return 'language'
  if (team !== null && !agent.teams.includes(team)) return 'team'
  for (const { name, level } of required) if ((agent.skills[name] ?? 0) < level) return 'skills'
  return undefined
}

function partsOf(one: WaitingCase, agent: DeskAgent, mean: number, now: number): Record<keyof Weights, number> {
  let fit = 0
  for (const { name, level } of one.skills) fit += Math.min(1, (agent.skills[name] ?? 0) / Math.max(1, level))
  const place = one.known.indexOf(agent.id)
  const { won, all } = agent.record[one.intent] ?? NO_RECORD
  return {
    // An optional skill counts here, whether it is still asked for or not.
    skill: one.skills.length === 0 ? 1 : fit / one.skills.length,
    spareCapacity: agent.capacity === 0 ? 0 : 1 - agent.load / agent.capacity,
    // Somebody who declined it is not asked first again once everybody is asked.
    affinity: place < 0 || one.dropped.includes(agent.id) ? 0 : 1 / (place + 1),
    success: (won + 2) / (all + 4),
    idle: Math.min(1, Math.max(0, now - agent.idleSince) / IDLE_FULL_MS),
    fairness: agent.recent <= mean ? 1 : mean / agent.recent,
  }
}
