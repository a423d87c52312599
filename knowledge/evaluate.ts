import { createHash } from 'node:crypto'
import { embedArticles } from './embed-articles.ts'
import type { NamedEmbeddings } from './embeddings.ts'
import { ingest } from './ingest.ts'
import { createKnowledge } from './knowledge.ts'
import type { Knowledge } from './passage.ts'
import type { PassageStore } from './passage-store.ts'

/** What to measure with, and where to put the corpus. */
export interface RetrievalEvaluation {
  /** Rows, or a folder of articles. */
  corpus: { id: string; title: string; text: string }[] | string
  queries: { query: string; relevant: string[] }[]
  embeddings: NamedEmbeddings
  /** An empty store of its own. */
  store: PassageStore
  onProgress?: (progress: { done: number; total: number }) => void
}

/** Fractions 0 to 1, means over the queries. */
export interface RetrievalFigures {
  /** The first article is relevant. */
  hitAt1: number
  /** A relevant article is among the first three. */
  hitAt3: number
  /** A relevant article is among the first five. */
  hitAt5: number
  /** One divided by the first relevant article's rank, 0 beyond ten (mean reciprocal rank). */
  mrrAt10: number
  /** Share of the relevant articles among the first ten. */
  recallAt10: number
}

const DEPTH = 10

/**
 * Measures retrieval: articles ranked by their best passage. `baseline` is the constant answer: the ten articles that
 * are relevant most often, whatever is asked.
 */
export async function evaluateRetrieval(
  evaluation: RetrievalEvaluation,
): Promise<{ n: number; baseline: RetrievalFigures } & RetrievalFigures> {
  const { corpus, queries, embeddings, store, onProgress } = evaluation
  if (typeof corpus === 'string') await ingest([corpus], { store, embeddings })
  else await fill(store, corpus, embeddings)
  const knowledge = createKnowledge({ store, embeddings })
  await knowledge.refresh()
  const { passages } = knowledge.size()
  const rankings: string[][] = []
  for (const { query } of queries) {
    rankings.push(await rankArticles(knowledge, query, passages))
    onProgress?.({ done: rankings.length, total: queries.length })
  }
  const constant = mostRelevant(queries)
  return {
    n: queries.length,
    ...figures(queries.map(({ relevant }, index) => ({ relevant, ranking: rankings[index] ?? [] }))),
    baseline: figures(queries.map(({ relevant }) => ({ relevant, ranking: constant }))),
  }
}

/** The ten best articles: long ones take many places among the passages, so it looks on until there are ten. */
async function rankArticles(knowledge: Knowledge, query: string, passages: number): Promise<string[]> {
  for (let limit = DEPTH * 4; ; limit *= 4) {
    const found = await knowledge.search(query, { limit })
    const articles = new Set(found.map(({ articleId }) => articleId))
    if (articles.size >= DEPTH || found.length < limit || limit >= passages) return [...articles].slice(0, DEPTH)
  }
}

async function fill(
  store: PassageStore,
  corpus: { id: string; title: string; text: string }[],
  embeddings: NamedEmbeddings,
) {
  const articles = corpus.map(({ id, title, text }) => ({
    article: { id, title, text, scope: 'shared', language: 'en', aliases: [], questions: [], source: id },
    contentHash: createHash('sha256')
      .update(JSON.stringify([title, text]))
      .digest('hex'),
  }))
  for await (const { embedded, failure } of embedArticles(articles, embeddings)) {
    if (failure) throw new Error(failure)
    await store.replaceArticle(embedded)
  }
}

function figures(answers: { relevant: string[]; ranking: string[] }[]): RetrievalFigures {
  const mean = (value: (answer: { relevant: string[]; ranking: string[] }) => number) =>
    answers.length === 0 ? 0 : answers.reduce((sum, answer) => sum + value(answer), 0) / answers.length
  const rank = ({ relevant, ranking }: { relevant: string[]; ranking: string[] }) => {
    const index = ranking.findIndex((id) => relevant.includes(id))
    return index === -1 ? Number.POSITIVE_INFINITY : index + 1
  }
  return {
    hitAt1: mean((answer) => (rank(answer) === 1 ? 1 : 0)),
    hitAt3: mean((answer) => (rank(answer) <= 3 ? 1 : 0)),
    hitAt5: mean((answer) => (rank(answer) <= 5 ? 1 : 0)),
    mrrAt10: mean((answer) => (rank(answer) <= DEPTH ? 1 / rank(answer) : 0)),
    recallAt10: mean(({ relevant, ranking }) =>
      relevant.length === 0 ? 0 : relevant.filter((id) => ranking.includes(id)).length / relevant.length,
    ),
  }
}

function mostRelevant(queries: RetrievalEvaluation['queries']): string[] {
  const counts = new Map<string, number>()
  for (const id of queries.flatMap(({ relevant }) => relevant)) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, DEPTH)
    .map(([id]) => id)
}
