import type { Article } from '../passage.ts'

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

/** A file to load: its text, its path for people, and the id of its article where it holds only one. */
export interface SourceFile {
  text: string
  source: string
  id: string
}

/** Reads one kind of file. Does not throw: what is wrong is in `problems`. */
export type Loader = (file: SourceFile) => LoadedFile
