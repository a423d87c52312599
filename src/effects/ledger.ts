import type { Kysely } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import type { EffectTool, ToolCallContext } from '../../graphs/tool.ts'
import type { Clock } from '../clock.ts'
import type { Tables } from '../database/tables.ts'
import type { Log } from '../log.ts'
import type { PolicyVersion } from './policy-file.ts'

/** What the ledger is made with. */
export interface EffectsOptions {
  db: Kysely<Tables>
  /** The effect tools of all specialists, by name. */
  tools: Map<string, EffectTool>
  policies: PolicyVersion[]
  clock: Clock
  log: Log
  /** Called after something was committed that a turn of this conversation has to tell its customer. */
  onInbox(conversationId: string): void
}

/** What a tool is told besides its arguments. */
export function contextAt(clock: Clock, principal: Principal, signal: AbortSignal): ToolCallContext {
  const now = new Date(clock.now())
  return { principal, signal, today: now.toISOString().slice(0, 10), now }
}

/** Why something was not done, in a sentence for the customer. */
export interface Reason {
  code: string
  message: string
}

/** For what is not there and for what is not theirs: nobody learns which. */
export const NOT_FOUND: Reason = { code: 'effect.not_found', message: 'I cannot find that among what is yours.' }

export const CHANGED: Reason = {
  code: 'effect.changed',
  message: 'This is not what we had agreed on any more, so I have not done it. Shall I look at it once more?',
}

export const NO_TOOL: Reason = {
  code: 'effect.unavailable',
  message: 'I am not able to do this any more; nothing was changed.',
}

export const NOT_DONE: Reason = {
  code: 'effect.not_done',
  message: 'This did not go through: nothing was changed. Just ask again if you still need it.',
}

/** Beyond a tool's own time limit, when a row in flight counts as left by whoever was at it. */
export const GIVE_UP_MS = 30_000
