import type { KnowledgeTables } from './passages.ts'
import type { ShopTables } from './shop.ts'

/** Every instant is epoch milliseconds; every JSON column is text. */
export interface Tables extends KnowledgeTables, ShopTables {
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
}

/** What a row of the inbox asks for; anything but `message` comes from the desk. */
export type InboxKind = 'message' | 'take-over' | 'agent-reply' | 'hand-back' | 'close'
