import * as z from 'zod'
import type { Article } from '../passage.ts'
import type { LoadedFile, SourceFile } from './loader.ts'
import { explain } from './problems.ts'

const word = z.string().trim().min(1)
const day = z.iso.date('must be a date as 2026-01-31')
const names = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(word.toLowerCase()).min(1, 'name at least one, or leave it out').optional(),
)

const FIELDS = {
  scope: word.optional(),
  language: z.string().trim().min(2).default('en'),
  aliases: z.array(word).default([]),
  questions: z.array(word).default([]),
  validFrom: day.optional(),
  validTo: day.optional(),
  region: names,
  plan: names,
  reviewed: day.optional(),
  reviewBy: day.optional(),
}
const isInOrder = ({ validFrom, validTo }: { validFrom?: string | undefined; validTo?: string | undefined }) =>
  !validFrom || !validTo || validFrom <= validTo
const order = { path: ['validTo'], message: 'lies before validFrom' }

const document = z.strictObject({ title: word.optional(), ...FIELDS }).refine(isInOrder, order)
const row = z.object({ id: word, title: word, text: word, ...FIELDS }).refine(isInOrder, order)

/**
 * The article of a file that holds one. Without a title it is the first heading; without a scope the first folder, or
 * `shared` outside of any. Notes beside the file win over what it says itself.
 * @throws {Error} in words for people, naming every field that is wrong
 */
export function articleFrom(
  { id, source, notes }: SourceFile,
  { given, text, title: found }: { given: unknown; text: string; title?: string | undefined },
): LoadedFile {
  const read = document.safeParse(isRecord(given) ? { ...given, ...notes } : given)
  if (!read.success) throw new Error(explain(read.error))
  const title = read.data.title ?? found ?? /^#\s+(.+?)\s*#*\s*$/m.exec(text)?.[1]
  if (title === undefined) throw new Error('title: give one in the front matter or as the first heading')
  if (text.replace(/^#.*$/gm, '').trim() === '') throw new Error('the article has no text')
  const scope = read.data.scope ?? (id.includes('/') ? id.slice(0, id.indexOf('/')) : 'shared')
  return { articles: [{ ...namedFields(read.data), id, scope, title, text, source }], problems: [] }
}

/**
 * The article of a row.
 * @throws {Error} in words for people, naming every field that is wrong
 */
export function articleOfRow(value: unknown, source: string): Article {
  const read = row.safeParse(value)
  if (!read.success) throw new Error(explain(read.error))
  return { ...namedFields(read.data), scope: read.data.scope ?? 'shared', source }
}

/** The fields under the names that articles have them by. */
function namedFields<F extends { region?: string[] | undefined; plan?: string[] | undefined }>(fields: F) {
  const { region, plan, ...others } = fields
  return { ...others, regions: region, plans: plan }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
