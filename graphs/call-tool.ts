import { isGraphBubbleUp } from '@langchain/langgraph'
import { z } from 'zod'
import type { Budgets } from './budget.ts'
import type { Principal } from './context.ts'
import type { Effects, PlannedEffect } from './effects.ts'
import type { Identity } from './identity.ts'
import type { Assurance, Tool, ToolCallContext } from './tool.ts'

/** A tool call as a model made it: nothing in it is trusted. */
export interface ToolCall {
  name: string
  args: Record<string, unknown>
}

/** What a call came to; as JSON it is what the model is told. */
export type CallOutcome =
  | { status: 'ok'; say: string; data?: unknown; next?: { tool: string; args: Record<string, unknown> } }
  /** Nothing is done: the customer is asked to confirm it first. */
  | { status: 'planned'; summary: string }
  | { status: 'repeated'; message: string }
  | { status: 'refused'; code: string; message: string }
  /** The customer has to prove who they are first. */
  | { status: 'verification_needed' }
  | { status: 'error'; message: string }

/** What calls are made with. */
export interface ToolCallerOptions {
  effects: Effects
  identity: Identity
  budgets: Budgets
  now: () => Date
}

/** The turn in which a call is made. */
export interface CallingTurn {
  turnId: string
  conversationId: string
  principal: Principal
  signal: AbortSignal | undefined
  /** Nothing is planned on the word of this turn's text: the customer is asked to say it again in a plain message. */
  careful?: boolean
}

const SAY_IT_AGAIN: CallOutcome = {
  status: 'refused',
  code: 'effect.say_again',
  message: 'I want to be sure what you would like me to do. Please tell me in one short message.',
}

const RANK: Record<Assurance, number> = { anonymous: 0, claimed: 1, verified: 2 }

/**
 * Makes one tool call with everything that has to hold before it: the arguments fit, the customer is who the tool
 * needs, the turn may still spend. A read runs; an effect is only ever planned here.
 * @returns the outcome, and the effect where one was planned
 */
export async function callTool(
  tools: Map<string, Tool>,
  { name, args }: ToolCall,
  turn: CallingTurn,
  { effects, identity, budgets, now }: ToolCallerOptions,
): Promise<{ outcome: CallOutcome; planned?: PlannedEffect }> {
  const tool = tools.get(name)
  if (!tool) return { outcome: { status: 'error', message: `There is no tool ${name}.` } }
  await budgets.toolCall(turn)
  const parsed = await tool.schema.safeParseAsync(args)
  if (!parsed.success) return { outcome: { status: 'error', message: z.prettifyError(parsed.error) } }
  const checked = parsed.data as Record<string, unknown>
  const principal = await identity.current(turn.principal)
  if (RANK[principal.assurance] < RANK[tool.assurance]) return { outcome: { status: 'verification_needed' } }

  if (turn.careful && tool.effect !== 'read') return { outcome: SAY_IT_AGAIN }
  const limit = AbortSignal.timeout(tool.timeoutMs)
  const signal = turn.signal ? AbortSignal.any([turn.signal, limit]) : limit
  try {
    if (tool.effect === 'read') {
      const context: ToolCallContext = { principal, signal, now: now(), today: now().toISOString().slice(0, 10) }
      return { outcome: { status: 'ok', ...(await within(signal, tool.run(checked, context))) } }
    }
    const { conversationId, turnId } = turn
    const request = { tool, args: checked, principal, conversationId, turnId, ordinal: 0, signal }
    const plan = await within(signal, effects.plan(request))
    if (plan.status !== 'planned') return { outcome: plan }
    return { outcome: { status: 'planned', summary: plan.effect.summary }, planned: plan.effect }
  } catch (error) {
    if (isGraphBubbleUp(error) || turn.signal?.aborted) throw error
    // An exception's own text may hold what no model should read.
    return { outcome: { status: 'error', message: `${name} did not work.` } }
  }
}

/** A tool that does not listen to its signal is not waited for. */
function within<Value>(signal: AbortSignal, work: Promise<Value>): Promise<Value> {
  let stop = () => {}
  const over = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  return Promise.race([work, over]).finally(() => signal.removeEventListener('abort', stop))
}

/** Of a call's arguments, those that the log may hold. */
export function loggedArgs(tool: Tool | undefined, args: Record<string, unknown>): Record<string, unknown> {
  const allowed = new Set(tool?.logs)
  return Object.fromEntries(Object.entries(args).filter(([name]) => allowed.has(name)))
}
