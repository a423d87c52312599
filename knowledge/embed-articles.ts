import { setImmediate as nextTick } from 'node:timers/promises'
import type { NamedEmbeddings } from './embeddings.ts'
import type { Article } from './passage.ts'
import type { EmbeddedArticle } from './passage-store.ts'
import { type Piece, splitMarkdown } from './split.ts'

/** Texts that go to the embeddings in one call; servers set limits of their own, commonly 2,048. */
const TEXTS_A_CALL = 96

interface Prepared {
  article: Article
  contentHash: string
  labels: string[]
  pieces: Piece[]
}

/** An article with its vectors; `failure` says why it has none. */
export interface EmbedResult {
  embedded: EmbeddedArticle
  failure?: string
}

/**
 * Splits and embeds articles, in order, several in one call of the embeddings. An article that cannot be embedded comes
 * out with empty vectors and no embedding's name, so that words find it and the next ingest tries again.
 */
export async function* embedArticles(
  articles: { article: Article; contentHash: string }[],
  embeddings: NamedEmbeddings,
): AsyncIterable<EmbedResult> {
  let group: Prepared[] = []
  let texts = 0
  for (const { article, contentHash } of articles) {
    const prepared = {
      article,
      contentHash,
      labels: [...new Set([article.title, ...article.aliases, ...article.questions])],
      pieces: await splitMarkdown(article.text, article.title),
    }
    const count = prepared.labels.length + prepared.pieces.length
    if (group.length > 0 && texts + count > TEXTS_A_CALL) {
      yield* embedGroup(group, embeddings)
      group = []
      texts = 0
    }
    group.push(prepared)
    texts += count
  }
  yield* embedGroup(group, embeddings)
}

async function* embedGroup(group: Prepared[], embeddings: NamedEmbeddings): AsyncIterable<EmbedResult> {
  const texts = group.flatMap(textsOf)
  let vectors: Float32Array[] = []
  let failure: string | undefined
  try {
    for (let start = 0; start < texts.length; start += TEXTS_A_CALL) {
      vectors.push(...(await embedSome(texts.slice(start, start + TEXTS_A_CALL), embeddings)))
      await nextTick()
    }
    if (vectors.some(({ length }) => length !== vectors[0]?.length)) throw new Error('vectors of different lengths')
  } catch (error) {
    failure = `${embeddings.name} failed: ${(error as Error).message}`
    vectors = []
  }
  let taken = 0
  for (const prepared of group) {
    const own = vectors.slice(taken, taken + textsOf(prepared).length)
    taken += own.length
    const embedded = assemble(prepared, own, failure ? '' : embeddings.name)
    yield failure ? { embedded, failure } : { embedded }
  }
}

async function embedSome(texts: string[], embeddings: NamedEmbeddings): Promise<Float32Array[]> {
  const vectors = await embeddings.embedDocuments(texts)
  if (vectors.length !== texts.length) throw new Error(`${vectors.length} vectors for ${texts.length} texts`)
  return vectors.map((values) => {
    if (values.length === 0 || !values.every(Number.isFinite)) throw new Error('a vector is not made of numbers')
    return Float32Array.from(values)
  })
}

function textsOf({ article, labels, pieces }: Prepared): string[] {
  return [...labels, ...pieces.map(({ headings, text }) => [article.title, ...headings, text].join('\n'))]
}

function assemble({ article, contentHash, labels, pieces }: Prepared, vectors: Float32Array[], embedding: string) {
  const vector = (index: number) => vectors[index] ?? new Float32Array(0)
  return {
    article,
    contentHash,
    embedding,
    labels: labels.map((text, index) => ({ text, vector: vector(index) })),
    passages: pieces.map((piece, ordinal) => ({ ...piece, ordinal, vector: vector(labels.length + ordinal) })),
  }
}
