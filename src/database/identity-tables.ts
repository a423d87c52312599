/** Who sessions turned out to be, and how they proved it. */
export interface IdentityTables {
  session_identities: {
    session_id: string
    /** Never another one afterwards: a session is one customer at most. */
    customer_id: string
    method: 'code' | 'demo'
    verified_at: number
    /** From then on the session is still this customer's, but only claims to be. */
    expires_at: number
    /** When it signed out, for good. */
    ended_at: number | null
  }
  verification_codes: {
    id: string
    session_id: string
    conversation_id: string
    turn_id: string
    /** Keyed: the address itself is not kept, on file or not. */
    email_hash: string
    /** Null when the address is not on file: no code verifies then. */
    customer_id: string | null
    code_hash: string
    tries: number
    /** `sending` until the mail is gone, `spent` when no try is left, `expired` when another one took its place. */
    state: 'sending' | 'sent' | 'verified' | 'expired' | 'spent'
    created_at: number
    expires_at: number
  }
  /** What a turn was told about a code: the same turn is told the same again. */
  verification_checks: {
    turn_id: string
    session_id: string
    outcome: 'verified' | 'wrong' | 'expired'
    tries_left: number
    checked_at: number
  }
  demo_mails: { id: string; recipient: string; subject: string; body: string; sent_at: number }
}
