/** The conversation was taken by another process: whatever this one still holds is void. */
export class FencedError extends Error {
  constructor(conversationId: string) {
    super(`conversation ${conversationId} was taken by another process`)
  }
}
