import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { buildHnswIndex } from './hnsw-index.ts'
import type { ArticleChange, PassageStore, VersionedArticle } from './passage-store.ts'
import { createBuildInWorker } from './segment/build-in-worker.ts'
import { buildInMemory } from './segment/in-memory.ts'
import { builtFolders, readManifest, removeOthers } from './segment/manifest.ts'
import { openOnDisk } from './segment/on-disk.ts'
import type { Segment } from './segment/segment.ts'
import { createSnapshot, type Snapshot } from './snapshot.ts'
import type { BuildVectorIndex } from './vector-index.ts'

/** What snapshots are made from. */
export interface FollowParts {
  store: PassageStore
  /** The name of the embeddings in use; rows with vectors of others are found by words only. */
  embedding: string
  buildVectorIndex?: BuildVectorIndex | undefined
  /** Where built segments are kept; a temporary folder unless told. */
  folder?: string | undefined
  /** Passages that this thread may index itself; more are indexed in a thread of their own and kept in files. */
  inThisThread?: number | undefined
  /** Told of built files that could not be used and are made anew. */
  onDamaged?: ((error: unknown) => void) | undefined
}

const IN_THIS_THREAD = 1_500
const CHANGES_A_PAGE = 1_000
const ARTICLES_A_LOAD = 25
/** Above this share of articles that are no more, a segment is built from the rows again. */
const MOST_DEAD = 0.3
/** Searches that began before a swap are over by then. */
const CLOSE_AFTER_MS = 60_000

interface Base {
  segment: Segment
  folder: string
  revision: number
}

interface State {
  base: Base | undefined
  /** 1 for each article of the base that is no more as it was. */
  dead: Uint8Array
  recent: Map<string, VersionedArticle>
}

/**
 * Makes snapshots that follow the store's rows. Few articles are indexed in this thread at once; many in a thread of
 * their own, which writes them to files for this process and later ones, while the snapshot before is served. What
 * changed since is indexed in this thread beside them, until it is many again.
 */
