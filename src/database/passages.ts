import { setImmediate as nextTick } from 'node:timers/promises'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Article } from '../../knowledge/passage.ts'
import type {
  ArticleSummary,
  ArticleVersion,
  EmbeddedArticle,
  PassageStore,
  VersionedArticle,
} from '../../knowledge/passage-store.ts'

interface ArticlesTable {
  id: string
  version: number
  revision: number
  /** 1 keeps the version of an article that is gone, so that it never means two contents. */
  removed: number
  scope: string
  title: string
  language: string
  aliases: string
  questions: string
  valid_from: string | null
  valid_to: string | null
  body: string
  source: string
  content_hash: string
  embedding: string
  /** JSON `[{ text, vector }]`, vectors as in `passages`. */
  labels: string
  /** JSON `[string]`, as `plans`; null: all. */
  regions: string | null
  plans: string | null
  reviewed: string | null
  review_by: string | null
  /** ISO timestamp; null on rows from before there was this column. */
  changed_at: string | null
}

interface PassagesTable {
  article_id: string
  ordinal: number
  headings: string
  body: string
  /** Little-endian 32-bit floats in base64. */
  vector: string
}

/** Texts of versions that are searched no more, for checking what replies cited. */
interface SupersededArticlesTable {
  article_id: string
  version: number
  /** JSON, `ArticleVersion['article']`. */
  article: string
  /** JSON, `ArticleVersion['passages']`. */
  passages: string
  changed_at: string | null
  superseded_at: string
}

/** The tables of the knowledge base. */
export interface KnowledgeTables {
  articles: ArticlesTable
  passages: PassagesTable
  superseded_articles: SupersededArticlesTable
  knowledge_revisions: { name: string; revision: number }
}

const REVISION = 'articles'
const ROWS_A_STATEMENT = 200
const ROWS_A_PAGE = 500

