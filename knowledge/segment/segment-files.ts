import { copyFile, open } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTick } from 'node:timers/promises'
import { type FileCheck, type Manifest, readChecked, writeChecked } from './manifest.ts'
import type { ArticleFacts } from './segment.ts'
import type { SegmentData } from './segment-builder.ts'
import { addVocabularyLine, vocabularyLines } from './vocabulary.ts'

/** A segment's data as it lies in files; its texts stay there. */
export type StoredData = Omit<SegmentData, 'texts' | 'uses'> & { vocabulary: string[] }

const LINES_A_TICK = 200

/** Where the texts lie. */
export const TEXTS = 'texts.json'

/** The texts of another folder's segment, before one's own. */
export interface EarlierTexts {
  folder: string
}

/** Writes everything but the vector indexes and the manifest. */
export async function writeData(
  folder: string,
  data: SegmentData,
  earlier?: EarlierTexts,
): Promise<Record<string, FileCheck>> {
  const files: Record<string, FileCheck> = {}
  for (const [name, array] of Object.entries(arraysOf(data)))
    files[name] = await writeChecked(join(folder, name), [bytesOf(array)])
  files['articles.jsonl'] = await writeLines(
    join(folder, 'articles.jsonl'),
    mapLines(data.articles, (facts) => JSON.stringify(facts ?? null)),
  )
  files['vocabulary.jsonl'] = await writeLines(join(folder, 'vocabulary.jsonl'), vocabularyLines(data.uses))
  const texts = join(folder, TEXTS)
  if (!earlier) files[TEXTS] = await writeChecked(texts, [data.texts])
  else {
    await copyFile(join(earlier.folder, TEXTS), texts)
    const file = await open(texts, 'a')
    try {
      await file.appendFile(data.texts)
    } finally {
      await file.close()
    }
  }
  return files
}

/** Reads what `writeData` wrote, a little at a time. @throws if something is damaged */
export async function readData(folder: string, { files, dimensions }: Manifest): Promise<StoredData> {
  const read = (name: string) => readChecked(join(folder, name), files[name])
  const numbers = async (name: string) => new Uint32Array(await read(name))
  const matrix = async (name: string) => ({
    dimensions,
    values: new Int8Array(await read(`${name}.values`)),
    scales: new Float32Array(await read(`${name}.scales`)),
  })
  const articles: (ArticleFacts | undefined)[] = []
  for await (const line of linesOf(await read('articles.jsonl'))) articles.push(JSON.parse(line) ?? undefined)
  const vocabulary: string[] = []
  for await (const line of linesOf(await read('vocabulary.jsonl'))) vocabulary.push(line)
  return {
    dimensions,
    articles,
    articleOfPassage: await numbers('passages.article'),
    articleOfLabel: await numbers('labels.article'),
    passageVectors: await matrix('passages'),
    labelVectors: await matrix('labels'),
    postings: {
      terms: await numbers('postings.terms'),
      starts: await numbers('postings.starts'),
      passages: await numbers('postings.passages'),
      counts: await numbers('postings.counts'),
      lengths: new Uint16Array(await read('postings.lengths')),
    },
    vocabulary,
  }
}

/** The words of a vocabulary's lines, to be added to. */
export function usesOf(lines: string[]): SegmentData['uses'] {
  const uses: SegmentData['uses'] = new Map()
  for (const line of lines) addVocabularyLine(uses, line)
  return uses
}

function arraysOf({ articleOfPassage, articleOfLabel, passageVectors, labelVectors, postings }: SegmentData) {
  return {
    'passages.article': articleOfPassage,
    'labels.article': articleOfLabel,
    'passages.values': passageVectors.values,
    'passages.scales': passageVectors.scales,
    'labels.values': labelVectors.values,
    'labels.scales': labelVectors.scales,
    'postings.terms': postings.terms,
    'postings.starts': postings.starts,
    'postings.passages': postings.passages,
    'postings.counts': postings.counts,
    'postings.lengths': postings.lengths,
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function* mapLines<T>(items: T[], line: (item: T) => string): Iterable<string> {
  for (const item of items) yield line(item)
}

function writeLines(path: string, lines: Iterable<string>): Promise<FileCheck> {
  return writeChecked(path, encoded(lines))
}

const LINES_A_WRITE = 1000

function* encoded(lines: Iterable<string>): Iterable<Uint8Array> {
  let some: string[] = []
  for (const line of lines) {
    some.push(line)
    if (some.length < LINES_A_WRITE) continue
    yield Buffer.from(`${some.join('\n')}\n`)
    some = []
  }
  if (some.length > 0) yield Buffer.from(`${some.join('\n')}\n`)
}

async function* linesOf(content: ArrayBuffer): AsyncIterable<string> {
  const bytes = Buffer.from(content)
  let lines = 0
  for (let start = 0; start < bytes.length; lines += 1) {
    if (lines % LINES_A_TICK === 0) await nextTick()
    const end = bytes.indexOf(10, start)
    yield bytes.toString('utf8', start, end)
    start = end + 1
  }
}
