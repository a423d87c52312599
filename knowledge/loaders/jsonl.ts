import * as z from 'zod'
import { ARTICLE_FIELDS, namedFields, VALID_IN_ORDER } from './fields.ts'
import type { LoadedFile, Loader } from './loader.ts'
import { explain } from './problems.ts'

const word = z.string().trim().min(1)
const row = z
  .object({ id: word, title: word, text: word, ...ARTICLE_FIELDS, scope: word.default('shared') })
  .refine(...VALID_IN_ORDER)

/** Reads one article a line, `{ id, title, text, scope? … }`; a broken line does not stop the others. */
export const loadJsonl: Loader = ({ text, source }) => {
  const loaded: LoadedFile = { articles: [], problems: [] }
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    const read = readRow(line)
    if (typeof read === 'string') loaded.problems.push({ source: `${source}:${index + 1}`, problem: read })
    else loaded.articles.push({ ...namedFields(read), source })
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
