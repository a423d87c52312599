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

/** What a candidate lacked, or how well they fit. */
export type Candidate =
  | { agent: string; filteredBy: 'presence' | 'capacity' | 'dropped' | 'language' | 'team' | 'skills' }
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
    const candidates = room.map((agent) => judge(one, agent, step, { policy, mean, now }))
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

function judge(
  one: WaitingCase,
  agent: DeskAgent,
  step: number,
  { policy, mean, now }: { policy: AssignmentPolicy; mean: number; now: number },
): Candidate {
  const dropped = new Set(policy.relax.slice(0, step).map(({ drop }) => drop))
  const anybody = dropped.has('everything')
  const filtered = (filteredBy: Extract<Candidate, { filteredBy: string }>['filteredBy']): Candidate => {
    return { agent: agent.id, filteredBy }
  }
  if (!agent.online.includes(one.channel)) return filtered('presence')
  if (agent.load + one.weight > agent.capacity) return filtered('capacity')
  const wanted = one.skills.filter(({ optional }) => !optional || !dropped.has('optional-skills'))
  if (!anybody) {
    if (one.dropped.includes(agent.id)) return filtered('dropped')
    if (one.language !== null && !agent.languages.includes(one.language)) return filtered('language')
    if (one.team !== null && !dropped.has('team') && !agent.teams.includes(one.team)) return filtered('team')
    const least = (level: number) => (dropped.has('levels') ? 1 : level)
    if (wanted.some(({ name, level, optional }) => !optional && (agent.skills[name] ?? 0) < least(level)))
      return filtered('skills')
  }
  const parts = partsOf(one, agent, { mean, now })
  const score = (Object.keys(parts) as (keyof typeof parts)[]).reduce(
    (sum, part) => sum + policy.score[part] * parts[part],
    0,
  )
  return { agent: agent.id, score, parts }
}

function partsOf(
  one: WaitingCase,
  agent: DeskAgent,
  { mean, now }: { mean: number; now: number },
): Record<keyof AssignmentPolicy['score'], number> {
  const levels = one.skills.map(({ name, level }) => Math.min(1, (agent.skills[name] ?? 0) / Math.max(1, level)))
  const place = one.known.indexOf(agent.id)
  const { won, all } = agent.record[one.intent] ?? { won: 0, all: 0 }
  return {
    skill: levels.length === 0 ? 1 : levels.reduce((sum, level) => sum + level, 0) / levels.length,
    spareCapacity: agent.capacity === 0 ? 0 : 1 - agent.load / agent.capacity,
    // Somebody who declined it is not asked first again once everybody is asked.
    affinity: place < 0 || one.dropped.includes(agent.id) ? 0 : 1 / (place + 1),
    success: (won + 2) / (all + 4),
    idle: Math.min(1, Math.max(0, now - agent.idleSince) / IDLE_FULL_MS),
    fairness: agent.recent <= mean ? 1 : mean / agent.recent,
  }
}
