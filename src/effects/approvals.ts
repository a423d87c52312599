import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Money } from '../../graphs/systems.ts'
import type { Clock } from '../clock.ts'
import { enqueueEffectNews } from '../conversations/inbox.ts'
import type { ApprovalState, Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'
import type { ApprovalRow } from './approval-row.ts'
import { amountOf, argsOf, type EffectRow, findEffect, principalOf } from './effect-row.ts'

/** What an agent sees before deciding. Made from the stored arguments and facts, never from a model's words. */
export interface ApprovalCard {
  id: string
  state: ApprovalState
  conversationId: string
  customerId: string
  tool: string
  /** The exact action, as the customer said yes to it. */
  summary: string
  amount: Money | null
  args: Record<string, unknown>
  /** Why policy asks people. */
  reason: string
  policyVersion: string
  needed: number
  decisions: { agent: string; decision: 'approve' | 'deny'; reason: string | null; at: string }[]
  requestedAt: string
  expiresAt: string
  decidedAt: string | null
}

/** What an agent says to a card. A denial needs a reason: the customer is told it. */
export interface Decision {
  agent: string
  decision: 'approve' | 'deny'
  reason?: string | undefined
}

const LISTED = 200

/** Effects that people have to agree to: each is decided once, by as many different agents as it needs. */
export function createApprovals(options: {
  db: Kysely<Tables>
  clock: Clock
  /** Called after a decision was committed that a turn of this conversation has to act on. */
  onInbox(conversationId: string): void
}) {
  const { db, clock, onInbox } = options

  async function cards(rows: ApprovalRow[]): Promise<ApprovalCard[]> {
    if (rows.length === 0) return []
    const effects = await db
      .selectFrom('effects')
      .selectAll()
      .where(
        'key',
        'in',
        rows.map(({ effect_key }) => effect_key),
      )
      .execute()
    const decisions = await db
      .selectFrom('approval_decisions')
      .selectAll()
      .where(
        'approval_id',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('at')
      .execute()
    const byKey = new Map(effects.map((effect) => [effect.key, effect]))
    return rows.flatMap((row) => {
      const effect = byKey.get(row.effect_key)
      const own = decisions.filter(({ approval_id }) => approval_id === row.id)
      return effect ? [cardOf(row, effect, own)] : []
    })
  }

  /** @returns the effect's conversation when the decision is complete with this one */
  async function count(trx: Transaction<Tables>, id: string, given: Decision): Promise<string | undefined> {
    const now = clock.now()
    const approval = await hold(trx, id, now)
    const before = await decisionsOn(trx, id)
    const own = before.find(({ agent }) => isSameAgent(agent, given.agent))
    // A second click. Who has agreed may still object, as long as it is not decided.
    if (own?.decision === given.decision) return undefined
    await trx
      .insertInto('approval_decisions')
      .values({
        approval_id: id,
        agent: own?.agent ?? given.agent,
        decision: given.decision,
        reason: given.reason ?? null,
        at: now,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['approval_id', 'agent'])
          .doUpdateSet({ decision: given.decision, reason: given.reason ?? null, at: now }),
      )
      .execute()
    const decisions = await decisionsOn(trx, id)
    const agreed = decisions.filter(({ decision }) => decision === 'approve').map(({ agent }) => agent)
    if (given.decision === 'approve' && agreed.length < approval.needed) return undefined
    const denied = given.decision === 'deny'
    const state = denied ? 'denied' : 'approved'
    await trx
      .updateTable('approvals')
      .set({ state, decided_at: now, reason: denied ? (given.reason ?? null) : null })
      .where('id', '=', id)
      .execute()
    const effect = await findEffect(trx, approval.effect_key)
    if (!effect) throw new Error(`approval ${id} is about no effect`)
    await enqueueEffectNews(
      trx,
      {
        ...newsOf(approval, effect),
        occasion: `${state} by ${approval.needed}`,
        event: {
          type: 'approval-decided',
          actor: given.agent,
          data: {
            id,
            key: effect.key,
            tool: effect.tool,
            summary: effect.summary,
            decision: state,
            agents: denied ? [given.agent] : agreed,
            ...(denied && { reason: given.reason }),
          },
        },
      },
      now,
    )
    return approval.conversation_id
  }

  return {
    /** Cards, the longest waiting first. */
    async list({ state }: { state?: ApprovalState | undefined } = {}): Promise<ApprovalCard[]> {
      let query = db.selectFrom('approvals').selectAll().orderBy('requested_at').limit(LISTED)
      if (state) query = query.where('state', '=', state)
      return cards(await query.execute())
    },

    /**
     * An agent counts once; the decision that completes a card is the last. What it decides is done in a turn of the
     * conversation, after what the customer wrote before it.
     * @throws {AppError} 404; 409 `approvals.decided` or `approvals.expired`; 400 for a denial without a reason
     */
    async decide(id: string, decision: Decision): Promise<ApprovalCard> {
      const given = { ...decision, agent: decision.agent.trim(), reason: decision.reason?.trim() || undefined }
      if (given.decision === 'deny' && given.reason === undefined)
        throw new AppError('approvals.reason_missing', 400, 'Say why: the customer will be told.')
      const conversationId = await db.transaction().execute((trx) => count(trx, id, given))
      if (conversationId !== undefined) onInbox(conversationId)
      const [card] = await cards(await db.selectFrom('approvals').selectAll().where('id', '=', id).execute())
      if (!card) throw notFound()
      return card
    },
  }
}

export type Approvals = ReturnType<typeof createApprovals>

/** Ends what nobody decided in time; the customer is told in a turn. @returns the conversations that have news */
export async function expireApprovals(db: Kysely<Tables>, now: number): Promise<string[]> {
  const due = await db
    .selectFrom('approvals')
    .selectAll()
    .where('state', '=', 'pending')
    .where('expires_at', '<=', now)
    .limit(LISTED)
    .execute()
  const told: string[] = []
  for (const approval of due) {
    const expired = await db.transaction().execute((trx) => expire(trx, approval, now))
    if (expired) told.push(approval.conversation_id)
  }
  return told
}

async function expire(trx: Transaction<Tables>, approval: ApprovalRow, now: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('approvals')
    .set({ state: 'expired', decided_at: now })
    .where('id', '=', approval.id)
    .where('state', '=', 'pending')
    .where('expires_at', '<=', now)
    .executeTakeFirst()
  const effect = numUpdatedRows === 1n ? await findEffect(trx, approval.effect_key) : undefined
  if (!effect) return false
  const data = { id: approval.id, key: effect.key, tool: effect.tool, summary: effect.summary }
  const event = { type: 'approval-expired', actor: 'baton', data }
  return enqueueEffectNews(
    trx,
    { ...newsOf(approval, effect), occasion: `expired with ${approval.needed}`, event },
    now,
  )
}

/** Keeps the row from everybody else until the transaction ends, if it can still be decided. */
async function hold(trx: Transaction<Tables>, id: string, now: number): Promise<ApprovalRow> {
  const held = await trx
    .updateTable('approvals')
    .set({ state: 'pending' })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
  if (held) return held
  const found = await trx.selectFrom('approvals').select('state').where('id', '=', id).executeTakeFirst()
  if (!found) throw notFound()
  if (found.state === 'pending' || found.state === 'expired')
    throw new AppError('approvals.expired', 409, 'It was too late to decide on this.')
  throw new AppError('approvals.decided', 409, 'This is decided already.')
}

function decisionsOn(trx: Transaction<Tables>, id: string) {
  return trx.selectFrom('approval_decisions').selectAll().where('approval_id', '=', id).execute()
}

function newsOf(approval: ApprovalRow, effect: EffectRow) {
  return {
    kind: 'approval' as const,
    conversationId: approval.conversation_id,
    effect: { key: effect.key, argsHash: approval.args_hash },
    principal: principalOf(effect),
  }
}

/** Neither case, accents, spaces and punctuation nor what cannot be seen tells two names apart. */
const spelling = new Intl.Collator('en', { sensitivity: 'base', ignorePunctuation: true })

/** Two spellings of one name are one person: “two different agents” must not be met by a capital letter or a space. */
function isSameAgent(a: string, b: string): boolean {
  return spelling.compare(a.normalize('NFKC'), b.normalize('NFKC')) === 0
}

function cardOf(
  approval: ApprovalRow,
  effect: EffectRow,
  decisions: Selectable<Tables['approval_decisions']>[],
): ApprovalCard {
  const { id, state, conversation_id, needed, requested_at, expires_at, decided_at } = approval
  return {
    id,
    state,
    conversationId: conversation_id,
    customerId: effect.customer_id,
    tool: effect.tool,
    summary: effect.summary,
    amount: amountOf(effect),
    args: argsOf(effect),
    reason: effect.policy_reason,
    policyVersion: effect.policy_version,
    needed,
    decisions: decisions.map(({ agent, decision, reason, at }) => ({
      agent,
      decision,
      reason,
      at: new Date(at).toISOString(),
    })),
    requestedAt: new Date(requested_at).toISOString(),
    expiresAt: new Date(expires_at).toISOString(),
    decidedAt: decided_at === null ? null : new Date(decided_at).toISOString(),
  }
}

function notFound(): AppError {
  return new AppError('approvals.not_found', 404, 'There is no such approval.')
}
