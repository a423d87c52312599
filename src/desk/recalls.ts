import type { Kysely } from 'kysely'
import type { Author } from '../../graphs/state.ts'
import type { Clock } from '../clock.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'
import {
  type ArticleNow,
  type ArticleState,
  articleNow,
  changedArticles,
  outdatedQuotes,
  type ToldQuote,
} from './standing-quotes.ts'

/** A reply that rested on what an article said before. */
export interface ToldReply {
  messageId: string
  at: string
  author: Author
  reply: string
  quote: string
  /** The version that the quote is from. */
  version: number
  /** The sentence is still in the article, word for word. */
  stands: boolean
}

/** A conversation that was told the old text. */
export interface RecalledConversation {
  conversationId: string
  customerId: string
  status: Tables['conversations']['status']
  lastToldAt: string
  told: ToldReply[]
  /** When the same customer was told from the article as it is now, after the old text; null: not yet. */
  newToldAt: string | null
  /** What an agent sent about it; `sent` once it is in the conversation. */
  correction: { agent: string; at: string; sent: boolean } | null
}

/** Who was told what from an article as it no longer is. */
export interface Recall {
  articleId: string
  title: string
  /** The article's version now. */
  version: number
  state: ArticleState
  /** Conversations in all; `conversations` may hold only some of them. */
  total: number
  conversations: RecalledConversation[]
}

/** An article that has changed, with how many conversations were told the old text. */
export interface RecallSummary extends Omit<Recall, 'conversations' | 'total'> {
  conversations: number
  /** Of those, how many got a correction about this change. */
  corrected: number
}

/** What narrows a recall. */
export interface RecallOptions {
  /** Only what was told in the last days, this many; unless told, everything in conversations that are not closed, and the last 30 days in closed ones. */
  sinceDays?: number | undefined
  /** Also what still stands in the article, word for word; false unless told. */
  all?: boolean | undefined
  /** Conversations at most; 200 unless told. */
  limit?: number | undefined
  offset?: number | undefined
  /** Only these conversations. */
  conversationIds?: string[] | undefined
}

const CLOSED_DAYS = 30
const DAY_MS = 86_400_000
const LISTED = 200

/**
 * Answer recall: finds who was told what an article no longer says. It reads two indexes, the sentences told from the
 * article and the messages that told each of them, never the logs; so it stays as fast as the answer is short.
 */
