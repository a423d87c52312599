import type { VersionedArticle } from '../passage-store.ts'

/** What a building thread is started with. */
export interface BuildTask {
  /** Folder below which the segment gets one of its own. */
  below: string
  /** Folder of the segment to go on from; undefined: from nothing. */
  from: string | undefined
  /** Numbers of that segment's articles that are no more. */
  dead: number[]
  embedding: string
  revision: number
}

/** What a building thread says: that it is ready for articles, or where the segment is. */
export type FromBuilder = { kind: 'next' } | { kind: 'built'; folder: string }

/** What it is told: articles, or that there are no more. */
export type ToBuilder = { articles: VersionedArticle[] } | 'end'
