import type { Generated } from 'kysely'
import type { DeskTables } from './desk-tables.ts'
import type { IdentityTables } from './identity-tables.ts'
import type { KnowledgeTables } from './passages.ts'
import type { ShopTables } from './shop.ts'

/** Every instant is epoch milliseconds; every JSON column is text. */
export interface Tables extends KnowledgeTables, ShopTables, IdentityTables, DeskTables {
  settings: { key: string; value: string }
  customers: { id: string; verified: number; created_at: number }
  conversations: {
    id: string
    customer_id: string
    channel: string
    status: 'open' | 'with_human' | 'closed'
    specialist: string | null
    /** Grows each time a process takes the conversation; a write with an older one is a zombie's. */
    epoch: number
    event_seq: number
    event_hash: string
    /** Spent by the turns that are over. */
    model_calls: Generated<number>
    tool_calls: Generated<number>
    tokens: Generated<number>
    created_at: number
    updated_at: number
  }
  inbox: {
    id: string
    conversation_id: string
    channel: string
    /** The channel's own message id, made unique to its sender where the channel does not. */
    dedupe_key: string
    /** The id that the sender knows this message by. */
    external_id: string
    kind: InboxKind
    body: string
    /** The position in the conversation's event log: the order of arrival. */
    seq: number
    received_at: number
    status: 'new' | 'running' | 'done' | 'dead'
    turn_id: string | null
    attempts: number
  }
  turns: {
    id: string
    conversation_id: string
    status: 'running' | 'done' | 'superseded' | 'dead'
    /** The inbox row whose sender gets the reply as `answered`; every other one is `merged`. */
    lead_inbox_id: string
    supersedes: number
    outcome: string | null
    model_calls: Generated<number>
    tool_calls: Generated<number>
    tokens: Generated<number>
    spent_ms: Generated<number>
    started_at: number
    finished_at: number | null
  }
  outbox: {
    id: string
    conversation_id: string
    turn_id: string
    channel: string
    body: string
    status: 'pending' | 'sending' | 'sent' | 'dead'
    external_id: string | null
    attempts: number
    next_at: number
    created_at: number
  }
  events: {
    conversation_id: string
    seq: number
    at: number
    type: string
    actor: string
    data: string
    data_hash: string
    hash: string
  }
  escalations: {
    id: string
    conversation_id: string
    reason: string
    detail: string
    status: 'open' | 'claimed' | 'closed'
    agent: string | null
    packet: string
    opened_at: number
    claimed_at: number | null
    closed_at: number | null
  }
  effects: {
    /** The replay key. */
    key: string
    args_hash: string
    conversation_id: string
    /** The turn that planned it. */
    turn_id: string
    /** The turn that performed it last. */
    confirmed_turn_id: string | null
    customer_id: string
    /** On whose behalf, as it was when it was planned. */
    principal: string
    tool: string
    kind: 'write' | 'money'
    object: string
    /** At most one row of it is under way or done. */
    business_key: string
    args: string
    amount_minor: number | null
    currency: string | null
    summary: string
    state: EffectState
    approvals_needed: number
    policy: string
    policy_version: string
    policy_reason: string
    code: string | null
    /** For the customer. */
    message: string | null
    result: string | null
    /** How often the tool was run. */
    attempts: number
    /** How often the reconciliation asked what became of it. */
    look_ups: number
    /** When to ask next; null when there is nothing to ask. */
    next_look_up_at: number | null
    created_at: number
    updated_at: number
    /** When it first went in flight: what sums by time count by. */
    started_at: number | null
  }
  approvals: {
    id: string
    effect_key: string
    conversation_id: string
    args_hash: string
    state: ApprovalState
    /** How many different agents have to agree. */
    needed: number
    requested_at: number
    expires_at: number
    decided_at: number | null
    /** Of a denial, in the agent's words. */
    reason: string | null
  }
  approval_decisions: {
    approval_id: string
    agent: string
    decision: 'approve' | 'deny'
    reason: string | null
    at: number
  }
  /** What agents told customers they would do. */
  promises: {
    id: string
    conversation_id: string
    turn_id: string
    text: string
    owner: string
    status: PromiseStatus
    made_at: number
    due_at: number
    settled_at: number | null
    settled_by: string | null
    note: string | null
  }
  /** Optimistic locks: whoever decides on what a guard covers has to be the one who moves its version on. */
  effect_guards: { id: string; version: number }
}

export type EffectState = 'planned' | 'awaiting' | 'in_flight' | 'done' | 'failed' | 'in_doubt'

export type PromiseStatus = 'open' | 'kept' | 'broken' | 'withdrawn'

export type ApprovalState = 'pending' | 'approved' | 'denied' | 'expired' | 'superseded'

/**
 * What a row of the inbox asks for: `message` comes from the customer, `approval` and `effect` say that an effect was
 * decided on or found out about, and anything else comes from the desk.
 */
export type InboxKind = 'message' | 'take-over' | 'agent-reply' | 'hand-back' | 'close' | 'approval' | 'effect'
