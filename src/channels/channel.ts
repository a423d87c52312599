/** A text on its way to a customer. */
export interface OutgoingMessage {
  /** The reply's own id; the same one again is the same message. */
  id: string
  conversationId: string
  text: string
  author: { kind: string; name: string }
}

/** Where messages arrive and leave. */
export interface Channel {
  name: string
  /**
   * How a reply reaches the customer. `log`: the customer reads the conversation's event log, so that committing the
   * reply delivers it. Otherwise `send` hands it to the outside.
   */
  delivery: 'log' | PushDelivery
}

/** The way out of a channel that has a server of its own. */
export interface PushDelivery {
  /** @returns the channel's own id of the message */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<{ externalId: string }>
  /** Looks up whether a message got there before a crash; undefined where the channel cannot tell. */
  find?(messageId: string, signal: AbortSignal): Promise<{ externalId: string } | null>
}

/** The chat page and the JSON endpoint. */
export const webChannel: Channel = { name: 'web', delivery: 'log' }
