import { EventEmitter } from 'node:events'
import { LRUCache } from 'lru-cache'
import type { Bell } from '../database/database.ts'

/** What the graph shows while it runs: route, token, restart, tool. */
export type Progress = { type: string } & Record<string, unknown>

/** A turn as it can be followed. */
export interface LiveTurn {
  turnId: string
  inboxIds: string[]
  shown: Progress[]
}

/** What is going on in a conversation right now. Nothing here is the truth: the event log is. */
export type LiveEvent =
  /** The log has grown, here or in another process. */
  | { type: 'changed' }
  /** The current turn has begun, or has shown something more. */
  | { type: 'progress' }

/** Tells listeners in this process what happens in a conversation, and other processes that something did. */
export interface Live {
  changed(conversationId: string): void
  /** A turn begins: what the one before it showed is forgotten. */
  turn(conversationId: string, turn: { turnId: string; inboxIds: string[] }): void
  progress(conversationId: string, data: Progress): void
  /** The turn that runs, or ran last, with all that it showed so far; null where this process ran none lately. */
  current(conversationId: string): LiveTurn | null
  /** @returns a function that ends the subscription */
  subscribe(conversationId: string, listener: (event: LiveEvent) => void): () => void
  /** Called with every conversation in which another process changed something. */
  onElsewhere(listener: (conversationId: string) => void): void
}

/** Conversations whose last turn can still be replayed to a client that reconnects. */
const KEPT = 1_000

export function createLive(bell: Bell): Live {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)
  const turns = new LRUCache<string, LiveTurn>({ max: KEPT })
  bell.onRing((conversationId) => emitter.emit(conversationId, { type: 'changed' }))
  return {
    changed(conversationId) {
      emitter.emit(conversationId, { type: 'changed' })
      bell.ring(conversationId)
    },
    turn(conversationId, turn) {
      turns.set(conversationId, { ...turn, shown: [] })
      emitter.emit(conversationId, { type: 'progress' })
    },
    progress(conversationId, data) {
      turns.get(conversationId)?.shown.push(data)
      emitter.emit(conversationId, { type: 'progress' })
    },
    current: (conversationId) => turns.get(conversationId) ?? null,
    subscribe(conversationId, listener) {
      emitter.on(conversationId, listener)
      return () => void emitter.off(conversationId, listener)
    },
    onElsewhere: (listener) => bell.onRing(listener),
  }
}
