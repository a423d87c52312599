import type { Kysely } from 'kysely'
import type { Author } from '../../graphs/state.ts'
import { readEvents } from '../conversations/event-log.ts'
import { maskPersonalData } from '../conversations/masked.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'
import type { KnowledgeGaps } from './gaps.ts'

/** What a draft is made from: an agent's message, or a gap. */
export interface DraftSource {
  messageId?: string | undefined
  gapId?: string | undefined
}

/** What it offers, with personal data masked. */
export interface FoundSource {
  /** The agent's words; null where no agent has answered. */
  text: string | null
  questions: string[]
  /** Of the specialist who was asked. */
  scope: string | null
  questionId: string | null
  conversationId: string | null
}

/** @throws {AppError} 404 `drafts.no_message` or `drafts.no_gap`; 400 when neither is named */
export async function findDraftSource(
  { db, gaps }: { db: Kysely<Tables>; gaps: Pick<KnowledgeGaps, 'find'> },
  { messageId, gapId }: DraftSource,
): Promise<FoundSource> {
  if (messageId === undefined && gapId === undefined)
    throw new AppError('drafts.source_missing', 400, 'messageId or gapId: name what the article is made from')
  const reply = messageId === undefined ? undefined : await agentReply(db, messageId)
  if (messageId !== undefined && !reply)
    throw new AppError('drafts.no_message', 404, 'There is no such message of an agent.')
  const questionId = gapId ?? (messageId === undefined ? undefined : await questionAnsweredBy(db, messageId))
  const gap = questionId === undefined ? undefined : await gaps.find(questionId)
  if (gapId !== undefined && !gap) throw new AppError('drafts.no_gap', 404, 'There is no such gap.')
  const answered = gap?.examples.find(({ answerMessageId }) => answerMessageId !== null)
  const answer = reply ?? (answered?.answerMessageId ? await agentReply(db, answered.answerMessageId) : undefined)
  return {
    text: answer ? maskPersonalData(answer.text) : null,
    questions: gap?.examples.map(({ text }) => text) ?? [],
    scope: gap?.specialist ?? answer?.specialist ?? null,
    questionId: gap?.id ?? null,
    conversationId: answer?.conversationId ?? null,
  }
}

async function agentReply(db: Kysely<Tables>, messageId: string) {
  const sent = await db
    .selectFrom('outbox')
    .innerJoin('conversations', 'conversations.id', 'outbox.conversation_id')
    .select(['outbox.conversation_id', 'conversations.specialist'])
    .where('outbox.id', '=', messageId)
    .executeTakeFirst()
  if (!sent) return undefined
  const events = await readEvents(db, sent.conversation_id)
  const message = events.find(({ type, data }) => type === 'message-sent' && data.id === messageId)
  if ((message?.data.author as Author | undefined)?.kind !== 'agent') return undefined
  const { conversation_id: conversationId, specialist } = sent
  return { text: String(message?.data.text), conversationId, specialist }
}

async function questionAnsweredBy(db: Kysely<Tables>, messageId: string): Promise<string | undefined> {
  const found = await db
    .selectFrom('unanswered_questions')
    .select('id')
    .where('answer_message_id', '=', messageId)
    .executeTakeFirst()
  return found?.id
}
