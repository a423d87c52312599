import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import hnswlib from 'hnswlib-node'
import { sql } from 'kysely'
import { embedArticles } from '../knowledge/embed-articles.ts'
import { ingest } from '../knowledge/ingest.ts'
import { createKnowledge, type SearchableKnowledge } from '../knowledge/knowledge.ts'
import { nearestEntries, queryVector } from '../knowledge/search.ts'
import { SEARCH_WIDTH } from '../knowledge/segment/hnsw-file.ts'
import { builtFolders, type Manifest, readManifest } from '../knowledge/segment/manifest.ts'
import { openOnDisk } from '../knowledge/segment/on-disk.ts'
import { createPassageStore } from '../src/database/passages.ts'
import { openSqlite } from '../src/database/sqlite.ts'
import { quantile } from './measure.ts'
import type { Bar } from './report.ts'
import { createCorpus, PASSAGES } from './search-corpus.ts'
import { searchMarkdown } from './search-report.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    passages: { type: 'string', default: '100000' },
    /** Passages that are ingested beside searches. */
    ingested: { type: 'string', default: '10000' },
    /** A folder to leave the base in, or to take one from that an earlier run left there. */
    keep: { type: 'string' },
  },
})

const DIMENSIONS = 384
const NEIGHBOURS = 10
const CANDIDATES = 60
const QUERIES = 500
const QUERIES_COMPARED = 100
const SEARCHES_A_SECOND = 50
/** One in a hundred; the others make two scopes of unequal size. */
const SCOPES = { small: 0.01, shared: 0.61 }

const corpus = createCorpus(7)
const { embeddings } = corpus

/** Everything that one run measured; times in milliseconds. */
export interface SearchReport {
  at: string
  node: string
  passages: number
  /** Passages and titles in the index. */
  entries: number
  buildSeconds: number | undefined
  startMs: number
  recallAt10: number
  /** Medians of the nearest neighbours alone: hnswlib itself with the same width, and ours. */
  vectors: { raw: number; ours: number; smallScope: number; exact: number }
  hybrid: { p50: number; p99: number }
  hybridSmallScope: { p50: number; p99: number }
  ingest: { passages: number; seconds: number; searches: number; p50: number; p99: number; stallMs: number }
  bars: Bar[]
}

async function main(): Promise<void> {
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), 'baton-search-'))
  mkdirSync(folder, { recursive: true })
  const isThere = readdirSync(folder).includes('search.db')
  const database = await openSqlite(join(folder, 'search.db'))
  const store = createPassageStore(database.db)
  const index = join(folder, 'search.index')
  try {
    let buildSeconds: number | undefined
    if (!isThere) {
      await fill(database.db, store, Number(options.passages) / PASSAGES)
      say('building the index')
      const knowledge = createKnowledge({ store, embeddings, folder: index })
      const start = performance.now()
      await knowledge.refresh()
      buildSeconds = (performance.now() - start) / 1000
      await knowledge.close()
    }
    const [built] = await builtFolders(index)
    if (!built) throw new Error('bench: there is no index to measure')
    const manifest = await readManifest(built)
    const vectors = await measureVectors(built, manifest)
    say('starting')
    const knowledge = createKnowledge({ store, embeddings, folder: index })
    const start = performance.now()
    await knowledge.refresh()
    const startMs = performance.now() - start
    say('searching')
    const hybrid = await measureSearches(knowledge)
    const hybridSmallScope = await measureSearches(knowledge, ['small'])
    const measured = {
      at: new Date().toISOString(),
      node: process.version,
      passages: manifest.passages,
      entries: manifest.passages + manifest.labels,
      buildSeconds,
      startMs,
      ...vectors,
      hybrid,
      hybridSmallScope,
      ingest: await measureIngest(knowledge, store, join(folder, 'new')),
    }
    await knowledge.close()
    publish({ ...measured, bars: barsOf(measured) })
  } finally {
    await database.close()
    if (!options.keep) rmSync(folder, { recursive: true, force: true })
  }
}

type Database = Awaited<ReturnType<typeof openSqlite>>['db']
type Store = ReturnType<typeof createPassageStore>

async function fill(db: Database, store: Store, articles: number): Promise<void> {
  say(`writing ${articles} articles`)
  // Only for filling: nothing is lost that another run would not make again.
  await sql`pragma synchronous = off`.execute(db)
  const made = Array.from({ length: articles }, (_, number) => {
    const share = (number % 100) / 100
    const scope = share < SCOPES.small ? 'small' : share < SCOPES.shared ? 'shared' : 'billing'
    return { article: corpus.article(number, scope), contentHash: String(number) }
  })
  for await (const { embedded, failure } of embedArticles(made, embeddings)) {
    if (failure) throw new Error(failure)
    await store.replaceArticle(embedded)
  }
  await sql`pragma synchronous = full`.execute(db)
}

async function vectorsOfQueries(count: number): Promise<Float32Array[]> {
  const vectors = []
  for (let query = 0; query < count; query += 1) vectors.push(queryVector(await embeddings.embedQuery(corpus.query())))
  return vectors
}

