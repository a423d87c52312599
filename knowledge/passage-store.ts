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
  /** ISO timestamp at which this version came in; undefined where that was before the store kept count. */
  changedAt?: string | undefined
}

/** An article as a reply may have cited it, with the text of that version. */
export interface ArticleVersion {
  article: Omit<Article, 'aliases' | 'questions' | 'text' | 'reviewed' | 'reviewBy'>
  version: number
  changedAt?: string | undefined
  /** ISO timestamp at which another version took its place or the article went; undefined: it still stands. */
  supersededAt?: string | undefined
  passages: Omit<EmbeddedPassage, 'vector'>[]
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
  reviewed?: string | undefined
  reviewBy?: string | undefined
}

/** The last thing that happened to an article. */
export interface ArticleChange {
  id: string
  revision: number
  contentHash: string
  removed: boolean
}

/** Where articles and their passages live. Its rows are the truth; every index is made from them. */
export interface PassageStore {
  /** Grows with every change of any article, by whichever process; cheap to ask. */
  revision(): Promise<number>
  /** Articles written or removed after a revision, in the order of their revisions, at most `limit` of them. */
  changes(since: number, limit: number): Promise<ArticleChange[]>
  /** Every article, by id. */
  articles(): Promise<ArticleSummary[]>
  /** Those of the named articles that exist, in no particular order. */
  load(ids: string[]): Promise<VersionedArticle[]>
  /** As `load`, without what only a search needs: cheap also for very many. */
  texts(ids: string[]): Promise<Article[]>
  /** One version of an article, the present one or one before it, also of an article that is gone. */
  version(id: string, version: number): Promise<ArticleVersion | undefined>
  /**
   * Puts the article in place of what was stored under its id, in one transaction; returns its version. Content that
   * did not change keeps its version, so new vectors are not a new version. The text of the version before is kept.
   */
  replaceArticle(article: EmbeddedArticle): Promise<number>
  /** Removes the article from what is searched, in one transaction, and keeps its text; false if there was none. */
  removeArticle(id: string): Promise<boolean>
}
