import { SignJWT } from 'jose'

/** What a customer was told about a message, when it was told at all. */
export interface Told {
  conversationId: string
  turnId: string
  status: string
  reply: { id: string; text: string } | null
}

/** A message with what its sender knows of it. */
export interface SentMessage {
  messageId: string
  text: string
  conversationId?: string
  /** True as soon as the server said that it has the message: a 2xx, or the event `accepted`. */
  acknowledged: boolean
  told: Told[]
  /** Whoever sent it went away after the acknowledgement. */
  dropped: boolean
}

export const CUSTOMER_SECRET = 'a secret of the host application, for tests'
export const CUSTOMER_AUDIENCE = 'baton-faults'

/** A customer of a host application: keeps its identity whatever becomes of the server. */
export async function createCustomer(name: string) {
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(name)
    .setAudience(CUSTOMER_AUDIENCE)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(CUSTOMER_SECRET))
  const messages: SentMessage[] = []
  let conversationId: string | undefined

  function acknowledge(message: SentMessage, told: { conversationId: string }): void {
    message.acknowledged = true
    message.conversationId = told.conversationId
    conversationId ??= told.conversationId
  }

  return {
    name,
    token,
    messages,
    /** The conversation as the server shows it to this customer. */
    thread: (url: string): Promise<{ status: string; messages: { role: string; text: string }[] }> =>
      fetch(`${url}/v1/conversations/${conversationId}`, { headers: { Authorization: `Bearer ${token}` } }).then(
        (response) => response.json() as never,
      ),
    get conversationId() {
      return conversationId
    },

    write(text: string): SentMessage {
      const messageId = `${name}-${messages.length + 1}`
      const message = { messageId, text: `${text} (${messageId})`, acknowledged: false, told: [], dropped: false }
      messages.push(message)
      return message
    },

    /** Tries once; whatever goes wrong shows only in what the customer knows afterwards. */
    async send(url: string, message: SentMessage, how: 'json' | 'stream', timeoutMs = 60_000): Promise<void> {
      const body = { ...(conversationId && { conversationId }), messageId: message.messageId, text: message.text }
      try {
        const response = await fetch(`${url}/v1/chat`, {
          method: 'POST',
          headers: {
            Authorization: `Bearer ${token}`,
            'Content-Type': 'application/json',
            ...(how === 'stream' && { Accept: 'text/event-stream' }),
          },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(timeoutMs),
        })
        if (!response.ok) return
        if (how === 'json') {
          const told = (await response.json()) as Told
          acknowledge(message, told)
          if (told.turnId) message.told.push(told)
          return
        }
        for await (const { event, data } of eventsOf(response)) {
          if (event === 'accepted') acknowledge(message, data as { conversationId: string })
          if (event === 'done') message.told.push(data as Told)
        }
      } catch {
        // Cut off: the customer knows what it knew before.
      }
    },
  }
}

export type Customer = Awaited<ReturnType<typeof createCustomer>>

async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: unknown }> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = block.match(/^event: (.*)$/m)?.[1]
      const data = block.match(/^data: (.*)$/m)?.[1]
      if (event && data) yield { event, data: JSON.parse(data) }
    }
  }
}
