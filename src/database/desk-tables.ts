import type { Generated } from 'kysely'

/** The tables of what customers were told, what nobody could answer, and what becomes of it. */
export interface DeskTables {
  /** Chains of facts that belong to no conversation. */
  event_chains: { id: string; event_seq: number; event_hash: string }
  /** Sentences of articles that replies rested on, each once. */
  told_quotes: { id: string; article_id: string; title: string; version: number; quote: string }
  /** Which message told which of them. */
  told: { quote_id: string; conversation_id: string; seq: number; at: number }
  corrections: {
    article_id: string
    /** The version that made the correction necessary. */
    version: number
    conversation_id: string
    /** The agent's message on its way to the customer. */
    inbox_id: string
    agent: string
    at: number
  }
  unanswered_questions: {
    id: string
    conversation_id: string
    /** The place of its first message in the conversation's log. */
    seq: number
    at: number
    /** With personal data masked. */
    text: string
    specialist: string | null
    reason: QuestionReason
    /** The agent's message that answered it. */
    answer_message_id: string | null
    /** The article that answers it by now. */
    article_id: string | null
  }
  draft_articles: {
    id: string
    state: DraftState
    /** Grows with each edit. */
    revision: Generated<number>
    title: string
    scope: string
    text: string
    /** JSON `[string]`. */
    questions: string
    /** The unanswered question that it was begun for. */
    question_id: string | null
    conversation_id: string | null
    message_id: string | null
    author: string
    /** Who wrote the text as it stands. */
    editor: string
    decided_by: string | null
    reason: string | null
    /** Set when the article is in the store. */
    article_id: string | null
    created_at: number
    updated_at: number
    decided_at: number | null
  }
}

/**
 * Why a question counts as unanswered: no passage was about it, a person was asked because knowledge was missing, or a
 * person answered it.
 */
export type QuestionReason = 'no_passage' | 'missing_knowledge' | 'answered_by_agent'

export type DraftState = 'draft' | 'approved' | 'published' | 'rejected'
