import type { Kysely } from 'kysely'
import type { effectFacts } from '../../graphs/state.ts'
import type { Money } from '../../graphs/systems.ts'
import type { EffectState, Tables } from '../database/tables.ts'
import type { LoggedEvent } from './event-log.ts'

/** Something that was, or may be, done for the customer, as they may see it. */
export interface ShownEffect {
  key: string
  tool: string
  summary: string
  amount: Money | null
  state: EffectState
  /** What the customer was told of it. */
  message: string | null
  /** Why it was not done, such as `effect.denied`; null unless it failed. */
  code: string | null
  /** ISO instant of the last change. */
  at: string
}

/** Everything that was done, or that somebody has to decide on, in a conversation; the oldest first. */
export async function effectsOf(db: Kysely<Tables>, conversationId: string): Promise<ShownEffect[]> {
  const rows = await db
    .selectFrom('effects')
    .select(['key', 'tool', 'summary', 'amount_minor', 'currency', 'state', 'message', 'code', 'updated_at'])
    .where('conversation_id', '=', conversationId)
    .orderBy('created_at')
    .execute()
  return rows.map(({ amount_minor, currency, updated_at, ...row }) => ({
    ...row,
    amount: amount_minor === null || currency === null ? null : { minor: amount_minor, currency },
    at: new Date(updated_at).toISOString(),
  }))
}

const STATES: Record<string, EffectState> = {
  'effect-planned': 'planned',
  'effect-awaiting': 'awaiting',
  'effect-done': 'done',
  'effect-failed': 'failed',
  'effect-cancelled': 'failed',
  'effect-in-doubt': 'in_doubt',
} satisfies Record<(typeof effectFacts)[number], EffectState>

/** What a fact tells of an effect, if it is about one. */
export function effectOf({ type, at, data }: LoggedEvent): ShownEffect | undefined {
  const state = STATES[type]
  if (!state) return undefined
  return {
    key: String(data.key),
    tool: String(data.tool),
    summary: String(data.summary),
    amount: (data.amount as Money | null) ?? null,
    state,
    message: data.message === undefined ? null : String(data.message),
    code: data.code === undefined ? null : String(data.code),
    at: new Date(at).toISOString(),
  }
}
