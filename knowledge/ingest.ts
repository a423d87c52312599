import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { dirname, extname, relative, resolve, sep } from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { type Conflict, findConflicts } from './conflicts/conflicts.ts'
import { embedArticles } from './embed-articles.ts'
import type { NamedEmbeddings } from './embeddings.ts'
import { type OverdueArticle, overdueOn } from './freshness.ts'
import { inTicks } from './in-ticks.ts'
import { type DocumentReader, openDocumentReader } from './loaders/document-reader.ts'
import { articleIdOf, filesAt, loadFile, sourceOf } from './loaders/folder.ts'
import type { LoadedFile, Problem } from './loaders/loader.ts'
import { filesOfSitemap, isSitemap } from './loaders/sitemap.ts'
import type { Article } from './passage.ts'
import type { ArticleSummary, PassageStore } from './passage-store.ts'

/** Of what is short for each: hashing, comparing paths. */
const ITEMS_A_TICK = 100

/** What an ingest works with. */
export interface IngestOptions {
  store: PassageStore
  embeddings: NamedEmbeddings
  /** Called after each article, whether it changed or not. */
  onProgress?: (progress: { done: number; total: number }) => void
  /** Says from which day on a review has run out. */
  now?: () => Date
  /** Removes articles whose file or row is gone from an ingested path; true unless told. */
  prune?: boolean
}

/** What an ingest did, in articles. */
export interface IngestReport {
  added: number
  changed: number
  unchanged: number
  removed: number
  /** What could not be read, or was stored without vectors; everything else went in. */
  problems: Problem[]
  /** Articles of the store, whether ingested now or before, that contradict each other. */
  conflicts: Conflict[]
  /** Articles of the store whose review has run out. */
  overdue: OverdueArticle[]
}

/**
 * Brings the store up to date with files and folders. Only articles whose content, source, review or embeddings changed are
 * written, each in a transaction of its own, so an ingest that is cut short is finished by the next one.
 * @throws if a path does not exist
 */
export async function ingest(paths: string[], options: IngestOptions): Promise<IngestReport> {
  const { store, embeddings, onProgress, now, prune = true } = options
  const stored = new Map((await store.articles()).map((summary) => [summary.id, summary]))
  const { articles, problems } = await readAll(paths, [...stored.values()])
  const report: IngestReport = { added: 0, changed: 0, unchanged: 0, removed: 0, problems, conflicts: [], overdue: [] }
  const seen = await withoutClashes(articles, stored, problems)

  const due: { article: Article; contentHash: string }[] = []
  for await (const article of inTicks(seen.values(), ITEMS_A_TICK)) {
    const contentHash = contentHashOf(article)
    const before = stored.get(article.id)
    if (!before || before.contentHash !== contentHash || before.embedding !== embeddings.name) {
      due.push({ article, contentHash })
    } else if (hasOtherNotes(article, before)) {
      for (const same of await store.load([article.id])) await store.replaceArticle({ ...same, article })
    }
  }
  let done = seen.size - due.length
  report.unchanged = done
  onProgress?.({ done, total: seen.size })

  for await (const { embedded, failure } of embedArticles(due, embeddings)) {
    const { article, contentHash } = embedded
    const before = stored.get(article.id)
    const hasContent = before?.contentHash === contentHash
    if (failure) problems.push({ source: article.source, problem: `found by words only: ${failure}` })
    // Vectors of the embeddings before are worth more than none.
    if (!failure || !hasContent) await store.replaceArticle(embedded)
    // SQLite answers within the same turn of the event loop.
    await nextTick()
    if (!before) report.added += 1
    else if (hasContent) report.unchanged += 1
    else report.changed += 1
    done += 1
    onProgress?.({ done, total: seen.size })
  }

  if (prune) report.removed = await removeVanished({ paths, stored, seen, problems, store })
  return { ...report, ...(await checkArticles(store, now)) }
}

/** What a person should look at in the articles of the store, as `ingest` reports it; writes nothing. */
export async function checkArticles(
  store: PassageStore,
  now = () => new Date(),
): Promise<Pick<IngestReport, 'conflicts' | 'overdue'>> {
  const stored = await store.articles()
  const overdue = overdueOn(now().toISOString().slice(0, 10), stored)
  const articles = await store.texts(stored.map(({ id }) => id))
  return { conflicts: await findConflicts(articles.sort((a, b) => (a.id < b.id ? -1 : 1))), overdue }
}