async function measureVectors(built: string, manifest: Manifest) {
  say('nearest neighbours')
  const segment = await openOnDisk(built, manifest)
  const raw = new hnswlib.HierarchicalNSW('cosine', DIMENSIONS)
  const everything = manifest.indexes.find(({ scope }) => scope === null)
  await raw.readIndex(join(built, everything?.file ?? ''))
  raw.setEf(SEARCH_WIDTH)
  const vectors = await vectorsOfQueries(QUERIES)
  const times = { raw: [] as number[], ours: [] as number[], smallScope: [] as number[], exact: [] as number[] }
  const timed = async (into: number[], run: () => unknown) => {
    const start = performance.now()
    await run()
    into.push(performance.now() - start)
  }
  let found = 0
  for (const [place, vector] of [...vectors, ...vectors].entries()) {
    const warm = place >= vectors.length
    const into = (name: keyof typeof times) => (warm ? times[name] : [])
    const plain = Array.from(vector)
    // In turn, so that drift of the machine favours none.
    await timed(into('raw'), () => raw.searchKnn(plain, NEIGHBOURS))
    await timed(into('ours'), () => nearestEntries(segment, vector, undefined, CANDIDATES))
    await timed(into('smallScope'), () => nearestEntries(segment, vector, ['small'], CANDIDATES))
    if (place < QUERIES_COMPARED) {
      let exact: Set<number> = new Set()
      await timed(times.exact, () => {
        exact = exactNeighbours(raw, vector)
      })
      const ours = (await nearestEntries(segment, vector, undefined, CANDIDATES)).slice(0, NEIGHBOURS)
      found += ours.filter((entry) => exact.has(entry)).length
    }
  }
  segment.close()
  const median = (name: keyof typeof times) => quantile(times[name], 0.5)
  return {
    recallAt10: found / (QUERIES_COMPARED * NEIGHBOURS),
    vectors: { raw: median('raw'), ours: median('ours'), smallScope: median('smallScope'), exact: median('exact') },
  }
}

const points = new Map<number, Float32Array>()

/** By comparing with every vector of the index itself. */
function exactNeighbours(raw: InstanceType<typeof hnswlib.HierarchicalNSW>, vector: Float32Array): Set<number> {
  if (points.size === 0) for (const id of raw.getIdsList()) points.set(id, Float32Array.from(raw.getPoint(id)))
  let nearest: { id: number; similarity: number }[] = []
  for (const [id, point] of points) {
    let similarity = 0
    for (let index = 0; index < DIMENSIONS; index += 1)
      similarity += (point[index] as number) * (vector[index] as number)
    if (nearest.length >= NEIGHBOURS && similarity <= (nearest.at(-1)?.similarity ?? 0)) continue
    nearest = [...nearest, { id, similarity }].sort((a, b) => b.similarity - a.similarity).slice(0, NEIGHBOURS)
  }
  return new Set(nearest.map(({ id }) => id))
}

async function measureSearches(knowledge: SearchableKnowledge, scopes?: string[]) {
  const times: number[] = []
  for (let query = -20; query < QUERIES; query += 1) {
    const text = corpus.query()
    const start = performance.now()
    const found = await knowledge.search(text, scopes && { scopes })
    if (query >= 0) times.push(performance.now() - start)
    if (found.length === 0) throw new Error(`bench: nothing found for "${text}"`)
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

/** Searches at an even pace while files are ingested and the index is built anew and swapped. */
async function measureIngest(knowledge: SearchableKnowledge, store: Store, folder: string) {
  const passages = Number(options.ingested)
  say(`ingesting ${passages} passages beside ${SEARCHES_A_SECOND} searches a second`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (let number = 0; number < passages / PASSAGES; number += 1) {
    const { title, text } = corpus.article(number, 'shared')
    writeFileSync(join(folder, `article-${number}.md`), `---\ntitle: ${title}\nscope: shared\n---\n${text}\n`)
  }
  const times: number[] = []
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let isOver = false
  const searching = (async () => {
    for (let next = performance.now(); !isOver; next += 1000 / SEARCHES_A_SECOND) {
      await sleep(Math.max(0, next - performance.now()))
      const start = performance.now()
      await knowledge.search(corpus.query())
      times.push(performance.now() - start)
    }
  })()
  delay.enable()
  const start = performance.now()
  await ingest([folder], { store, embeddings })
  await knowledge.refresh()
  const seconds = (performance.now() - start) / 1000
  delay.disable()
  isOver = true
  await searching
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)]
  return { passages, seconds, searches: times.length, p50, p99, stallMs: delay.max / 1e6 }
}

function barsOf(report: Omit<SearchReport, 'bars'>): Bar[] {
  const { vectors, hybrid, ingest: beside } = report
  const bar = (what: string, measured: number, limit: number, unit = '') => {
    return { what, measured, limit, unit, pass: measured <= limit }
  }
  return [
    bar('neighbours missed of ten, in percent', (1 - report.recallAt10) * 100, 2, '%'),
    bar('nearest neighbours, × hnswlib itself', vectors.ours / vectors.raw, 1.5),
    bar('the same in a scope of 1 %, × hnswlib itself', vectors.smallScope / vectors.raw, 2),
    bar('whole search, median', hybrid.p50, 25, 'ms'),
    bar('whole search, 99 of 100', hybrid.p99, 60, 'ms'),
    bar('start from a built index', report.startMs, 3_000, 'ms'),
    bar('longest stall while ingesting', beside.stallMs, 20, 'ms'),
  ]
}

function publish(report: SearchReport): void {
  const folder = new URL('results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const json = `${JSON.stringify(report, null, 2)}\n`
  const markdown = searchMarkdown(report)
  writeFileSync(new URL('search.json', folder), json)
  writeFileSync(new URL('search.md', folder), markdown)
  process.stdout.write(options.json ? json : markdown)
  if (report.bars.some((bar) => !bar.pass)) process.exitCode = 1
}

function say(words: string): void {
  process.stderr.write(`bench: ${words}\n`)
}

await main()
