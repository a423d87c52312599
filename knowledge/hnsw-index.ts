import { setImmediate as nextTick } from 'node:timers/promises'
import { HNSWLib } from '@langchain/community/vectorstores/hnswlib'
import { Document } from '@langchain/core/documents'
import type { VectorEntry, VectorIndex } from './vector-index.ts'

/** Candidates kept while searching: at 10, hnswlib's own, one true neighbour in ten is missed. */
const SEARCH_WIDTH = 100
const ENTRIES_A_TICK = 16

/** An index in memory by hnswlib, through LangChain's store; cosine space. */
export async function buildHnswIndex<Id extends string | number>(entries: VectorEntry<Id>[]): Promise<VectorIndex<Id>> {
  const dimensions = entries[0]?.vector.length ?? 0
  for (const { id, vector } of entries) {
    // hnswlib takes a vector of a wrong length in silence, and later searches go wrong.
    if (vector.length !== dimensions) {
      throw new Error(`The vector of ${id} has ${vector.length} dimensions, others have ${dimensions}.`)
    }
  }
  if (entries.length === 0) return { size: 0, dimensions, search: async () => [] }
  const store = await fill(entries, dimensions)
  store.index.setEf(SEARCH_WIDTH)
  return {
    size: entries.length,
    dimensions,
    async search(vector, limit) {
      const count = Math.min(limit, entries.length)
      if (count < 1) return []
      // hnswlib finds no more than its width.
      store.index.setEf(Math.max(SEARCH_WIDTH, count))
      const hits = await store.similaritySearchVectorWithScore(Array.from(vector), count)
      return hits.map(([document, distance]) => ({ id: document.metadata.id as Id, similarity: 1 - distance }))
    },
  }
}

async function fill(entries: VectorEntry<string | number>[], dimensions: number): Promise<HNSWLib> {
  const store = new HNSWLib(vectorsAreGiven, { space: 'cosine', numDimensions: dimensions })
  for (let start = 0; start < entries.length; start += ENTRIES_A_TICK) {
    const some = entries.slice(start, start + ENTRIES_A_TICK)
    await store.addVectors(
      some.map(({ vector }) => Array.from(vector)),
      some.map(({ id }) => new Document({ pageContent: '', metadata: { id } })),
    )
    if (start === 0) store.index.resizeIndex(entries.length)
    await nextTick()
  }
  return store
}

const vectorsAreGiven = {
  embedDocuments: () => Promise.reject(new Error('The index takes vectors, not texts.')),
  embedQuery: () => Promise.reject(new Error('The index takes vectors, not texts.')),
}
