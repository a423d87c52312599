import type { Kysely, Transaction } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import type { Money } from '../../graphs/systems.ts'
import type { EffectTool, ToolCallContext } from '../../graphs/tool.ts'
import type { Tables } from '../database/tables.ts'
import { type EffectRow, repeatedMessage, TAKEN } from './effect-row.ts'
import { figuresOf, leftOf } from './figures.ts'
import { decide, isSureEnough } from './policy.ts'
import type { PolicyVersion } from './policy-file.ts'
import { withinTime } from './time-limit.ts'

/** What an effect would be, by facts that were just loaded. */
export interface Case {
  facts: unknown
  object: string
  businessKey: string
  /** What the tool says it moves, whether or not that is money for a policy. */
  amount: Money | null
  remainder: Money | null
  summary: string
}

/** What the checks come to. */
export type Judgement =
  | { status: 'repeated'; message: string }
  | { status: 'refused'; code: string; message: string }
  | { status: 'fit'; approvals: 0 | 1 | 2; policyVersion: string; reason: string }

/** Loads the facts; null when it is not there or not this customer's. @throws what the business system threw */
export async function loadCase(
  tool: EffectTool,
  args: Record<string, unknown>,
  context: ToolCallContext,
): Promise<Case | null> {
  const facts = await withinTime(tool.timeoutMs, context.signal, (signal) => tool.facts(args, { ...context, signal }))
  if (facts === null || facts === undefined) return null
  return {
    facts,
    object: tool.object(args, facts),
    businessKey: tool.businessKey(args, facts),
    amount: tool.amount?.(args, facts) ?? null,
    remainder: tool.remainder?.(facts) ?? null,
    summary: tool.proposal(args, facts),
  }
}

/**
 * Whether the effect may be: not done before, possible by its facts, and allowed. What binds is what this says inside of
 * the transaction that acts on it.
 */
export async function judge(
  db: Kysely<Tables> | Transaction<Tables>,
  policies: PolicyVersion[],
  asked: {
    /** The effect's own key, which does not count against it. */
    key: string
    tool: EffectTool
    args: Record<string, unknown>
    principal: Principal
    found: Case
    now: number
  },
): Promise<Judgement> {
  const { key, tool, args, principal, found, now } = asked
  if (!isSureEnough(principal.assurance, tool.assurance))
    return refused('policy.assurance', 'I have to be sure who you are before I can do this.')
  // Before the precondition: “already refunded” says less than what became of the refund.
  const other = await db
    .selectFrom('effects')
    .selectAll()
    .where('business_key', '=', found.businessKey)
    .where('state', 'in', TAKEN)
    .where('key', '!=', key)
    .executeTakeFirst()
  if (other) return { status: 'repeated', message: repeatedMessage(other, principal.customerId) }
  const precluded = tool.precondition(found.facts, args)
  if (precluded) return refused(precluded.code, precluded.message)
  const { customerId, assurance } = principal
  const decision = decide(policies, {
    name: tool.policy,
    assurance,
    amount: tool.effect === 'money' ? found.amount : null,
    remainder: found.remainder && (await leftOf(db, found.object, found.remainder)),
    ...(await figuresOf(db, { customerId, policy: tool.policy, now })),
    now,
  })
  const { policyVersion } = decision
  switch (decision.decision) {
    case 'deny':
      return refused(decision.code, decision.message)
    case 'approve':
      return { status: 'fit', approvals: decision.approvals, policyVersion, reason: decision.reason }
    case 'allow':
      return { status: 'fit', approvals: 0, policyVersion, reason: '' }
  }
}

/**
 * Whether what the customer said yes to is still what would be done: the same words too, because a tool may choose anew
 * what the amount and the object do not tell, such as the size of an exchange.
 */
export function isSame(row: EffectRow, { object, amount, summary }: Case): boolean {
  return (
    row.object === object &&
    row.summary === summary &&
    row.amount_minor === (amount?.minor ?? null) &&
    row.currency === (amount?.currency ?? null)
  )
}

function refused(code: string, message: string): Judgement {
  return { status: 'refused', code, message }
}
