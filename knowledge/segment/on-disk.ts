import { closeSync, openSync, read } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createLexicalIndex } from '../lexical-index.ts'
import type { VersionedArticle } from '../passage-store.ts'
import type { VectorEntry, VectorIndex } from '../vector-index.ts'
import type { BuildTask } from './build-messages.ts'
import { extendHnsw, openHnsw, writeHnsw } from './hnsw-file.ts'
import { builtName, checkOf, flushFolder, type Manifest, readManifest, verify, writeManifest } from './manifest.ts'
import { joinPostings } from './postings.ts'
import { labelEntry, passageEntry, type Segment } from './segment.ts'
import { createSegmentBuilder, type SegmentData } from './segment-builder.ts'
import { readData, type StoredData, TEXTS, usesOf, writeData } from './segment-files.ts'
import { joinMatrices } from './vector-matrix.ts'
import { openVocabulary } from './vocabulary.ts'

/** A scope with at least this share of the entries is served by the index of everything. */
const LARGE_SHARE = 0.5

const BUILDING = 'building-'
/** Files are written at the end of a build, within seconds; what is older was left by a process that died. */
const LEFT_BEHIND_MS = 10 * 60_000

interface Earlier {
  folder: string
  manifest: Manifest
  data: StoredData
  /** Entries of its vector indexes that are no more. */
  gone: number[]
}

/**
 * Builds a segment into a folder of its own, from nothing or from another segment, and answers that folder. Until it is
 * complete it has another name; holds up its thread.
 */