async function readAll(paths: string[], stored: ArticleSummary[]): Promise<LoadedFile> {
  const documents = openDocumentReader()
  try {
    return await readPaths(paths, stored, documents)
  } finally {
    await documents.close()
  }
}

async function readPaths(paths: string[], stored: ArticleSummary[], documents: DocumentReader): Promise<LoadedFile> {
  const all: LoadedFile = { articles: [], problems: [] }
  const read = new Set<string>()
  const add = async (file: string, root: string) => {
    if (read.has(file)) return
    read.add(file)
    const { articles, problems } = await loadFile(file, {
      id: articleIdOf(root, file),
      source: sourceOf(file),
      documents,
    })
    all.articles.push(...articles)
    all.problems.push(...problems)
    await nextTick()
  }
  for (const given of paths) {
    const path = resolve(given)
    const files = await filesAt(path)
    const root = await rootOf(path, stored)
    for (const file of files) {
      if (!isSitemap(file)) await add(file, root)
      else {
        const listed = await filesOfSitemap(file)
        all.problems.push(...listed.problems)
        for (const one of listed.files) await add(one, isWithin(one, root) ? root : dirname(one))
      }
    }
  }
  return all
}

/** The folder that ids count from: the one an earlier ingest counted from, so that a part of it keeps its ids. */
async function rootOf(path: string, stored: ArticleSummary[]): Promise<string> {
  const folders = new Set<string>()
  for await (const { id, source } of inTicks(stored, ITEMS_A_TICK)) {
    const ending = extname(source).length
    if (source.slice(0, -ending).endsWith(id)) folders.add(source.slice(0, -(id.length + ending)))
  }
  const roots = [...folders]
    .map((folder) => resolve(folder || '.'))
    .filter((root) => isWithin(path, root))
    .sort((a, b) => b.length - a.length)
  return roots[0] ?? ((await stat(path)).isDirectory() ? path : dirname(path))
}

/** One article an id: an id that another source holds is a problem, unless that source is gone. */
async function withoutClashes(
  articles: Article[],
  stored: Map<string, ArticleSummary>,
  problems: Problem[],
): Promise<Map<string, Article>> {
  const kept = new Map<string, Article>()
  for await (const article of inTicks(articles, ITEMS_A_TICK)) {
    const { id, source } = article
    const rival = kept.get(id)?.source ?? (await otherSource(stored.get(id), source))
    if (rival === undefined) kept.set(id, article)
    else problems.push({ source, problem: `the id ${id} belongs to ${rival} already` })
  }
  return kept
}

async function otherSource(before: ArticleSummary | undefined, source: string): Promise<string | undefined> {
  if (!before || before.source === source) return undefined
  const exists = await stat(before.source).then(
    () => true,
    () => false,
  )
  return exists ? before.source : undefined
}

async function removeVanished(after: {
  paths: string[]
  stored: Map<string, ArticleSummary>
  seen: Map<string, Article>
  problems: Problem[]
  store: PassageStore
}): Promise<number> {
  const { paths, stored, seen, problems, store } = after
  // What a broken file holds is unknown: its articles stay as they were.
  const broken = new Set(problems.map(({ source }) => source.replace(/:\d+$/, '')))
  let removed = 0
  for await (const { id, source } of inTicks(stored.values(), ITEMS_A_TICK)) {
    const covered = paths.some((path) => isWithin(resolve(source), resolve(path)))
    if (!covered || seen.has(id) || broken.has(source)) continue
    if (await store.removeArticle(id)) removed += 1
  }
  return removed
}

function isWithin(path: string, folder: string): boolean {
  const below = relative(folder, path)
  return below === '' || (below !== '..' && !below.startsWith(`..${sep}`) && resolve(folder, below) === path)
}

/** Whether something changed about an article that is not its content: where it lies, when it was reviewed. */
function hasOtherNotes(article: Article, before: ArticleSummary): boolean {
  return (['source', 'reviewed', 'reviewBy'] as const).some((field) => article[field] !== before[field])
}

function contentHashOf(article: Article): string {
  const { title, scope, language, aliases, questions, validFrom = null, validTo = null, text } = article
  const { regions = null, plans = null } = article
  const content = JSON.stringify([
    ...[title, scope, language, aliases, questions, validFrom, validTo, text],
    // Only where given, so that articles stored before there were any keep their version.
    ...(regions || plans ? [regions, plans] : []),
  ])
  return createHash('sha256').update(content).digest('hex')
}
