import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import type { Budgets } from '../../graphs/budget.ts'
import { type CallOutcome, callTool } from '../../graphs/call-tool.ts'
import type { Principal } from '../../graphs/context.ts'
import type { EffectOutcome, PlannedEffect } from '../../graphs/effects.ts'
import type { EffectTool } from '../../graphs/tool.ts'
import { systemClock } from '../../src/clock.ts'
import { openConversation } from '../../src/conversations/inbox.ts'
import { openSqliteInMemory } from '../../src/database/sqlite.ts'
import { createEffects } from '../../src/effects/effects.ts'
import type { PolicyVersion } from '../../src/effects/policy-file.ts'
import { createEntrance } from './entrance.ts'
import type { Shop } from './shop.ts'
import { createTools } from './tools.ts'

const log = pino({ level: 'silent' })
const unlimited: Budgets = { modelCall: async () => {}, modelAnswered: async () => {}, toolCall: async () => {} }

/** What a call came to, after the customer's yes where it asked for one. */
export interface Called {
  outcome: CallOutcome
  planned?: PlannedEffect
  performed?: EffectOutcome
}

/** One anonymous customer's conversation with a shop, over a ledger of its own. Has to be closed. */
export async function openVisit(shop: Shop, policies: PolicyVersion[]) {
  const db = await openSqliteInMemory()
  const entrance = createEntrance()
  const tools = createTools(shop, entrance)
  const effectTools = [...tools.values()].filter((tool): tool is EffectTool => tool.effect !== 'read')
  const effects = createEffects({
    db,
    tools: new Map(effectTools.map((tool) => [tool.name, tool])),
    policies,
    clock: systemClock,
    log,
    onInbox: () => {},
  })
  const conversationId = randomUUID()
  const principal: Principal = { customerId: 'visitor', assurance: 'anonymous', channel: 'web' }
  await openConversation(db, conversationId, principal, 0)
  let turns = 0
  const nextTurn = () => {
    turns += 1
    return `turn-${turns}`
  }

  return {
    entrance,

    /** Calls a tool in a turn of its own. What was planned is done in the next one, as after a yes. */
    async call(name: string, args: Record<string, unknown>): Promise<Called> {
      const turn = { turnId: nextTurn(), conversationId, principal, signal: undefined }
      const caller = { effects, identity: entrance.identity, budgets: unlimited, now: () => new Date() }
      const called = await callTool(tools, { name, args }, turn, caller)
      if (!called.planned) return called
      const yes = { turnId: nextTurn(), epoch: 0, signal: new AbortController().signal }
      return { ...called, performed: await effects.perform(called.planned, yes) }
    },

    /** The customer says yes once more to what was done. */
    again: (effect: PlannedEffect): Promise<EffectOutcome> =>
      effects.perform(effect, { turnId: nextTurn(), epoch: 0, signal: new AbortController().signal }),

    close: () => db.destroy(),
  }
}

export type Visit = Awaited<ReturnType<typeof openVisit>>

/**
 * Whether a call did what it was asked for. A refusal is an answer of ours, of a read too, which then has no data; what
 * does not even come to that, such as arguments that do not fit, is `broken`.
 */
export function verdictOf({ outcome, performed }: Called): 'done' | 'refused' | 'broken' {
  if (performed) return performed.status === 'done' ? 'done' : performed.status === 'failed' ? 'refused' : 'broken'
  if (outcome.status === 'ok') return outcome.data === null ? 'refused' : 'done'
  return outcome.status === 'refused' || outcome.status === 'repeated' ? 'refused' : 'broken'
}
