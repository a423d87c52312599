/** The conversation was taken by another process: whatever this one still holds is void. */
export class FencedError extends Error {
  constructor(conversationId: string) {
    super(`conversation ${conversationId} was taken by another process`)
  }
}

/**
 * The key of a run's `configurable` that says under which epoch it took the conversation. A saver that several
 * processes share refuses the writes of an older one. LangGraph keeps keys with two underscores out of its metadata.
 */
export const EPOCH = '__epoch'
