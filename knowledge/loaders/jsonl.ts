import * as z from 'zod'
import type { LoadedFile, Loader } from './loader.ts'
import { explain } from './problems.ts'

const row = z.object({
  id: z.string().trim().min(1),
  title: z.string().trim().min(1),
  text: z.string().trim().min(1),
  scope: z.string().trim().min(1).default('shared'),
  language: z.string().trim().min(2).default('en'),
  aliases: z.array(z.string().trim().min(1)).default([]),
  questions: z.array(z.string().trim().min(1)).default([]),
})

/** Reads one article a line, `{ id, title, text, scope? }`; a broken line does not stop the others. */
export const loadJsonl: Loader = ({ text, source }) => {
  const loaded: LoadedFile = { articles: [], problems: [] }
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    const read = readRow(line)
    if (typeof read === 'string') loaded.problems.push({ source: `${source}:${index + 1}`, problem: read })
    else loaded.articles.push({ ...read, source })
  }
  return loaded
}

function readRow(line: string): z.infer<typeof row> | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (error) {
    return `not JSON: ${(error as Error).message}`
  }
  const read = row.safeParse(value)
  return read.success ? read.data : explain(read.error)
}