/** The store of passages on SQLite or PostgreSQL; `now` stamps versions. */
export function createPassageStore<T extends KnowledgeTables>(
  database: Kysely<T>,
  now: () => Date = () => new Date(),
): PassageStore {
  const db = database as unknown as Kysely<KnowledgeTables>
  return {
    async revision() {
      const row = await db
        .selectFrom('knowledge_revisions')
        .select('revision')
        .where('name', '=', REVISION)
        .executeTakeFirst()
      return row?.revision ?? 0
    },

    async changes(since, limit) {
      const rows = await db
        .selectFrom('articles')
        .select(['id', 'revision', 'content_hash', 'removed'])
        .where('revision', '>', since)
        .orderBy('revision')
        .limit(limit)
        .execute()
      return rows.map(({ id, revision, content_hash, removed }) => {
        return { id, revision, contentHash: content_hash, removed: removed === 1 }
      })
    },

    async articles() {
      const found: ArticleSummary[] = []
      // A page at a time: a statement of SQLite holds up the event loop, and so does reading many rows.
      for (let after: string | undefined = ''; after !== undefined; ) {
        const rows = await summaries(db, after)
        found.push(...rows)
        after = rows.length === ROWS_A_PAGE ? rows.at(-1)?.id : undefined
        await nextTick()
      }
      return found
    },

    async load(ids) {
      const found: VersionedArticle[] = []
      for (const some of batchesOf(ids, ROWS_A_STATEMENT)) found.push(...(await loadSome(db, some)))
      return found
    },

    async texts(ids) {
      const found: Article[] = []
      for (const some of batchesOf(ids, ROWS_A_STATEMENT)) {
        const rows = await db
          .selectFrom('articles')
          .select(['id', 'scope', 'title', 'language', 'aliases', 'questions', 'valid_from', 'valid_to', 'body'])
          .select(['source', 'regions', 'plans', 'reviewed', 'review_by'])
          .where('removed', '=', 0)
          .where('id', 'in', some)
          .execute()
        found.push(...rows.map(textOf))
      }
      return found
    },

    async version(id, version) {
      const [present] = await loadSome(db, [id])
      if (present?.version === version) return versionOf(present)
      const row = await db
        .selectFrom('superseded_articles')
        .selectAll()
        .where('article_id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst()
      return (
        row && {
          article: JSON.parse(row.article),
          version,
          changedAt: row.changed_at ?? undefined,
          supersededAt: row.superseded_at,
          passages: JSON.parse(row.passages),
        }
      )
    },

    replaceArticle: (article) => db.transaction().execute((trx) => replace(trx, article, now().toISOString())),

    removeArticle: (id) =>
      db.transaction().execute(async (trx) => {
        const revision = await nextRevision(trx)
        await keepVersion(trx, id, now().toISOString())
        const { numUpdatedRows } = await trx
          .updateTable('articles')
          .set({ removed: 1, revision, body: '', labels: '[]', aliases: '[]', questions: '[]' })
          .where('id', '=', id)
          .where('removed', '=', 0)
          .executeTakeFirstOrThrow()
        await trx.deleteFrom('passages').where('article_id', '=', id).execute()
        return numUpdatedRows > 0n
      }),
  }
}

async function summaries(db: Kysely<KnowledgeTables>, after: string): Promise<ArticleSummary[]> {
  const rows = await db
    .selectFrom('articles')
    .select(['id', 'scope', 'title', 'source', 'version', 'revision', 'content_hash', 'embedding'])
    .select(['reviewed', 'review_by'])
    .where('removed', '=', 0)
    .where('id', '>', after)
    .orderBy('id')
    .limit(ROWS_A_PAGE)
    .execute()
  return rows.map(({ content_hash, reviewed, review_by, ...row }) => ({
    ...row,
    contentHash: content_hash,
    reviewed: reviewed ?? undefined,
    reviewBy: review_by ?? undefined,
  }))
}

async function replace(trx: Transaction<KnowledgeTables>, stored: EmbeddedArticle, at: string): Promise<number> {
  const revision = await nextRevision(trx)
  const { article } = stored
  const before = await trx
    .selectFrom('articles')
    .select(['version', 'content_hash', 'removed', 'changed_at'])
    .where('id', '=', article.id)
    .executeTakeFirst()
  const same = before?.removed === 0 && before.content_hash === stored.contentHash
  const version = same ? before.version : (before?.version ?? 0) + 1
  if (!same) await keepVersion(trx, article.id, at)
  const { id, ...values } = { ...rowOf(stored, version, revision), changed_at: same ? before.changed_at : at }
  await trx
    .insertInto('articles')
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute()
  await trx.deleteFrom('passages').where('article_id', '=', id).execute()
  for (const passages of batchesOf(stored.passages, ROWS_A_STATEMENT)) {
    const rows = passages.map((passage) => ({
      article_id: id,
      ordinal: passage.ordinal,
      headings: JSON.stringify(passage.headings),
      body: passage.text,
      vector: encodeVector(passage.vector),
    }))
    await trx.insertInto('passages').values(rows).execute()
  }
  return version
}

/** Puts the present text of an article, if there is one, among the superseded. */
async function keepVersion(trx: Transaction<KnowledgeTables>, id: string, at: string): Promise<void> {
  const [present] = await loadSome(trx, [id])
  if (!present) return
  const { article, version, changedAt = null, passages } = versionOf(present)
  await trx
    .insertInto('superseded_articles')
    .values({
      article_id: id,
      version,
      article: JSON.stringify(article),
      passages: JSON.stringify(passages),
      changed_at: changedAt,
      superseded_at: at,
    })
    .execute()
}

/** The first write of each transaction: its row's lock puts writers in the order of their revisions. */
async function nextRevision(trx: Transaction<KnowledgeTables>): Promise<number> {
  const { revision } = await trx
    .insertInto('knowledge_revisions')
    .values({ name: REVISION, revision: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ revision: eb('knowledge_revisions.revision', '+', 1) })),
    )
    .returning('revision')
    .executeTakeFirstOrThrow()
  return revision
}

