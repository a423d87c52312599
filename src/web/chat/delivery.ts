import { type Api, Busy, Gone, Refused } from './api.ts'
import type { Memory, Unsent } from './memory.ts'
import type { TurnEvent } from './protocol.ts'

/** Where a message of the customer is on its way; `retryAt` is epoch milliseconds. */
export type Delivery =
  | { state: 'sending' | 'accepted' | 'delivered' }
  | { state: 'unreachable' | 'busy' | 'interrupted'; retryAt: number }
  | { state: 'refused'; reason: string }

/** Sends the customer's messages in order and until the server has them. */
export interface DeliveryQueue {
  /** Returns at once; the message is kept in the browser until the server has accepted it. */
  send(message: Unsent): void
  /** Ends every wait for the next attempt. */
  retryNow(): void
  stop(): void
}

/**
 * A message goes out again with the same messageId until the server has answered it, so that a broken network neither
 * loses nor doubles it. The next message waits until the one before is accepted: that keeps the order, and the second
 * knows the conversation which the first one opened.
 */
export function createDelivery(deps: {
  api: Api
  memory: Memory
  conversationId: () => string | null
  onEvent: (message: Unsent, event: TurnEvent) => void
  onDelivery: (message: Unsent, delivery: Delivery) => void
  onGone: () => void
}): DeliveryQueue {
  const { api, memory, onEvent, onDelivery } = deps
  const waiting = new Set<() => void>()
  const stopped = new AbortController()
  let turnOfNext = Promise.resolve()

  async function attempt(message: Unsent, onAccepted: () => void) {
    const conversationId = message.conversationId ?? deps.conversationId()
    await api.chat(
      { ...(conversationId && { conversationId }), messageId: message.messageId, text: message.text },
      (event) => {
        onEvent(message, event)
        if (event.type === 'accepted' || event.type === 'done') onAccepted()
      },
      stopped.signal,
    )
  }

  async function deliver(message: Unsent, letNextGo: () => void) {
    let accepted = false
    const onAccepted = () => {
      accepted = true
      onDelivery(message, { state: 'accepted' })
      memory.drop(message.messageId)
      letNextGo()
    }
    for (let failures = 0; !stopped.signal.aborted; failures++) {
      if (!accepted) onDelivery(message, { state: 'sending' })
      try {
        await attempt(message, onAccepted)
        onAccepted()
        onDelivery(message, { state: 'delivered' })
        return
      } catch (problem) {
        if (stopped.signal.aborted) return
        if (problem instanceof Refused) {
          memory.drop(message.messageId)
          onDelivery(message, { state: 'refused', reason: problem.message })
          return
        }
        if (problem instanceof Gone && (message.conversationId ?? deps.conversationId())) {
          message.conversationId = null
          deps.onGone()
          continue
        }
        const wait = problem instanceof Busy ? problem.waitMilliseconds : backoff(failures)
        const state = problem instanceof Busy ? 'busy' : accepted ? 'interrupted' : 'unreachable'
        onDelivery(message, { state, retryAt: Date.now() + wait })
        await pause(wait)
      }
    }
  }

  function pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer)
        waiting.delete(go)
        resolve()
      }
      const timer = setTimeout(go, milliseconds)
      waiting.add(go)
    })
  }

  function retryNow() {
    for (const go of [...waiting]) go()
  }

  return {
    send(message) {
      memory.keep(message)
      const before = turnOfNext
      turnOfNext = new Promise((letNextGo) => {
        void before.then(() => deliver(message, letNextGo)).finally(letNextGo)
      })
    },
    retryNow,
    stop() {
      stopped.abort()
      retryNow()
    },
  }
}

/** 1, 2, 4 … 30 seconds, a fifth more or less, so that not every page comes back in the same second. */
export function backoff(failures: number, random: () => number = Math.random): number {
  return Math.min(1000 * 2 ** failures, 30_000) * (0.8 + 0.4 * random())
}
