import { readFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { isSqliteOwned } from '../database/sqlite.ts'
import { AppError } from '../errors.ts'
import { serverNote } from '../main.ts'

/** The server that owns the SQLite file, and what lets this installation's commands in. */
export interface ServerAddress {
  url: string
  token: string
}

/**
 * The server that owns the configured SQLite file; undefined where nobody does, or where processes share a database.
 * @throws {AppError} when a process owns the file that answers no requests, such as a chat in another terminal
 */
export async function runningServer({ databaseUrl }: Config): Promise<ServerAddress | undefined> {
  const note = serverNote(databaseUrl)
  const path = databaseUrl.replace(/^file:/, '')
  if (!note || !isSqliteOwned(path)) return undefined
  try {
    return JSON.parse(await readFile(note, 'utf8'))
  } catch {
    throw new AppError('database.owned', 503, `Another Baton process has ${path} and is not serving yet. Try again.`)
  }
}
