import { setImmediate as nextTick } from 'node:timers/promises'
import { buildHnswIndex } from './hnsw-index.ts'
import { buildLexicalIndex, type LexicalIndex } from './lexical-index.ts'
import type { Passage } from './passage.ts'
import type { PassageStore, VersionedArticle } from './passage-store.ts'
import { type CorrectSpelling, learnSpelling } from './spelling.ts'
import type { BuildVectorIndex, VectorEntry, VectorIndex } from './vector-index.ts'

/** A passage with what a search compares it by. */
export interface IndexedPassage {
  passage: Passage
  article: VersionedArticle
  /** Unit length; undefined where the stored vector is not one of the embeddings in use. */
  vector: Float32Array | undefined
  /** Title, aliases and questions of the article. */
  labels: string
}

/** The vector indexes of one scope. */
interface Shelf {
  /** By titles, aliases and questions; ids are articles' ids. */
  labels: VectorIndex
  /** By passages' texts; ids are passages' ids. */
  texts: VectorIndex
}

/** Everything searchable at one revision of the store; never changed once built. */
export interface Snapshot {
  revision: number
  /** The embeddings whose vectors are indexed. */
  embedding: string
  articles: Map<string, VersionedArticle>
  passages: Map<string, IndexedPassage>
  /** Unit vectors of each article's labels, by article. */
  labelVectors: Map<string, Float32Array[]>
  /** Vectors from all over the passages: what a query is compared with to see what is usual. */
  sample: Float32Array[]
  shelves: Map<string, Shelf>
  words: LexicalIndex
  correctSpelling: CorrectSpelling
}

const SAMPLE = 200
const ARTICLES_A_TICK = 200

/** What a snapshot is built from. */
export interface SnapshotSource {
  store: PassageStore
  /** The name of the embeddings in use; rows with vectors of others are found by words only. */
  embedding: string
  buildVectorIndex?: BuildVectorIndex | undefined
}

/**
 * Builds the snapshot of the store's present revision. Articles that did not change since `before` are not read again,
 * and scopes without a change keep their vector indexes.
 */
export async function buildSnapshot(source: SnapshotSource, before?: Snapshot): Promise<Snapshot> {
  const { store, embedding, buildVectorIndex = buildHnswIndex } = source
  // Asked first: an article written meanwhile then counts as a change the next time, never as already seen.
  const revision = await store.revision()
  const articles = await loadArticles(store, before)
  const usable = usableVectors(articles, embedding)
  const passages = new Map<string, IndexedPassage>()
  const labelVectors = new Map<string, Float32Array[]>()
  for (const [index, article] of [...articles.values()].entries()) {
    if (index % ARTICLES_A_TICK === 0) await nextTick()
    for (const passage of passagesOf(article, usable)) passages.set(passage.passage.id, passage)
    const vectors = article.labels.map(({ vector }) => vector).filter((vector) => usable(article, vector))
    if (vectors.length > 0) labelVectors.set(article.article.id, vectors.map(unit))
  }
  const shelves = new Map<string, Shelf>()
  const earlier = groupByScope(before?.articles ?? new Map())
  for (const [scope, members] of groupByScope(articles)) {
    const kept = isSame(members, earlier.get(scope)) ? before?.shelves.get(scope) : undefined
    shelves.set(scope, kept ?? (await buildShelf(members, { passages, labelVectors, buildVectorIndex })))
  }
  const words = await buildLexicalIndex(
    [...passages].map(([id, { passage, labels }]) => ({
      id,
      labels,
      headings: passage.headings.join('\n'),
      text: passage.text,
    })),
  )
  const correctSpelling = learnSpelling(
    [...passages.values()].map(({ passage, labels }) => `${labels}\n${passage.text}`),
  )
  const sample = sampleOf(passages)
  return { revision, embedding, articles, passages, labelVectors, sample, shelves, words, correctSpelling }
}

