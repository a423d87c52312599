import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { AppError } from '../errors.ts'

/** A file that a command was given. @throws {AppError} that names it */
export async function readInput(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'ENOENT' ? 'there is no such file' : error.code === 'EISDIR' ? 'it is a folder' : error.message
    throw new AppError('input.unreadable', 400, `${path}: ${why}`)
  })
}

/** Reads JSONL; lines that are not as they must be are named with their number, the rest goes on. */
export function parseJsonLines<T>(text: string, schema: z.ZodType<T>): { rows: T[]; problems: string[] } {
  const rows: T[] = []
  const problems: string[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const parsed = parse(line)
    const checked = schema.safeParse(parsed)
    if (checked.success) rows.push(checked.data)
    else problems.push(`line ${i + 1}: ${parsed === undefined ? 'this is not JSON' : explain(checked.error)}`)
  }
  return { rows, problems }
}

function explain({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; ')
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