export function createFollower(parts: FollowParts) {
  const { store, embedding, inThisThread = IN_THIS_THREAD, buildVectorIndex = buildHnswIndex, onDamaged } = parts
  const stopping = new AbortController()
  const build = createBuildInWorker(stopping)
  const damaged = new Set<string>()
  let { folder } = parts
  let state: State = { base: undefined, dead: new Uint8Array(0), recent: new Map() }

  /** The newest usable files, with the rows that they do not show compared row by row. */
  async function openNewest(after: number): Promise<State | undefined> {
    for (const built of folder === undefined ? [] : await builtFolders(folder)) {
      if (damaged.has(built)) continue
      try {
        const manifest = await readManifest(built)
        if (manifest.embedding !== embedding || manifest.revision <= after) continue
        const segment = await openOnDisk(built, manifest)
        return { base: { segment, folder: built, revision: manifest.revision }, ...untouched(segment) }
      } catch (error) {
        damaged.add(built)
        onDamaged?.(error)
      }
    }
    return undefined
  }

  async function follow(before?: Snapshot): Promise<Snapshot> {
    // Asked first: an article written meanwhile then counts as a change the next time, never as already seen.
    const revision = await store.revision()
    const start = before ? state : ((await openNewest(-1)) ?? state)
    let next = await compared(start, before?.revision ?? 0)
    if (next.tooMany) {
      // Another process may have built them.
      const newer = await openNewest(start.base?.revision ?? -1)
      if (newer) next = await compared(newer, 0)
    }
    const settled = next.tooMany ? await rebuilt(next, revision) : next.state
    const { base, dead, recent } = settled
    const views = base ? [{ segment: base.segment, dead }] : []
    if (recent.size > 0) {
      const segment = await buildInMemory(recent.values(), { embedding, buildVectorIndex })
      views.push({ segment, dead: new Uint8Array(recent.size) })
    }
    if (state.base && state.base !== base) setTimeout(state.base.segment.close, CLOSE_AFTER_MS).unref()
    state = settled
    return createSnapshot(revision, views, recent)
  }

  interface Compared {
    state: State
    /** Articles that are still to be loaded, because they are too many. */
    due: ArticleChange[]
    tooMany: boolean
  }

  /** The state with what the rows say since a revision; 0 compares every row. */
  async function compared({ base, dead, recent }: State, since: number): Promise<Compared> {
    const next: State = { base, dead: dead.slice(), recent: new Map(recent) }
    const seen = new Set<string>()
    const changed = new Map<string, ArticleChange>()
    for await (const change of changesSince(since)) {
      seen.add(change.id)
      const number = base?.segment.numbers.get(change.id)
      const known = number === undefined ? undefined : base?.segment.articles[number]
      const same = known?.revision === change.revision && known.contentHash === change.contentHash
      if (number !== undefined && (change.removed || !same)) next.dead[number] = 1
      changed.delete(change.id)
      if (same && !change.removed) continue
      if (change.removed || next.recent.get(change.id)?.revision !== change.revision) next.recent.delete(change.id)
      if (!change.removed && !next.recent.has(change.id)) changed.set(change.id, change)
    }
    if (since === 0 && base) for (const [id, number] of base.segment.numbers) if (!seen.has(id)) next.dead[number] = 1
    const due = [...changed.values()]
    let passages = passagesOf(next.recent.values())
    for (let at = 0; at < due.length; at += ARTICLES_A_LOAD) {
      if (passages > inThisThread) return { state: next, due: due.slice(at), tooMany: true }
      for (const article of await store.load(due.slice(at, at + ARTICLES_A_LOAD).map(({ id }) => id))) {
        next.recent.set(article.article.id, article)
        passages += article.passages.length
      }
      await nextTick()
    }
    return { state: next, due: [], tooMany: passages > inThisThread }
  }

  async function* changesSince(since: number): AsyncIterable<ArticleChange> {
    for (let page: ArticleChange[] | undefined; ; ) {
      page = await store.changes(page?.at(-1)?.revision ?? since, CHANGES_A_PAGE)
      yield* page
      if (page.length < CHANGES_A_PAGE) return
      await nextTick()
    }
  }

  /** Everything in one segment in files: what changed put behind the base, or all anew. */
  async function rebuilt({ state: before, due }: Compared, revision: number): Promise<State> {
    folder ??= await mkdtemp(join(tmpdir(), 'baton-index-'))
    const { base, dead, recent } = before
    const deadOnes = [...dead.keys()].filter((number) => dead[number] === 1)
    const fresh = !base || deadOnes.length > base.segment.articles.length * MOST_DEAD
    const from = fresh ? undefined : base.folder
    const articles = fresh ? everything() : recentAnd([...recent.values()], due)
    const built = await build({ below: folder, from, dead: fresh ? [] : deadOnes, embedding, revision }, articles)
    const segment = await openOnDisk(built, await readManifest(built))
    await removeOthers(built, folder)
    // What was written meanwhile has a higher revision: the next time sees to it.
    return { base: { segment, folder: built, revision }, ...untouched(segment) }
  }

  async function* everything(): AsyncGenerator<VersionedArticle[]> {
    let some: string[] = []
    const seen = new Set<string>()
    for await (const { id, removed } of changesSince(0)) {
      // One that is written meanwhile comes again.
      if (removed || seen.has(id)) continue
      seen.add(id)
      some.push(id)
      if (some.length < ARTICLES_A_LOAD) continue
      yield await store.load(some)
      some = []
    }
    if (some.length > 0) yield await store.load(some)
  }

  async function* recentAnd(loaded: VersionedArticle[], due: ArticleChange[]): AsyncGenerator<VersionedArticle[]> {
    for (let at = 0; at < loaded.length; at += ARTICLES_A_LOAD) yield loaded.slice(at, at + ARTICLES_A_LOAD)
    for (let at = 0; at < due.length; at += ARTICLES_A_LOAD)
      yield await store.load(due.slice(at, at + ARTICLES_A_LOAD).map(({ id }) => id))
  }

  return {
    follow,
    /** Ends a build that runs and lets go of the files. */
    async close(): Promise<void> {
      stopping.abort()
      state.base?.segment.close()
      if (parts.folder === undefined && folder !== undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

function untouched(segment: Segment): { dead: Uint8Array; recent: Map<string, VersionedArticle> } {
  return { dead: new Uint8Array(segment.articles.length), recent: new Map() }
}

function passagesOf(articles: Iterable<VersionedArticle>): number {
  let sum = 0
  for (const { passages } of articles) sum += passages.length
  return sum
}