async function loadArticles(store: PassageStore, before?: Snapshot): Promise<Map<string, VersionedArticle>> {
  const summaries = await store.articles()
  const known = (id: string, revision: number) => {
    const article = before?.articles.get(id)
    return article?.revision === revision ? article : undefined
  }
  const changed = summaries.filter(({ id, revision }) => !known(id, revision)).map(({ id }) => id)
  const loaded = new Map<string, VersionedArticle>()
  for (let start = 0; start < changed.length; start += ARTICLES_A_TICK) {
    for (const article of await store.load(changed.slice(start, start + ARTICLES_A_TICK))) {
      loaded.set(article.article.id, article)
    }
    await nextTick()
  }
  const articles = new Map<string, VersionedArticle>()
  for (const { id, revision } of summaries) {
    const article = known(id, revision) ?? loaded.get(id)
    if (article) articles.set(id, article)
  }
  return articles
}

/** Vectors of the embeddings in use that have the length of the first: a server may change its model under one name. */
function usableVectors(articles: Map<string, VersionedArticle>, embedding: string) {
  let dimensions = 0
  for (const article of articles.values()) {
    if (article.embedding === embedding) dimensions ||= article.labels[0]?.vector.length ?? 0
  }
  return (article: VersionedArticle, vector: Float32Array) =>
    article.embedding === embedding && vector.length === dimensions && vector.some((value) => value !== 0)
}

function* passagesOf(stored: VersionedArticle, usable: ReturnType<typeof usableVectors>): Iterable<IndexedPassage> {
  const { id, scope, title, language, aliases, questions, validFrom, validTo, regions, plans, reviewed, reviewBy } =
    stored.article
  const labels = [title, ...aliases, ...questions].join('\n')
  for (const { ordinal, headings, text, vector } of stored.passages) {
    yield {
      passage: {
        id: `${id}#${ordinal}`,
        articleId: id,
        version: stored.version,
        scope,
        title,
        headings,
        text,
        ordinal,
        language,
        validFrom,
        validTo,
        regions,
        plans,
        reviewed,
        reviewBy,
        changedAt: stored.changedAt,
      },
      article: stored,
      vector: usable(stored, vector) ? unit(vector) : undefined,
      labels,
    }
  }
}

function sampleOf(passages: Map<string, IndexedPassage>): Float32Array[] {
  const vectors = [...passages.values()].flatMap(({ vector }) => vector ?? [])
  const step = Math.ceil(vectors.length / SAMPLE)
  return vectors.filter((_, index) => index % step === 0)
}

function groupByScope(articles: Map<string, VersionedArticle>): Map<string, VersionedArticle[]> {
  const groups = new Map<string, VersionedArticle[]>()
  for (const article of articles.values()) {
    const members = groups.get(article.article.scope)
    if (members) members.push(article)
    else groups.set(article.article.scope, [article])
  }
  return groups
}

function isSame(members: VersionedArticle[], earlier: VersionedArticle[] = []): boolean {
  return members.length === earlier.length && members.every((member, index) => member === earlier[index])
}

async function buildShelf(
  members: VersionedArticle[],
  from: Pick<Snapshot, 'passages' | 'labelVectors'> & { buildVectorIndex: BuildVectorIndex },
): Promise<Shelf> {
  const labels: VectorEntry[] = []
  const texts: VectorEntry[] = []
  for (const { article, passages } of members) {
    for (const vector of from.labelVectors.get(article.id) ?? []) labels.push({ id: article.id, vector })
    for (const { ordinal } of passages) {
      const id = `${article.id}#${ordinal}`
      const vector = from.passages.get(id)?.vector
      if (vector) texts.push({ id, vector })
    }
  }
  return { labels: await from.buildVectorIndex(labels), texts: await from.buildVectorIndex(texts) }
}

/** The vector scaled to length 1, so that a dot product is the cosine. */
export function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(dot(vector, vector))
  return length === 0 || Math.abs(length - 1) < 1e-6 ? vector : vector.map((value) => value / length)
}

/** The sum of products; of unit vectors, their cosine. */
export function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0
  for (let index = 0; index < left.length; index += 1) {
    sum += (left[index] as number) * (right[index] as number)
  }
  return sum
}
