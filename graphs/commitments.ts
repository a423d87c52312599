/** What a person promised a customer and has not settled yet. */
export interface OpenPromise {
  text: string
  /** The agent who has to keep it. */
  owner: string
  /** ISO instant. */
  due: string
}

/** Something that a customer was told, with what it rested on then. */
export interface PastClaim {
  text: string
  /** Such as `returns/return-policy v4` or a tool's name. */
  rests: string
}

/** What a conversation's customer may hold us to, beyond what a model is shown of the thread. */
export interface Commitments {
  /** Open promises, the first due first. */
  promises(conversationId: string): Promise<OpenPromise[]>
  /** What was claimed, the latest last; at most `limit`. */
  claims(conversationId: string, limit: number): Promise<PastClaim[]>
}
