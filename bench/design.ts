import { statSync } from 'node:fs'
import type { Specialist } from '../graphs/specialist.ts'
import type { Conversation } from './conversation.ts'
import type { ScriptedModel } from './scripted-model.ts'

/** When LangGraph writes checkpoints: `async` is the library's own default, `sync` survives a kill. */
export type Durability = 'async' | 'sync'

/** What every design is built from; the same objects' content for all of them. */
export interface DesignParts {
  /** Path of a database file, ending in `.db`, in an empty folder; a design may put further files beside it. */
  file: string
  durability: Durability
  /** Folder of the articles, for a design that brings its own search. */
  articles: string
  specialists: Specialist[]
  conversation: Conversation
  model: ScriptedModel
}

/** A design that is open and holds its database. */
export interface OpenDesign {
  /** Processes one customer message and resolves with the text that the customer reads. */
  turn(threadId: string, text: string): Promise<string>
  /** Moves the write-ahead log into the database and resolves with the bytes that the conversations take. */
  bytesStored(): Promise<number>
  close(): Promise<void>
}

/** A way to orchestrate the specialists. */
export interface Design {
  name: string
  open(parts: DesignParts): Promise<OpenDesign>
}

/** Bytes of a SQLite database with its write-ahead log; files that do not exist count nothing. */
export function bytesOf(...files: string[]): number {
  return files
    .flatMap((file) => [file, `${file}-wal`])
    .reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
}
