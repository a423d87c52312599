import { setImmediate as nextTick } from 'node:timers/promises'
import type { VersionedArticle } from '../passage-store.ts'
import type { VectorEntry } from '../vector-index.ts'
import { createNumberList } from './number-list.ts'
import { createPostingsBuilder, type Postings, termsOf } from './postings.ts'
import { type ArticleFacts, type ArticleTexts, labelEntry, passageEntry } from './segment.ts'
import { unit } from './unit.ts'
import { createMatrixBuilder, type VectorMatrix } from './vector-matrix.ts'
import { countWords, type WordUses } from './vocabulary.ts'

/** A segment's data before it is indexed or written. */
export interface SegmentData {
  dimensions: number
  articles: (ArticleFacts | undefined)[]
  articleOfPassage: Uint32Array
  articleOfLabel: Uint32Array
  passageVectors: VectorMatrix
  labelVectors: VectorMatrix
  postings: Postings
  uses: WordUses
  /** JSON of each article's `ArticleTexts`, one behind the other. */
  texts: Buffer
}

/** Where the numbers of a segment begin that will be put behind another, and what its vectors must be like. */
export interface SegmentStart {
  articles: number
  passages: number
  labels: number
  texts: number
  dimensions: number
}

const EMPTY: SegmentStart = { articles: 0, passages: 0, labels: 0, texts: 0, dimensions: 0 }

/**
 * Collects articles into a segment. Vectors count that are of the embeddings in use and have the length of the first: a
 * server may change its model under one name. The others' passages are found by words only.
 */
export function createSegmentBuilder(embedding: string, start: SegmentStart = EMPTY) {
  let { dimensions } = start
  const articles: ArticleFacts[] = []
  const articleOfPassage = createNumberList()
  const articleOfLabel = createNumberList()
  const passageVectors = createMatrixBuilder()
  const labelVectors = createMatrixBuilder()
  const postings = createPostingsBuilder()
  const uses: WordUses = new Map()
  const texts: Buffer[] = []
  const entries = new Map<string, VectorEntry<number>[]>()
  let textsAt = start.texts

  const usable = (stored: VersionedArticle, vector: Float32Array) => {
    if (stored.embedding !== embedding || !vector.some((value) => value !== 0)) return undefined
    dimensions ||= vector.length
    return vector.length === dimensions ? unit(vector) : undefined
  }

  return {
    /** The entries of the vector indexes so far, by scope. */
    entries,
    add(stored: VersionedArticle): void {
      const { id, scope, title, aliases, questions } = stored.article
      const number = start.articles + articles.length
      const labels = [title, ...aliases, ...questions].join('\n')
      const record: ArticleTexts = {
        labels,
        passages: stored.passages.map(({ headings, text }) => ({ headings, text })),
      }
      const bytes = Buffer.from(JSON.stringify(record))
      const { language, validFrom, validTo, regions, plans, reviewed, reviewBy } = stored.article
      articles.push({
        articleId: id,
        version: stored.version,
        scope,
        title,
        language,
        validFrom,
        validTo,
        regions,
        plans,
        reviewed,
        reviewBy,
        changedAt: stored.changedAt,
        revision: stored.revision,
        contentHash: stored.contentHash,
        firstPassage: start.passages + articleOfPassage.length,
        passages: stored.passages.length,
        firstLabel: start.labels + articleOfLabel.length,
        labels: stored.labels.length,
        textsAt,
        textsBytes: bytes.length,
      })
      texts.push(bytes)
      textsAt += bytes.length
      let indexed = entries.get(scope)
      if (!indexed) {
        indexed = []
        entries.set(scope, indexed)
      }
      for (const label of stored.labels) {
        const vector = usable(stored, label.vector)
        if (vector) indexed.push({ id: labelEntry(start.labels + articleOfLabel.length), vector })
        labelVectors.push(vector)
        articleOfLabel.push(number)
      }
      countWords(uses, labels)
      const labelTerms = termsOf(labels)
      for (const { headings, text, vector: given } of stored.passages) {
        const vector = usable(stored, given)
        if (vector) indexed.push({ id: passageEntry(start.passages + articleOfPassage.length), vector })
        passageVectors.push(vector)
        articleOfPassage.push(number)
        postings.add(labelTerms, headings.join('\n'), text)
        countWords(uses, text)
      }
    },
    async finish(): Promise<SegmentData> {
      const parts = {
        dimensions,
        articles,
        articleOfPassage: articleOfPassage.toArray(),
        articleOfLabel: articleOfLabel.toArray(),
        uses,
        texts: Buffer.concat(texts),
      }
      const passages = passageVectors.finish(dimensions)
      await nextTick()
      const labels = labelVectors.finish(dimensions)
      await nextTick()
      return { ...parts, passageVectors: passages, labelVectors: labels, postings: postings.finish() }
    },
  }
}