export function createRecalls({ db, clock }: { db: Kysely<Tables>; clock: Clock }) {
  const today = () => new Date(clock.now()).toISOString().slice(0, 10)

  /** The messages that told one of these sentences, in the conversations that count. */
  function toldIn(quotes: ToldQuote[], { sinceDays, conversationIds }: RecallOptions) {
    const since = clock.now() - (sinceDays ?? CLOSED_DAYS) * DAY_MS
    const ids = quotes.map(({ id }) => id)
    return db
      .selectFrom('told')
      .innerJoin('conversations', 'conversations.id', 'told.conversation_id')
      .where('told.quote_id', 'in', ids)
      .$if(conversationIds !== undefined, (query) => query.where('told.conversation_id', 'in', conversationIds ?? []))
      .where((eb) =>
        sinceDays === undefined
          ? eb.or([eb('conversations.status', '!=', 'closed'), eb('told.at', '>=', since)])
          : eb('told.at', '>=', since),
      )
  }

  async function countOf(quotes: ToldQuote[], options: RecallOptions): Promise<number> {
    const { count } = await toldIn(quotes, options)
      .select((eb) => eb.fn.count<number>('told.conversation_id').distinct().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  async function correctedOf(article: ArticleNow, quotes: ToldQuote[], options: RecallOptions): Promise<number> {
    const { count } = await toldIn(quotes, options)
      .innerJoin('corrections', 'corrections.conversation_id', 'told.conversation_id')
      .where('corrections.article_id', '=', article.id)
      .where('corrections.version', '=', article.version)
      .select((eb) => eb.fn.count<number>('told.conversation_id').distinct().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  async function conversationsOf(article: ArticleNow, quotes: ToldQuote[], options: RecallOptions) {
    const page = await toldIn(quotes, options)
      .select((eb) => [
        'conversations.id',
        'conversations.customer_id',
        'conversations.status',
        eb.fn.max('told.at').as('last'),
      ])
      .groupBy(['conversations.id', 'conversations.customer_id', 'conversations.status'])
      .orderBy('last', 'desc')
      .orderBy('conversations.id')
      .limit(options.limit ?? LISTED)
      .offset(options.offset ?? 0)
      .execute()
    const ids = page.map(({ id }) => id)
    if (ids.length === 0) return []
    const told = await repliesIn(ids, quotes)
    const newer = await newToldIn(ids, article)
    const corrections = await correctionsIn(ids, article)
    return page.map(({ id, customer_id, status, last }): RecalledConversation => {
      const newAt = newer.get(id)
      return {
        conversationId: id,
        customerId: customer_id,
        status,
        lastToldAt: instant(last),
        told: told.get(id) ?? [],
        newToldAt: newAt !== undefined && newAt > last ? instant(newAt) : null,
        correction: corrections.get(id) ?? null,
      }
    })
  }

  async function repliesIn(conversationIds: string[], quotes: ToldQuote[]): Promise<Map<string, ToldReply[]>> {
    const byId = new Map(quotes.map((quote) => [quote.id, quote]))
    const rows = await db
      .selectFrom('told')
      .innerJoin('events', (join) =>
        join.onRef('events.conversation_id', '=', 'told.conversation_id').onRef('events.seq', '=', 'told.seq'),
      )
      .select(['told.quote_id', 'told.conversation_id', 'told.at', 'events.data'])
      .where('told.conversation_id', 'in', conversationIds)
      .where('told.quote_id', 'in', [...byId.keys()])
      .orderBy('told.at')
      .orderBy('told.seq')
      .execute()
    const told = new Map<string, ToldReply[]>(conversationIds.map((id) => [id, []]))
    for (const { quote_id, conversation_id, at, data } of rows) {
      const { quote = '', version = 0, stands = false } = byId.get(quote_id) ?? {}
      const { id: messageId, text: reply, author }: { id: string; text: string; author: Author } = JSON.parse(data)
      told.get(conversation_id)?.push({ messageId, at: instant(at), author, reply, quote, version, stands })
    }
    return told
  }

  /** When each conversation was last told from the article as it is now. */
  async function newToldIn(conversationIds: string[], article: ArticleNow): Promise<Map<string, number>> {
    if (article.state !== 'current') return new Map()
    const rows = await db
      .selectFrom('told')
      .innerJoin('told_quotes', 'told_quotes.id', 'told.quote_id')
      .select((eb) => ['told.conversation_id', eb.fn.max('told.at').as('last')])
      .where('told.conversation_id', 'in', conversationIds)
      .where('told_quotes.article_id', '=', article.id)
      .where('told_quotes.version', '>=', article.version)
      .groupBy('told.conversation_id')
      .execute()
    return new Map(rows.map(({ conversation_id, last }) => [conversation_id, last]))
  }

  async function correctionsIn(conversationIds: string[], article: ArticleNow) {
    const rows = await db
      .selectFrom('corrections')
      .innerJoin('inbox', 'inbox.id', 'corrections.inbox_id')
      .select(['corrections.conversation_id', 'corrections.agent', 'corrections.at', 'inbox.status'])
      .where('corrections.article_id', '=', article.id)
      .where('corrections.version', '=', article.version)
      .where('corrections.conversation_id', 'in', conversationIds)
      .execute()
    return new Map(
      rows.map(({ conversation_id, agent, at, status }) => [
        conversation_id,
        { agent, at: instant(at), sent: status === 'done' },
      ]),
    )
  }

  return {
    /** The conversations that were told the old text, the last told first. @throws {AppError} 404 for an unknown article */
    async find(articleId: string, options: RecallOptions = {}): Promise<Recall> {
      const article = await articleNow(db, articleId, today())
      if (!article) throw new AppError('recalls.not_found', 404, `There is no article ${articleId}.`)
      const { title, version, state } = article
      const quotes = await outdatedQuotes(db, article, options.all === true)
      const none = quotes.length === 0 || options.conversationIds?.length === 0
      const conversations = none ? [] : await conversationsOf(article, quotes, options)
      return { articleId, title, version, state, total: none ? 0 : await countOf(quotes, options), conversations }
    },

    /** Every article that somebody was told something else from. */
    async list(options: Pick<RecallOptions, 'sinceDays' | 'all'> = {}): Promise<RecallSummary[]> {
      const summaries: RecallSummary[] = []
      for (const id of await changedArticles(db, today())) {
        const article = await articleNow(db, id, today())
        const quotes = article ? await outdatedQuotes(db, article, options.all === true) : []
        if (!article || quotes.length === 0) continue
        const conversations = await countOf(quotes, options)
        if (conversations === 0) continue
        const corrected = await correctedOf(article, quotes, options)
        const { title, version, state } = article
        summaries.push({ articleId: id, title, version, state, conversations, corrected })
      }
      return summaries
    },
  }
}

export type Recalls = ReturnType<typeof createRecalls>

function instant(at: number): string {
  return new Date(at).toISOString()
}
