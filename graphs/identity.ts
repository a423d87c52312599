import type { Principal } from './context.ts'

/** What became of a one-time code that a customer typed. */
export type CodeOutcome =
  | { status: 'verified'; principal: Principal }
  | { status: 'wrong'; triesLeft: number }
  /** Too old, too many tries, or none was sent. */
  | { status: 'expired' }

/** How a customer proves who they are in the middle of a conversation. No model has a part in it. */
export interface Identity {
  /** Who the customer is by now: one who has proved it since the run began is no longer anonymous. */
  current(principal: Principal): Promise<Principal>
  /**
   * Sends a one-time code to the address on file, if the claimed address is one; nobody learns whether it is. The same
   * turn sends the same code again, never a second one. `too_many`: no more codes for now. `failed`: no mail can be
   * sent now, to nobody; a person has to go on, or the same turn may try again.
   */
  sendCode(request: {
    principal: Principal
    conversationId: string
    turnId: string
    email: string
  }): Promise<{ status: 'sent' | 'too_many' | 'failed' }>
  /** Counts a try once a turn. On success this session is that customer, and its conversations are theirs. */
  checkCode(request: {
    principal: Principal
    conversationId: string
    turnId: string
    code: string
  }): Promise<CodeOutcome>
}
