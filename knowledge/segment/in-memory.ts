import { setImmediate as nextTick } from 'node:timers/promises'
import { createLexicalIndex } from '../lexical-index.ts'
import type { VersionedArticle } from '../passage-store.ts'
import type { BuildVectorIndex, VectorIndex } from '../vector-index.ts'
import type { Segment } from './segment.ts'
import { createSegmentBuilder } from './segment-builder.ts'
import { openVocabulary, vocabularyLines } from './vocabulary.ts'

/** Builds a segment in this thread, a little at a time, for articles that are not many. */
export async function buildInMemory(
  stored: Iterable<VersionedArticle>,
  { embedding, buildVectorIndex }: { embedding: string; buildVectorIndex: BuildVectorIndex },
): Promise<Segment> {
  const builder = createSegmentBuilder(embedding)
  const numbers = new Map<string, number>()
  for (const article of stored) {
    numbers.set(article.article.id, numbers.size)
    builder.add(article)
    await nextTick()
  }
  const { articles, postings, uses, texts, ...data } = await builder.finish()
  const scopes = new Map<string, VectorIndex<number>>()
  for (const [scope, entries] of builder.entries) scopes.set(scope, await buildVectorIndex(entries))
  return {
    ...data,
    articles,
    numbers,
    lexical: createLexicalIndex(postings),
    vocabulary: openVocabulary([...vocabularyLines(uses)]),
    scopes,
    everything: undefined,
    largeScopes: new Set(),
    async read(article) {
      const { textsAt = 0, textsBytes = 0 } = articles[article] ?? {}
      return JSON.parse(texts.toString('utf8', textsAt, textsAt + textsBytes))
    },
    close: () => {},
  }
}
