import type { Kysely } from 'kysely'
import { sentences } from '../../graphs/citations.ts'
import type { Tables } from '../database/tables.ts'

/** What has become of an article; only a `current` one holds today. */
export type ArticleState = 'current' | 'ended' | 'not_yet' | 'removed'

/** An article as it is now, as far as what was told from it matters. */
export interface ArticleNow {
  id: string
  title: string
  version: number
  state: ArticleState
  body: string
}

/** A sentence that customers were told, and whether it still is what the article says. */
export interface ToldQuote {
  id: string
  version: number
  quote: string
  /** The article holds today and has every sentence of the quote, word for word. */
  stands: boolean
}

/** The article as it is on `today`, an ISO date; undefined when there never was one and nobody was told anything of it. */
export async function articleNow(db: Kysely<Tables>, id: string, today: string): Promise<ArticleNow | undefined> {
  const found = await db
    .selectFrom('articles')
    .select(['id', 'title', 'version', 'removed', 'valid_from', 'valid_to', 'body'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (found) {
    const { title, version, body, removed, valid_from, valid_to } = found
    return { id, title, version, body, state: stateOf(removed, valid_from, valid_to, today) }
  }
  const told = await db
    .selectFrom('told_quotes')
    .select(['title', 'version'])
    .where('article_id', '=', id)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return told && { id, ...told, state: 'removed', body: '' }
}

/** What was told from the article as it no longer is. @param all also sentences that the article still has */
export async function outdatedQuotes(db: Kysely<Tables>, article: ArticleNow, all: boolean): Promise<ToldQuote[]> {
  const rows = await db
    .selectFrom('told_quotes')
    .select(['id', 'version', 'quote'])
    .where('article_id', '=', article.id)
    .orderBy('version')
    .orderBy('quote')
    .execute()
  const holds = article.state === 'current'
  const stands = createStands(article.body)
  return rows
    .filter(({ version }) => !holds || version < article.version)
    .map((row) => ({ ...row, stands: holds && stands(row.quote) }))
    .filter((quote) => all || !quote.stands)
}

/** Articles from which customers were told something and that have changed since, or do not hold any more. */
export async function changedArticles(db: Kysely<Tables>, today: string): Promise<string[]> {
  const rows = await db
    .selectFrom('told_quotes')
    .leftJoin('articles', 'articles.id', 'told_quotes.article_id')
    .select('told_quotes.article_id')
    .where((eb) =>
      eb.or([
        eb('articles.id', 'is', null),
        eb('articles.removed', '=', 1),
        eb('articles.valid_to', '<', today),
        eb('articles.valid_from', '>', today),
        eb('told_quotes.version', '<', eb.ref('articles.version')),
      ]),
    )
    .distinct()
    .orderBy('told_quotes.article_id')
    .execute()
  return rows.map(({ article_id }) => article_id)
}

function stateOf(removed: number, from: string | null, to: string | null, today: string): ArticleState {
  if (removed === 1) return 'removed'
  if (to !== null && to < today) return 'ended'
  return from !== null && from > today ? 'not_yet' : 'current'
}

/** Whole sentences are compared: one that goes on where the old one ended says something else. */
function createStands(body: string) {
  const there = new Set(sentences(body).map(plain))
  const whole = plain(body)
  return (quote: string) => {
    const told = sentences(quote).map(plain)
    return told.length > 0 ? told.every((sentence) => there.has(sentence)) : whole.includes(plain(quote))
  }
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