async function loadSome(db: Kysely<KnowledgeTables>, ids: string[]): Promise<VersionedArticle[]> {
  const articles = await db.selectFrom('articles').selectAll().where('removed', '=', 0).where('id', 'in', ids).execute()
  const rows = await db
    .selectFrom('passages')
    .selectAll()
    .where('article_id', 'in', ids)
    .orderBy('article_id')
    .orderBy('ordinal')
    .execute()
  const passages = new Map<string, Selectable<PassagesTable>[]>()
  for (const row of rows) {
    const siblings = passages.get(row.article_id)
    if (siblings) siblings.push(row)
    else passages.set(row.article_id, [row])
  }
  return articles.map((row) => articleOf(row, passages.get(row.id) ?? []))
}

function rowOf(
  { article, labels, contentHash, embedding }: EmbeddedArticle,
  version: number,
  revision: number,
): Omit<ArticlesTable, 'changed_at'> {
  return {
    id: article.id,
    version,
    revision,
    removed: 0,
    scope: article.scope,
    title: article.title,
    language: article.language,
    aliases: JSON.stringify(article.aliases),
    questions: JSON.stringify(article.questions),
    valid_from: article.validFrom ?? null,
    valid_to: article.validTo ?? null,
    body: article.text,
    source: article.source,
    content_hash: contentHash,
    embedding,
    labels: JSON.stringify(labels.map(({ text, vector }) => ({ text, vector: encodeVector(vector) }))),
    regions: article.regions ? JSON.stringify(article.regions) : null,
    plans: article.plans ? JSON.stringify(article.plans) : null,
    reviewed: article.reviewed ?? null,
    review_by: article.reviewBy ?? null,
  }
}

function articleOf(row: Selectable<ArticlesTable>, passages: Selectable<PassagesTable>[]): VersionedArticle {
  const labels: { text: string; vector: string }[] = JSON.parse(row.labels)
  return {
    article: textOf(row),
    version: row.version,
    revision: row.revision,
    changedAt: row.changed_at ?? undefined,
    contentHash: row.content_hash,
    embedding: row.embedding,
    labels: labels.map(({ text, vector }) => ({ text, vector: decodeVector(vector) })),
    passages: passages.map(({ ordinal, headings, body, vector }) => ({
      ordinal,
      headings: JSON.parse(headings),
      text: body,
      vector: decodeVector(vector),
    })),
  }
}

type TextColumns =
  | 'id'
  | 'scope'
  | 'title'
  | 'language'
  | 'aliases'
  | 'questions'
  | 'valid_from'
  | 'valid_to'
  | 'regions'
  | 'plans'
  | 'reviewed'
  | 'review_by'
  | 'body'
  | 'source'

function textOf(row: Pick<Selectable<ArticlesTable>, TextColumns>): Article {
  return {
    id: row.id,
    scope: row.scope,
    title: row.title,
    language: row.language,
    aliases: JSON.parse(row.aliases),
    questions: JSON.parse(row.questions),
    validFrom: row.valid_from ?? undefined,
    validTo: row.valid_to ?? undefined,
    regions: row.regions === null ? undefined : JSON.parse(row.regions),
    plans: row.plans === null ? undefined : JSON.parse(row.plans),
    reviewed: row.reviewed ?? undefined,
    reviewBy: row.review_by ?? undefined,
    text: row.body,
    source: row.source,
  }
}

function versionOf({ article, version, changedAt, passages }: VersionedArticle): ArticleVersion {
  const { id, scope, title, language, validFrom, validTo, regions, plans, source } = article
  return {
    article: { id, scope, title, language, validFrom, validTo, regions, plans, source },
    version,
    changedAt,
    passages: passages.map(({ ordinal, headings, text }) => ({ ordinal, headings, text })),
  }
}

function encodeVector(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
}

function decodeVector(text: string): Float32Array {
  // A copy, because a pooled Buffer need not start where a Float32Array may.
  return new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer)
}

function batchesOf<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, batch) =>
    items.slice(batch * size, (batch + 1) * size),
  )
}
