import hnswlib from 'hnswlib-node'
import type { VectorEntry, VectorIndex } from '../vector-index.ts'

/** Neighbours of an entry, and candidates looked at to find them, while an index is built. */
const LINKS = 16
const BUILD_WIDTH = 200
/** Candidates kept while searching: among 100,000 vectors 200 miss one true neighbour in ten, and 800 take 2 ms. */
export const SEARCH_WIDTH = 800

const SEED = 100

/** Builds an index and writes it; holds up the thread for as long as that takes. */
export async function writeHnsw(path: string, entries: VectorEntry<number>[], dimensions: number): Promise<void> {
  const index = new hnswlib.HierarchicalNSW('cosine', dimensions)
  index.initIndex(entries.length, LINKS, BUILD_WIDTH, SEED)
  for (const { id, vector } of entries) index.addPoint(Array.from(vector), id)
  await write(index, path, dimensions)
}

/** @throws if the file is not whole: hnswlib says nothing when the disk did not take all of it */
async function write(index: hnswlib.HierarchicalNSW, path: string, dimensions: number): Promise<void> {
  await index.writeIndex(path)
  const written = new hnswlib.HierarchicalNSW('cosine', dimensions)
  await written.readIndex(path)
  if (written.getCurrentCount() !== index.getCurrentCount()) throw new Error(`${path} was not written whole.`)
}

/** Writes an index with entries more and entries fewer than another. */
export async function extendHnsw(
  { from, to, dimensions }: { from: string; to: string; dimensions: number },
  added: VectorEntry<number>[],
  removed: Iterable<number>,
): Promise<void> {
  const index = new hnswlib.HierarchicalNSW('cosine', dimensions)
  await index.readIndex(from)
  index.resizeIndex(index.getCurrentCount() + added.length)
  const present = new Set(index.getIdsList())
  for (const id of removed) if (present.has(id)) index.markDelete(id)
  for (const { id, vector } of added) index.addPoint(Array.from(vector), id)
  await write(index, to, dimensions)
}

/**
 * An index from a file, which must have been checked: hnswlib notices neither damage nor another dimension.
 */
export async function openHnsw(path: string, { dimensions, size }: { dimensions: number; size: number }) {
  const index = new hnswlib.HierarchicalNSW('cosine', dimensions)
  await index.readIndex(path)
  const opened: VectorIndex<number> = {
    size,
    dimensions,
    async search(vector, limit) {
      const count = Math.min(limit, size)
      if (count < 1) return []
      index.setEf(Math.max(SEARCH_WIDTH, count))
      const { neighbors, distances } = index.searchKnn(Array.from(vector), count)
      return neighbors.map((id, place) => ({ id, similarity: 1 - (distances[place] as number) }))
    },
  }
  return opened
}
