import type { Article } from './passage.ts'

/** A text people may ask with (title, alias or question of an article) and its vector. */
export interface EmbeddedLabel {
  text: string
  vector: Float32Array
}

/** A piece of an article and its vector. */
export interface EmbeddedPassage {
  ordinal: number
  headings: string[]
  text: string
  vector: Float32Array
}

/** All that is stored of an article. */
export interface EmbeddedArticle {
  article: Article
  /** Changes exactly when the article's content changes. */
  contentHash: string
  /** The name of the embeddings that made the vectors. */
  embedding: string
  labels: EmbeddedLabel[]
  passages: EmbeddedPassage[]
}

/** An article of the store with its version: grows by one with each change of content, also over a removal. */
export interface VersionedArticle extends EmbeddedArticle {
  version: number
  /** The store's revision when the article was last written. */
  revision: number
}

/** What tells whether an article must be loaded or made anew, without its texts. */
export interface ArticleSummary {
  id: string
  scope: string
  title: string
  source: string
  version: number
  revision: number
  contentHash: string
  embedding: string
}

/** Where articles and their passages live. Its rows are the truth; every index is made from them. */
export interface PassageStore {
  /** Grows with every change of any article, by whichever process; cheap to ask. */
  revision(): Promise<number>
  /** Every article, by id. */
  articles(): Promise<ArticleSummary[]>
  /** Those of the named articles that exist, in no particular order. */
  load(ids: string[]): Promise<VersionedArticle[]>
  /**
   * Puts the article in place of what was stored under its id, in one transaction; returns its version. Content that
   * did not change keeps its version, so new vectors are not a new version.
   */
  replaceArticle(article: EmbeddedArticle): Promise<number>
  /** Removes the article and its passages in one transaction; false if there was none. */
  removeArticle(id: string): Promise<boolean>
}
