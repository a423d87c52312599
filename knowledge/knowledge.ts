import { setImmediate as nextTick } from 'node:timers/promises'
import { circumstancesOf } from './applies.ts'
import type { NamedEmbeddings } from './embeddings.ts'
import { createFollower, type FollowParts } from './follow.ts'
import type { Article, Knowledge, ScoredPassage } from './passage.ts'
import { queryVector, readPassage, searchSnapshot } from './search.ts'
import type { Snapshot } from './snapshot.ts'
import { spansOf } from './spans.ts'

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
  /** The article as it stands now. */
  article(id: string): Promise<CurrentArticle | undefined>
  /** What is searchable now; `withoutVectors` counts the passages that only words can find. */
  size(): { articles: number; passages: number; withoutVectors: number; revision: number }
  /** Ends a build that runs and lets go of files; nothing may be searched afterwards. */
  close(): Promise<void>
}

/** What knowledge is made of. */
export interface KnowledgeParts extends Omit<FollowParts, 'embedding'> {
  embeddings: NamedEmbeddings
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
  const { store, embeddings, now = () => new Date(), onDegraded } = parts
  const follower = createFollower({ ...parts, embedding: embeddings.name })
  let snapshot: Snapshot | undefined
  let lastRefresh: Promise<unknown> = Promise.resolve()

  const follow = async () => {
    if (snapshot && snapshot.revision === (await store.revision())) return false
    snapshot = await follower.follow(snapshot)
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
      if (query.trim() === '' || limit < 1 || searched.size.passages === 0) return []
      const plan = {
        scopes: scopes.length > 0 ? scopes : undefined,
        limit,
        circumstances: circumstancesOf(options, now()),
      }
      const spans = spansOf(searched.correctSpelling(query))
      const found: ScoredPassage[][] = []
      for (const span of spans) {
        // The parts of a long message one by one: together they would hold up everybody else.
        if (found.length > 0) await nextTick()
        found.push(await searchSnapshot(searched, { ...plan, query: span, vector: await embed(span) }))
      }
      const passages = (found.length === 1 ? found[0] : bestOf(found))?.slice(0, limit) ?? []
      return withOpening ? openingSecond(searched, passages, limit) : passages
    },
    async article(id) {
      const [stored] = await store.load([id])
      return stored && { ...stored.article, version: stored.version }
    },
    size() {
      const { articles, passages, withoutVectors } = snapshot?.size ?? { articles: 0, passages: 0, withoutVectors: 0 }
      return { articles, passages, withoutVectors, revision: snapshot?.revision ?? 0 }
    },
    close: () => follower.close(),
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
async function openingSecond(snapshot: Snapshot, found: ScoredPassage[], limit: number): Promise<ScoredPassage[]> {
  const [best, ...others] = found
  if (!best || best.ordinal === 0 || limit < 2) return found
  const opening = found.find(({ articleId, ordinal }) => articleId === best.articleId && ordinal === 0)
  const stored = opening ?? (await readPassage(snapshot, best.articleId, 0))
  if (!stored) return found
  const second = opening ?? { ...stored, score: best.score, support: best.support }
  return [best, second, ...others.filter((passage) => passage !== opening)].slice(0, limit)
}
