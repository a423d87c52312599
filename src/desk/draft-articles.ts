import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import { appendDeskEvents } from '../conversations/event-log.ts'
import type { DraftState } from '../database/desk-tables.ts'
import type { Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'
import { type ArticleConflict, conflictsOf } from './article-conflicts.ts'
import type { ArticleFile, ArticleText } from './article-file.ts'
import { type DraftSource, findDraftSource } from './draft-source.ts'
import type { KnowledgeGaps } from './gaps.ts'

/** An article on its way: written by one person, agreed to by another. */
export interface DraftArticle extends ArticleText {
  id: string
  /** `approved` only until the article is in the store: then it is `published`. */
  state: DraftState
  /** Grows with each edit. */
  revision: number
  /** The question that it was begun for. */
  gapId: string | null
  /** The agent's message that it was made from. */
  conversationId: string | null
  messageId: string | null
  author: string
  /** Who wrote it as it stands. */
  editor: string
  decidedBy: string | null
  /** Of a rejection. */
  reason: string | null
  articleId: string | null
  createdAt: string
  updatedAt: string
  decidedAt: string | null
}

/** A draft with the articles that it would contradict or repeat. */
export interface DraftWithConflicts extends DraftArticle {
  conflicts: ArticleConflict[]
}

/** What a draft is begun with; what is left out comes from the message or the gap. */
export interface NewDraft extends DraftSource {
  agent: string
  title: string
  scope?: string | undefined
  text?: string | undefined
  questions?: string[] | undefined
}

/** What an agent changes in a draft. */
export interface DraftEdit extends Partial<ArticleText> {
  agent: string
  /** The revision that was read; another one is refused. */
  revision?: number | undefined
}

/** What an agent decides. */
export interface DraftApproval {
  agent: string
  /** The revision that was read; another one is refused. */
  revision?: number | undefined
  /** Agrees although articles with the same title or question exist. */
  despiteConflicts?: boolean | undefined
}

type Row = Selectable<Tables['draft_articles']>

const LISTED = 200

/**
 * Draft articles. Once approved, a draft is a Markdown file among the articles and is ingested at once; the gap that it
 * answers is closed. Whatever stops in between is taken up by the next start, or by approving again.
 */
export function createDraftArticles(options: {
  db: Kysely<Tables>
  clock: Clock
  gaps: Pick<KnowledgeGaps, 'find' | 'questionIds'>
  /** What articles may be filed under: another scope would never be read. */
  scopes: string[]
  /** Puts a file among the articles. */
  write(article: ArticleText): Promise<ArticleFile>
  /** Takes the file into the store. @returns what could not be read; undefined when the article is searchable */
  ingest(file: ArticleFile): Promise<string | undefined>
  /** Whether agents sign in as themselves. Then nobody agrees to their own words. */
  knowsAgents(): Promise<boolean>
}) {
  const { db, clock, gaps, scopes, write, ingest, knowsAgents } = options

  async function find(id: string): Promise<Row> {
    const row = await db.selectFrom('draft_articles').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new AppError('drafts.not_found', 404, 'There is no such draft.')
    return row
  }

  async function withConflicts(id: string): Promise<DraftWithConflicts> {
    const row = await find(id)
    return { ...draftOf(row), conflicts: await conflictsOf(db, articleOf(row), row.article_id) }
  }

  /** @throws {AppError} 400 */
  function checked(article: ArticleText): ArticleText {
    if (!scopes.includes(article.scope))
      throw new AppError('drafts.scope_unknown', 400, `scope: one of ${scopes.join(', ')}`)
    if (article.text.replace(/^\s*#.*$/gm, '').trim() === '')
      throw new AppError('drafts.empty', 400, 'text: an article needs more than headings')
    const questions = article.questions.map((question) => question.replace(/\s+/g, ' ').trim())
    return { ...article, questions: [...new Set(questions)].filter((question) => question !== '') }
  }

  /** Moves a draft on if it still is what the caller saw, with the fact of it. @throws {AppError} 409 */
  async function move(
    row: Row,
    set: Partial<Row>,
    event: { type: string; actor: string; data?: Record<string, unknown> },
    also?: (trx: Transaction<Tables>) => Promise<void>,
  ): Promise<void> {
    const now = clock.now()
    await db.transaction().execute(async (trx) => {
      const moved = await trx
        .updateTable('draft_articles')
        .set({ ...set, updated_at: now })
        .where('id', '=', row.id)
        .where('state', '=', row.state)
        .where('revision', '=', row.revision)
        .executeTakeFirst()
      if (moved.numUpdatedRows !== 1n) throw changed()
      await also?.(trx)
      const { type, actor, data } = event
      await appendDeskEvents(trx, [{ type, actor, data: { id: row.id, revision: row.revision, ...data } }], now)
    })
  }

  async function publish(row: Row): Promise<void> {
    const file = await write(articleOf(row))
    const problem = await ingest(file)
    if (problem !== undefined)
      throw new AppError('drafts.not_published', 500, `${file.articleId} could not be taken in: ${problem}`)
    const questionIds = row.question_id ? await gaps.questionIds(row.question_id) : []
    const { articleId } = file
    const event = { type: 'article-published', actor: 'baton', data: { articleId, questions: questionIds.length } }
    await move(row, { state: 'published', article_id: articleId }, event, async (trx) => {
      if (questionIds.length > 0)
        await trx
          .updateTable('unanswered_questions')
          .set({ article_id: articleId })
          .where('id', 'in', questionIds)
          .where('article_id', 'is', null)
          .execute()
    }).catch(async (error: unknown) => {
      // Another process was at it too, and done first.
      if ((await find(row.id)).state !== 'published') throw error
    })
  }

  return {
    /** @throws {AppError} 404 for an unknown message or gap; 400 where nothing says what to write */
    async create({ agent, title, messageId, gapId, ...given }: NewDraft): Promise<DraftWithConflicts> {
      const source = await findDraftSource({ db, gaps }, { messageId, gapId })
      const text = given.text ?? source.text
      if (text === null) throw new AppError('drafts.text_missing', 400, 'text: no agent has answered this yet')
      const scope = given.scope ?? (scopes.includes(source.scope ?? '') ? source.scope : null) ?? 'shared'
      const article = checked({ title, scope, text, questions: given.questions ?? source.questions })
      const id = randomUUID()
      const now = clock.now()
      const { questionId, conversationId } = source
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('draft_articles')
          .values({
            id,
            state: 'draft',
            ...columnsOf(article),
            question_id: questionId,
            conversation_id: conversationId,
            message_id: messageId ?? null,
            author: agent,
            editor: agent,
            decided_by: null,
            reason: null,
            article_id: null,
            created_at: now,
            updated_at: now,
            decided_at: null,
          })
          .execute()
        const data = { id, revision: 1, ...article, gapId: questionId, conversationId, messageId: messageId ?? null }
        await appendDeskEvents(trx, [{ type: 'draft-created', actor: agent, data }], now)
      })
      return withConflicts(id)
    },

    /** Drafts, the latest first. */
    async list({ state }: { state?: DraftState | undefined } = {}): Promise<DraftArticle[]> {
      let query = db.selectFrom('draft_articles').selectAll().orderBy('created_at', 'desc').orderBy('id').limit(LISTED)
      if (state) query = query.where('state', '=', state)
      return (await query.execute()).map(draftOf)
    },

    /** @throws {AppError} 404 */
    find: withConflicts,

    /** @throws {AppError} 404; 409 `drafts.decided` or `drafts.changed`; 400 */
    async edit(id: string, { agent, revision, ...given }: DraftEdit): Promise<DraftWithConflicts> {
      const row = undecided(await find(id), revision)
      const article = checked({ ...articleOf(row), ...set(given) })
      const event = { type: 'draft-edited', actor: agent, data: { ...article, revision: row.revision + 1 } }
      await move(row, { ...columnsOf(article), editor: agent, revision: row.revision + 1 }, event)
      return withConflicts(id)
    },

    /**
     * Makes an article of it, which the next customer is told from.
     * @throws {AppError} 404; 409 `drafts.decided`, `drafts.changed`, `drafts.own` or `drafts.conflict`
     */
    async approve(id: string, { agent, revision, despiteConflicts }: DraftApproval): Promise<DraftWithConflicts> {
      const row = await find(id)
      if (row.state !== 'approved') await agree(undecided(row, revision), agent, despiteConflicts === true)
      await publish(await find(id))
      return withConflicts(id)
    },

    /** @throws {AppError} 404; 409 `drafts.decided` */
    async reject(id: string, { agent, reason }: { agent: string; reason: string }): Promise<DraftWithConflicts> {
      const row = undecided(await find(id), undefined)
      const event = { type: 'draft-rejected', actor: agent, data: { reason } }
      await move(row, { state: 'rejected', decided_by: agent, decided_at: clock.now(), reason }, event)
      return withConflicts(id)
    },

    /** Goes on with what was approved when a process stopped. @returns what could not be published */
    async publishApproved(): Promise<Error[]> {
      const rows = await db.selectFrom('draft_articles').selectAll().where('state', '=', 'approved').execute()
      const failed: Error[] = []
      for (const row of rows) await publish(row).catch((error: Error) => failed.push(error))
      return failed
    },
  }

  async function agree(row: Row, agent: string, despiteConflicts: boolean): Promise<void> {
    const wrote = [row.author, row.editor].map(plainName).includes(plainName(agent))
    if (wrote && (await knowsAgents()))
      throw new AppError('drafts.own', 409, 'Somebody else has to agree to what you wrote.')
    const conflicts = await conflictsOf(db, articleOf(row), null)
    if (conflicts.length > 0 && !despiteConflicts) throw inConflict(conflicts)
    const event = {
      type: 'draft-approved',
      actor: agent,
      data: { conflicts: conflicts.map(({ articleId }) => articleId) },
    }
    await move(row, { state: 'approved', decided_by: agent, decided_at: clock.now() }, event)
  }
}

export type DraftArticles = ReturnType<typeof createDraftArticles>

/** @throws {AppError} 409 where it is decided, or no longer what the caller read */
function undecided(row: Row, revision: number | undefined): Row {
  if (row.state !== 'draft') throw new AppError('drafts.decided', 409, `This draft is ${row.state} already.`)
  if (revision !== undefined && revision !== row.revision) throw changed()
  return row
}

function changed(): AppError {
  return new AppError('drafts.changed', 409, 'This draft has changed meanwhile. Read it again.')
}

function inConflict(conflicts: ArticleConflict[]): AppError {
  const list = conflicts.map(({ articleId, because, text }) => `${articleId} has the same ${because} “${text}”`)
  return new AppError('drafts.conflict', 409, `Articles about this exist: ${list.join('; ')}.`)
}

/** Two spellings of one name are one person. */
function plainName(agent: string): string {
  return agent.normalize('NFKC').trim().toLowerCase()
}

/** Only what was given. */
function set(given: Partial<ArticleText>): Partial<ArticleText> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function columnsOf({ title, scope, text, questions }: ArticleText) {
  return { title, scope, text, questions: JSON.stringify(questions) }
}

function articleOf({ title, scope, text, questions }: Row): ArticleText {
  return { title, scope, text, questions: JSON.parse(questions) }
}

function draftOf(row: Row): DraftArticle {
  return {
    id: row.id,
    state: row.state,
    revision: row.revision,
    ...articleOf(row),
    gapId: row.question_id,
    conversationId: row.conversation_id,
    messageId: row.message_id,
    author: row.author,
    editor: row.editor,
    decidedBy: row.decided_by,
    reason: row.reason,
    articleId: row.article_id,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
    decidedAt: row.decided_at === null ? null : new Date(row.decided_at).toISOString(),
  }
}
