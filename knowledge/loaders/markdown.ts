import { parse } from 'yaml'
import * as z from 'zod'
import { ARTICLE_FIELDS, namedFields, VALID_IN_ORDER } from './fields.ts'
import type { Loader } from './loader.ts'
import { explain } from './problems.ts'

const frontMatter = z
  .strictObject({ title: z.string().trim().min(1).optional(), ...ARTICLE_FIELDS })
  .refine(...VALID_IN_ORDER)

/**
 * Reads Markdown with YAML front matter. Without a `title` the first heading is the title; without a `scope` the first
 * folder is, or `shared` outside of any.
 */
export const loadMarkdown: Loader = ({ text, source, id }) => {
  const fail = (problem: string) => ({ articles: [], problems: [{ source, problem }] })
  const { head, body } = partsOf(text)
  if (head === undefined) return fail('the front matter is opened with --- but never closed')
  let values: unknown
  try {
    values = parse(head) ?? {}
  } catch (error) {
    return fail(`the front matter is not YAML: ${(error as Error).message.split('\n')[0]}`)
  }
  const read = frontMatter.safeParse(values)
  if (!read.success) return fail(explain(read.error))
  const title = read.data.title ?? /^#\s+(.+?)\s*#*\s*$/m.exec(body)?.[1]
  if (title === undefined) return fail('title: give one in the front matter or as the first heading')
  if (body.replace(/^#.*$/gm, '').trim() === '') return fail('the article has no text')
  const scope = read.data.scope ?? (id.includes('/') ? id.slice(0, id.indexOf('/')) : 'shared')
  return { articles: [{ ...namedFields(read.data), id, scope, title, text: body, source }], problems: [] }
}

function partsOf(text: string): { head: string | undefined; body: string } {
  const plain = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  if (!/^---[ \t]*\n/.test(plain)) return { head: '', body: plain.trim() }
  const match = /^---[ \t]*\n([\s\S]*?)^---[ \t]*$/m.exec(plain)
  return { head: match?.[1], body: match ? plain.slice(match[0].length).trim() : '' }
}
