import type { z } from 'zod'

/** Reads JSONL; lines that are not as they must be are named with their number, the rest goes on. */
export function parseJsonLines<T>(text: string, schema: z.ZodType<T>): { rows: T[]; problems: string[] } {
  const rows: T[] = []
  const problems: string[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const parsed = schema.safeParse(parse(line))
    if (parsed.success) rows.push(parsed.data)
    else
      problems.push(
        `line ${i + 1}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join('; ')}`,
      )
  }
  return { rows, problems }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
