import { afterOpenTime, type BusinessHours, openTimeBetween } from './business-hours.ts'

/** How soon people have to answer, in milliseconds of open time. */
export interface SlaTargets {
  /** From the handover to the first words of a person. */
  first: number
  /** From a customer's message that nobody has answered to a person's words. */
  next: number
  /** From the handover to the end, without the time in which the customer was awaited. */
  resolution: number
}

/** What moves the clocks, oldest first; instants in epoch milliseconds. The handoff line itself moves none. */
export interface SlaEvent {
  type: 'opened' | 'customer-message' | 'agent-reply' | 'closed' | 'reopened'
  at: number
}

/** One of the three clocks at one moment. */
export interface SlaClock {
  state: 'idle' | 'running' | 'paused' | 'met' | 'breached'
  /** Open time that has passed. */
  elapsed: number
  /** When the target is reached if nothing changes; null while the clock stands. */
  due: number | null
}

/** The clocks of a case. */
export type Sla = Record<keyof SlaTargets, SlaClock>

interface Running {
  elapsed: number
  since: number | null
  ended: boolean
}

/**
 * The clocks after what has happened up to `now`. `first` starts once and is not started again by a case that reopens;
 * `next` starts with the oldest unanswered message of the customer after a person wrote; `resolution` pauses while the
 * customer is awaited and while the case is closed, and goes on when it reopens.
 */
export function slaOf(events: readonly SlaEvent[], targets: SlaTargets, hours: BusinessHours, now: number): Sla {
  const clocks: Record<keyof SlaTargets, Running> = { first: fresh(), next: fresh(), resolution: fresh() }
  const started = { first: false }
  let answered = false
  const start = (clock: Running, at: number) => {
    clock.since ??= at
    clock.ended = false
  }
  const stop = (clock: Running, at: number, ended: boolean) => {
    if (clock.since !== null) clock.elapsed += openTimeBetween(hours, clock.since, at)
    clock.since = null
    clock.ended = ended
  }
  for (const { type, at } of events) {
    if (at > now) break
    switch (type) {
      case 'opened':
        if (!started.first) start(clocks.first, at)
        started.first = true
        start(clocks.resolution, at)
        break
      case 'customer-message':
        if (answered && clocks.next.since === null) {
          clocks.next = fresh()
          start(clocks.next, at)
        }
        if (started.first && !clocks.resolution.ended) start(clocks.resolution, at)
        break
      case 'agent-reply':
        answered = true
        if (clocks.first.since !== null) stop(clocks.first, at, true)
        if (clocks.next.since !== null) stop(clocks.next, at, true)
        if (clocks.resolution.since !== null) stop(clocks.resolution, at, false)
        break
      case 'closed':
        for (const clock of Object.values(clocks)) if (clock.since !== null) stop(clock, at, true)
        if (started.first) clocks.resolution.ended = true
        break
      case 'reopened':
        start(clocks.resolution, at)
        if (answered) {
          clocks.next = fresh()
          start(clocks.next, at)
        }
        break
    }
  }
  const read = (name: keyof SlaTargets) => clockOf(clocks[name], targets[name], hours, now)
  return { first: read('first'), next: read('next'), resolution: read('resolution') }
}

/** The clock that is due first, if any runs. */
export function nextDue(sla: Sla): { name: keyof SlaTargets; due: number } | undefined {
  return (Object.entries(sla) as [keyof SlaTargets, SlaClock][])
    .flatMap(([name, { due }]) => (due === null ? [] : [{ name, due }]))
    .sort((a, b) => a.due - b.due)[0]
}

function fresh(): Running {
  return { elapsed: 0, since: null, ended: false }
}

function clockOf(
  { elapsed: before, since, ended }: Running,
  target: number,
  hours: BusinessHours,
  now: number,
): SlaClock {
  const elapsed = before + (since === null ? 0 : openTimeBetween(hours, since, now))
  const due = since === null ? null : afterOpenTime(hours, since, Math.max(0, target - before))
  if (elapsed > target) return { state: 'breached', elapsed, due }
  if (since !== null) return { state: 'running', elapsed, due }
  if (ended) return { state: 'met', elapsed, due: null }
  return { state: elapsed > 0 ? 'paused' : 'idle', elapsed, due: null }
}
