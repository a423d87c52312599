/** `to` of a decision that hands the conversation to a person. */
export const HUMAN = 'human'
/** `to` of a decision that nobody here can answer. */
export const OUT_OF_SCOPE = 'out_of_scope'

/** One thing the customer asks for, with the specialist it belongs to. */
export interface Ask {
  /** The part of the customer's message that asks, in the customer's words. */
  text: string
  /** A specialist's name. */
  to: string
}

/** Who answers a turn, and why. */
export interface RouteDecision {
  /** A specialist's name, `human` or `out_of_scope`. */
  to: string
  /** `local`: decided without a model; `model`: the chat model was asked. */
  by: 'local' | 'model'
  /** Estimated probability, 0 to 1, that `to` is right. */
  confidence: number
  /** One line for people who debug or audit: the evidence, not an apology. */
  reason: string
  /** The next best targets, best first, without `to`. */
  alternatives: { to: string; confidence: number }[]
  /** Every ask found in the message, in its order; empty when there is only one. */
  asks: Ask[]
  /** Set when the message is courtesy rather than a request. */
  courtesy?: 'greeting' | 'thanks' | 'farewell'
  /** Set when nobody is sure enough and the customer should be asked. */
  needsClarification?: boolean
}

/** What the router may look at besides the message itself. */
export interface RouteContext {
  /** The specialist that owns the conversation, if any. */
  owner?: string | null
  /** The last text that the customer was sent, if any: a question in it makes a short answer a follow-up. */
  lastReply?: string | null
  /** The customer's earlier messages, oldest first. */
  earlier?: string[]
}

/** Decides without a model. Pure: the same text and context give the same decision. */
export interface LocalRouter {
  route(text: string, context?: RouteContext): RouteDecision
}
