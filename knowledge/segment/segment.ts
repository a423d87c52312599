import type { LexicalIndex } from '../lexical-index.ts'
import type { Passage } from '../passage.ts'
import type { VectorIndex } from '../vector-index.ts'
import type { VectorMatrix } from './vector-matrix.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What a search must know of an article before it reads its texts. */
export interface ArticleFacts extends Omit<Passage, 'id' | 'headings' | 'text' | 'ordinal'> {
  /** The store's revision when the article was last written. */
  revision: number
  contentHash: string
  /** The number of its first passage; the others follow it. */
  firstPassage: number
  passages: number
  firstLabel: number
  labels: number
  /** Where its texts begin, in bytes, and how long they are. */
  textsAt: number
  textsBytes: number
}

/** The texts of an article, as a search needs them. */
export interface ArticleTexts {
  /** Title, aliases and questions. */
  labels: string
  passages: { headings: string[]; text: string }[]
}

/**
 * Articles that are searched together, never changed once built. Articles, passages and labels have numbers from 0; in
 * the vector indexes a passage has twice its number and a label twice its number and one.
 */
export interface Segment {
  /** By number; undefined where an article was taken out. */
  articles: (ArticleFacts | undefined)[]
  numbers: Map<string, number>
  articleOfPassage: Uint32Array
  articleOfLabel: Uint32Array
  /** Of its vectors; 0 without any. */
  dimensions: number
  passageVectors: VectorMatrix
  labelVectors: VectorMatrix
  lexical: LexicalIndex
  vocabulary: Vocabulary
  /** One index a scope. */
  scopes: Map<string, VectorIndex<number>>
  /** The index of everything; undefined where there is so little that all scopes' are searched instead. */
  everything: VectorIndex<number> | undefined
  /** Scopes with so large a part of the articles that the index of everything serves them too. */
  largeScopes: Set<string>
  read(article: number): Promise<ArticleTexts>
  close(): void
}

/** The number of a passage's entry in a vector index. */
export function passageEntry(passage: number): number {
  return passage * 2
}

/** The number of a label's entry in a vector index. */
export function labelEntry(label: number): number {
  return label * 2 + 1
}

/** Whether an entry is a passage's or a label's, and its number there. */
export function entryOf(entry: number): { kind: 'passage' | 'label'; number: number } {
  return { kind: entry % 2 === 0 ? 'passage' : 'label', number: entry >>> 1 }
}
