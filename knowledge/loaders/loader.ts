import type { Article } from '../passage.ts'
import type { DocumentReader } from './document-reader.ts'

/** Something that could not be read, in words for the person who can mend it. */
export interface Problem {
  /** The file, with the line where there is one. */
  source: string
  problem: string
}

/** What a file holds: its articles, and what was wrong with the rest of it. */
export interface LoadedFile {
  articles: Article[]
  problems: Problem[]
}

/** A file to load: its bytes, its path for people, and the id of its article where it holds only one. */
export interface SourceFile {
  bytes: Uint8Array
  source: string
  id: string
  /** What a file beside it says about the article, for formats that cannot say it themselves. */
  notes?: Record<string, unknown> | undefined
}

/** Reads one kind of file. What is wrong with a part of it is in `problems`; throws when nothing could be read. */
export type Loader = (file: SourceFile, documents: DocumentReader) => Promise<LoadedFile>
