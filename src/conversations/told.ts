import { createHash } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Citation } from '../../graphs/state.ts'
import type { Tables } from '../database/tables.ts'
import type { LoggedEvent } from './event-log.ts'

/**
 * Notes which sentences of articles a conversation was told, within the transaction that tells them, so that everybody
 * who was told one is found without reading the logs. Noting the same facts again changes nothing.
 */
export async function recordTold(
  trx: Transaction<Tables>,
  conversationId: string,
  events: LoggedEvent[],
): Promise<void> {
  for (const { type, seq, at, data } of events) {
    const citations = type === 'message-sent' ? ((data.citations ?? []) as Citation[]) : []
    if (citations.length === 0) continue
    const quotes = new Map(citations.map((citation) => [quoteId(citation), citation]))
    // Always in one order: two transactions that both bring new sentences must not wait for each other.
    const ids = [...quotes.keys()].sort()
    await trx
      .insertInto('told_quotes')
      .values(ids.map((id) => quoteRow(id, quotes.get(id) as Citation)))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    await trx
      .insertInto('told')
      .values(ids.map((quote_id) => ({ quote_id, conversation_id: conversationId, seq, at })))
      .onConflict((conflict) => conflict.columns(['conversation_id', 'seq', 'quote_id']).doNothing())
      .execute()
  }
}

function quoteRow(id: string, { articleId, title, version, quote }: Citation) {
  return { id, article_id: articleId, title, version, quote }
}

function quoteId({ articleId, version, quote }: Citation): string {
  return createHash('sha256')
    .update(JSON.stringify([articleId, version, quote]))
    .digest('hex')
    .slice(0, 32)
}
