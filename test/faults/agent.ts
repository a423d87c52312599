import type { SentMessage } from './customers.ts'

export const DESK_TOKEN = 'desk-token-for-faults'

interface Action {
  conversationId: string
  kind: 'reply' | 'hand-back'
  message: SentMessage
}

/** A person at the desk who answers some of the escalations and hands others back, and tries again what was cut off. */
export function createAgent(random: () => number) {
  const actions: Action[] = []
  const headers = { Authorization: `Bearer ${DESK_TOKEN}`, 'Content-Type': 'application/json' }

  async function act(url: string, { conversationId, kind, message }: Action): Promise<void> {
    const { messageId, text } = message
    const body = { agent: 'Noor', messageId, ...(kind === 'reply' ? { text } : { note: text }) }
    try {
      const response = await fetch(`${url}/v1/desk/conversations/${conversationId}/${kind}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(60_000),
      })
      // Handed back already, by a try whose answer was cut off.
      if (response.status === 409) message.dropped = true
      if (!response.ok) return
      message.acknowledged = true
      message.told.push((await response.json()) as SentMessage['told'][number])
    } catch {
      // Cut off: tried again on the next visit.
    }
  }

  return {
    /** What the agent sent so far. */
    messages: () => actions.map(({ message }) => message),

    /** Tries again what is open, then looks at the queue. */
    async visit(url: string): Promise<void> {
      for (const action of actions) if (!action.message.acknowledged && !action.message.dropped) await act(url, action)
      const queue = await fetch(`${url}/v1/desk/queue`, { headers })
        .then((response) => response.json() as Promise<{ escalations?: { conversationId: string }[] }>)
        .catch(() => ({ escalations: [] }))
      for (const { conversationId } of queue.escalations ?? []) {
        if (random() < 0.3) continue
        const messageId = `agent-${actions.length + 1}`
        const kind = random() < 0.4 ? ('reply' as const) : ('hand-back' as const)
        const message = {
          messageId,
          text: `A word from Noor (${messageId})`,
          acknowledged: false,
          told: [],
          dropped: false,
        }
        const action = { conversationId, kind, message }
        actions.push(action)
        await act(url, action)
      }
    },
  }
}

export type Agent = ReturnType<typeof createAgent>