export async function buildOnDisk(task: BuildTask, articles: AsyncIterable<VersionedArticle[]>): Promise<string> {
  const { below, embedding, revision } = task
  const earlier = task.from === undefined ? undefined : await readEarlier(task.from, task.dead)
  const builder = createSegmentBuilder(embedding, earlier && startAfter(earlier))
  for await (const some of articles) for (const article of some) builder.add(article)
  const added = await builder.finish()
  const data = earlier ? joined(earlier.data, added) : added
  await mkdir(below, { recursive: true })
  await removeLeftBehind(below)
  const folder = await mkdtemp(join(below, BUILDING))
  try {
    const files = await writeData(folder, data, earlier)
    const indexes = await writeIndexes(folder, builder.entries, { dimensions: added.dimensions, earlier })
    for (const name of [TEXTS, ...indexes.map(({ file }) => file)]) files[name] = await checkOf(join(folder, name))
    const [passages, labels] = [data.articleOfPassage.length, data.articleOfLabel.length]
    const { dimensions } = added
    const counts = { articles: data.articles.length, passages, labels }
    await writeManifest(folder, { revision, embedding, dimensions, ...counts, indexes, files })
    const built = join(below, builtName(revision))
    await rename(folder, built)
    await flushFolder(below)
    return built
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function readEarlier(folder: string, dead: number[]): Promise<Earlier> {
  const manifest = await readManifest(folder)
  const data = await readData(folder, manifest)
  const gone: number[] = []
  for (const number of dead) {
    const facts = data.articles[number]
    if (!facts) continue
    for (let at = 0; at < facts.passages; at += 1) gone.push(passageEntry(facts.firstPassage + at))
    for (let at = 0; at < facts.labels; at += 1) gone.push(labelEntry(facts.firstLabel + at))
    data.articles[number] = undefined
  }
  return { folder, manifest, data, gone }
}

function startAfter({ data, manifest }: Earlier) {
  return {
    articles: data.articles.length,
    passages: data.articleOfPassage.length,
    labels: data.articleOfLabel.length,
    texts: manifest.files[TEXTS]?.bytes ?? 0,
    dimensions: manifest.dimensions,
  }
}

function joined(first: StoredData, second: SegmentData): SegmentData {
  const uses = usesOf(first.vocabulary)
  for (const [letter, words] of second.uses) {
    const known = uses.get(letter) ?? new Map<string, number>()
    for (const [word, count] of words) known.set(word, (known.get(word) ?? 0) + count)
    uses.set(letter, known)
  }
  return {
    dimensions: second.dimensions,
    articles: [...first.articles, ...second.articles],
    articleOfPassage: joinNumbers(first.articleOfPassage, second.articleOfPassage),
    articleOfLabel: joinNumbers(first.articleOfLabel, second.articleOfLabel),
    passageVectors: joinMatrices(first.passageVectors, second.passageVectors),
    labelVectors: joinMatrices(first.labelVectors, second.labelVectors),
    postings: joinPostings(first.postings, second.postings),
    uses,
    texts: second.texts,
  }
}

function joinNumbers(first: Uint32Array, second: Uint32Array): Uint32Array {
  const both = new Uint32Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

async function writeIndexes(
  folder: string,
  added: Map<string, VectorEntry<number>[]>,
  { dimensions, earlier }: { dimensions: number; earlier: Earlier | undefined },
): Promise<Manifest['indexes']> {
  const indexes: Manifest['indexes'] = []
  const all = [...added.values()].flat()
  const wanted: { scope: string | null; entries: VectorEntry<number>[] }[] = [{ scope: null, entries: all }]
  const known = new Set(earlier?.manifest.indexes.map(({ scope }) => scope))
  for (const [scope, entries] of added) {
    const isLarge = earlier ? isServedByAll(scope, earlier) : entries.length >= all.length * LARGE_SHARE
    if (!isLarge) wanted.push({ scope, entries })
  }
  for (const scope of known) if (!wanted.some((one) => one.scope === scope)) wanted.push({ scope, entries: [] })
  for (const [place, { scope, entries }] of wanted.entries()) {
    const before = earlier?.manifest.indexes.find((index) => index.scope === scope)
    const size = (before?.size ?? 0) + entries.length
    if (size === 0) continue
    const file = `vectors-${place}.hnsw`
    const to = join(folder, file)
    if (!earlier || !before) await writeHnsw(to, entries, dimensions)
    else await extendHnsw({ from: join(earlier.folder, before.file), to, dimensions }, entries, earlier.gone)
    indexes.push({ scope, file, size })
  }
  return indexes
}

/** Whether the earlier segment had articles of a scope without an index of its own for them. */
function isServedByAll(scope: string, { manifest, data }: Earlier): boolean {
  return (
    manifest.indexes.every((index) => index.scope !== scope) && data.articles.some((facts) => facts?.scope === scope)
  )
}

async function removeLeftBehind(below: string): Promise<void> {
  for (const name of await readdir(below)) {
    if (!name.startsWith(BUILDING)) continue
    const path = join(below, name)
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true })
  }
}

/** Opens a built segment for searching. @throws if any of its files is damaged or missing */
export async function openOnDisk(folder: string, manifest: Manifest): Promise<Segment> {
  const { postings, vocabulary, ...data } = await readData(folder, manifest)
  const { dimensions } = manifest
  const scopes = new Map<string, VectorIndex<number>>()
  let everything: VectorIndex<number> | undefined
  for (const { scope, file, size } of manifest.indexes) {
    await verify(join(folder, file), manifest.files[file])
    const index = await openHnsw(join(folder, file), { dimensions, size })
    if (scope === null) everything = index
    else scopes.set(scope, index)
  }
  await verify(join(folder, TEXTS), manifest.files[TEXTS])
  const numbers = new Map<string, number>()
  const largeScopes = new Set<string>()
  for (const [number, facts] of data.articles.entries()) {
    if (number % ARTICLES_A_TICK === 0) await nextTick()
    if (!facts) continue
    numbers.set(facts.articleId, number)
    if (!scopes.has(facts.scope)) largeScopes.add(facts.scope)
  }
  // By number, not by FileHandle: one that nobody closed in time must not end the process.
  const texts = openSync(join(folder, TEXTS), 'r')
  let closed = false
  return {
    ...data,
    numbers,
    lexical: createLexicalIndex(postings),
    vocabulary: openVocabulary(vocabulary),
    scopes,
    everything,
    largeScopes,
    async read(article) {
      const { textsAt = 0, textsBytes = 0 } = data.articles[article] ?? {}
      const { buffer } = await readAt(texts, Buffer.allocUnsafe(textsBytes), 0, textsBytes, textsAt)
      return JSON.parse(buffer.toString('utf8'))
    },
    close() {
      if (!closed) closeSync(texts)
      closed = true
    },
  }
}

const ARTICLES_A_TICK = 2000
const readAt = promisify(read)
