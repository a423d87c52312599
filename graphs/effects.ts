import type { Principal } from './context.ts'
import type { Money } from './systems.ts'
import type { EffectTool } from './tool.ts'

/** One effect that somebody wants: by a specialist's tool call, in a turn of a conversation. */
export interface EffectRequest {
  tool: EffectTool
  /** Checked against the tool's schema. */
  args: Record<string, unknown>
  principal: Principal
  conversationId: string
  turnId: string
  /** Counts the effects that this turn plans on the same business object, from 0. */
  ordinal: number
  signal: AbortSignal
}

/** An effect as the conversation speaks of it. */
export interface PlannedEffect {
  /** The replay key: sha256 of turn, tool, business object and ordinal, in hex. */
  key: string
  /** sha256 of the checked arguments, in hex: what the customer says yes to is this and nothing else. */
  argsHash: string
  tool: string
  /** The exact action, made by the tool from the facts; see `proposal` there. */
  summary: string
  amount: Money | null
  /** How many people have to agree to it. */
  approvals: number
}

/** What planning an effect came to. */
export type PlanOutcome =
  | { status: 'planned'; effect: PlannedEffect }
  /** It was done before, or is under way: `message` tells the customer what became of it. */
  | { status: 'repeated'; message: string }
  /** Not there or not theirs, precluded by the facts, or denied by policy. */
  | { status: 'refused'; code: string; message: string }

/** What performing an effect came to, in words for the customer. Asking again gives the same again. */
export type EffectOutcome = { key: string; tool: string; summary: string; amount: Money | null; message: string } & (
  | { status: 'done' }
  /** One or more people have to agree first. */
  | { status: 'awaiting'; approvalId: string }
  /** It was not done, and will not be. */
  | { status: 'failed'; code: string }
  /** Nobody can say yet whether it was done; it is being found out, never tried blindly. */
  | { status: 'in_doubt' }
)

/**
 * The record of everything that tools did to the world. Each effect is one row: planned, then after the customer's
 * yes checked again under a lock and performed at most once, whoever asks and however often.
 */
export interface Effects {
  /** Checks facts and policy and writes the plan down. Changes nothing in the world. */
  plan(request: EffectRequest): Promise<PlanOutcome>
  /**
   * Performs what was planned and confirmed, or waits for approval, or answers what became of it before. Arguments
   * that are not the planned ones fail with `effect.changed`.
   * @param turn the turn that confirms, and the epoch under which it holds the conversation: an older one is refused.
   * `principal`: whose yes it is, as sure as that is by now; left out where people decided.
   */
  perform(
    effect: Pick<PlannedEffect, 'key' | 'argsHash'>,
    turn: { turnId: string; epoch?: number | undefined; signal: AbortSignal; principal?: Principal | undefined },
  ): Promise<EffectOutcome>
  /** The customer does not want it. What is not merely planned any more stays what it is. */
  cancel(keys: string[]): Promise<void>
}
