import { circumstancesOf } from './applies.ts'
import type { NamedEmbeddings } from './embeddings.ts'
import type { Article, Knowledge, Passage, ScoredPassage } from './passage.ts'
import type { PassageStore } from './passage-store.ts'
import { queryVector, searchSnapshot } from './search.ts'
import { buildSnapshot, type Snapshot } from './snapshot.ts'
import { spansOf } from './spans.ts'
import type { BuildVectorIndex } from './vector-index.ts'

/** An article as it stands at one revision, with its version. */
export interface CurrentArticle extends Article {
  version: number
}

/** The shared knowledge of one process: indexes in memory that follow the store's rows. */
export interface SearchableKnowledge extends Knowledge {
  /**
   * Makes the indexes follow the rows; true if they changed. Costs one query when nothing did. Searches meanwhile are
   * served from the indexes before. Sees every change committed before the call, also while another refresh runs.
   */
  refresh(): Promise<boolean>
  /** The article as last refreshed. */
  article(id: string): Promise<CurrentArticle | undefined>
  /** What is searchable now; `withoutVectors` counts the passages that only words can find. */
  size(): { articles: number; passages: number; withoutVectors: number; revision: number }
}

/** What knowledge is made of. */
export interface KnowledgeParts {
  store: PassageStore
  embeddings: NamedEmbeddings
  /** hnswlib unless told. */
  buildVectorIndex?: BuildVectorIndex
  /** The clock that says which articles are valid today. */
  now?: () => Date
  /** Told when a query could not be embedded and was answered by words alone. */
  onDegraded?: (error: unknown) => void
}

const LIMIT = 5

/**
 * Knowledge over a store of passages. The first search reads the store; later changes appear with `refresh()`.
 * A search does not fail because of the embeddings: without them words alone decide.
 */
export function createKnowledge(parts: KnowledgeParts): SearchableKnowledge {
  const { store, embeddings, buildVectorIndex, now = () => new Date(), onDegraded } = parts
  let snapshot: Snapshot | undefined
  let lastRefresh: Promise<unknown> = Promise.resolve()

  const follow = async () => {
    if (snapshot && snapshot.revision === (await store.revision())) return false
    snapshot = await buildSnapshot({ store, embedding: embeddings.name, buildVectorIndex }, snapshot)
    return true
  }
  const refresh = () => {
    const refreshed = lastRefresh.then(follow)
    lastRefresh = refreshed.catch(() => {})
    return refreshed
  }
  const current = async (): Promise<Snapshot> => {
    if (!snapshot) await refresh()
    if (!snapshot) throw new Error('The knowledge could not be read.')
    return snapshot
  }
  const embed = async (query: string) => {
    try {
      return queryVector(await embeddings.embedQuery(query))
    } catch (error) {
      onDegraded?.(error)
      return undefined
    }
  }

  return {
    refresh,
    async search(query, options = {}): Promise<ScoredPassage[]> {
      const { scopes = [], limit = LIMIT, withOpening = false } = options
      const searched = await current()
      if (query.trim() === '' || limit < 1 || searched.passages.size === 0) return []
      const plan = {
        scopes: scopes.length > 0 ? scopes : undefined,
        limit,
        circumstances: circumstancesOf(options, now()),
      }
      const spans = spansOf(searched.correctSpelling(query))
      const found = await Promise.all(
        spans.map(async (span) => searchSnapshot(searched, { ...plan, query: span, vector: await embed(span) })),
      )
      const passages = (found.length === 1 ? found[0] : bestOf(found))?.slice(0, limit) ?? []
      return withOpening ? openingSecond(searched, passages, limit) : passages
    },
    async article(id) {
      const stored = (await current()).articles.get(id)
      return stored && { ...stored.article, version: stored.version }
    },
    size() {
      const passages = [...(snapshot?.passages.values() ?? [])]
      return {
        articles: snapshot?.articles.size ?? 0,
        passages: passages.length,
        withoutVectors: passages.filter(({ vector }) => !vector).length,
        revision: snapshot?.revision ?? 0,
      }
    },
  }
}

/** Each passage with the search that it fits best; a search counts for as much as it is about what was found. */
function bestOf(searches: ScoredPassage[][]): ScoredPassage[] {
  const best = new Map<string, { passage: ScoredPassage; fit: number }>()
  for (const passage of searches.flat()) {
    const fit = passage.score * passage.support
    if (fit > (best.get(passage.id)?.fit ?? -1)) best.set(passage.id, { passage, fit })
  }
  return [...best.values()].sort((a, b) => b.fit - a.fit).map(({ passage }) => passage)
}

/** The best article's first passage behind the best passage. */
function openingSecond({ passages }: Snapshot, found: ScoredPassage[], limit: number): ScoredPassage[] {
  const [best, ...others] = found
  if (!best || best.ordinal === 0 || limit < 2) return found
  const id = `${best.articleId}#0`
  const opening = found.find((passage) => passage.id === id)
  const stored = passages.get(id)?.passage
  if (!opening && !stored) return found
  const second = opening ?? { ...(stored as Passage), score: best.score, support: best.support }
  return [best, second, ...others.filter((passage) => passage !== opening)].slice(0, limit)
}
