import type { Knowledge, ScoredPassage, SearchOptions } from '../knowledge/passage.ts'
import type { CallOutcome } from './call-tool.ts'

/**
 * The day on which the order was placed that a tool of this turn loaded, `YYYY-MM-DD`; undefined where none was, or
 * several of different days.
 */
export function orderDayOf(outcomes: CallOutcome[]): string | undefined {
  const days = new Set(outcomes.flatMap((outcome) => (outcome.status === 'ok' ? daysIn(outcome.data) : [])))
  const [day] = days
  return days.size === 1 ? day : undefined
}

function daysIn(data: unknown): string[] {
  if (Array.isArray(data)) return data.flatMap(daysIn)
  if (typeof data !== 'object' || data === null) return []
  const { placedAt, order } = data as { placedAt?: unknown; order?: unknown }
  const day = typeof placedAt === 'string' ? /^\d{4}-\d{2}-\d{2}/.exec(placedAt)?.[0] : undefined
  return day ? [day] : daysIn(order)
}

/**
 * What articles say today; but for an order of an earlier day, where articles that have ended since speak of it, what
 * they said then, and nothing that began after that day.
 * @param relevant which of the passages found are about the question
 */
export async function searchFor(
  knowledge: Knowledge,
  query: string,
  options: SearchOptions,
  { today, orderDay, relevant }: Moment,
): Promise<ScoredPassage[]> {
  const now = relevant(await knowledge.search(query, options))
  if (orderDay === undefined || orderDay >= today) return now
  const then = relevant(await knowledge.search(query, { ...options, asOf: orderDay }))
  const ended = new Set(then.filter(({ validTo }) => validTo && validTo < today).map(({ id }) => id))
  if (ended.size === 0) return now
  const asBefore = now.filter(({ validFrom }) => !validFrom || validFrom <= orderDay)
  const past = then.filter(({ id }) => ended.has(id))
  return [...past, ...asBefore].slice(0, options.limit)
}

interface Moment {
  today: string
  orderDay: string | undefined
  relevant(passages: ScoredPassage[]): ScoredPassage[]
}
