import * as z from 'zod'
import type { Article } from '../passage.ts'

const word = z.string().trim().min(1)
const day = z.iso.date('must be a date as 2026-01-31')
const names = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(word.toLowerCase()).min(1, 'name at least one, or leave it out').optional(),
)

/** What an article may say about itself, in whichever format. */
export const ARTICLE_FIELDS = {
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

/** A check of the fields together: an article that ends before it begins is a mistake. */
export const VALID_IN_ORDER = [
  ({ validFrom, validTo }: { validFrom?: string | undefined; validTo?: string | undefined }) =>
    !validFrom || !validTo || validFrom <= validTo,
  { path: ['validTo'], message: 'lies before validFrom' },
] as const satisfies [unknown, { path: PropertyKey[]; message: string }]

/** The fields under the names that articles have them by. */
export function namedFields<F extends { region?: string[] | undefined; plan?: string[] | undefined }>(
  fields: F,
): Omit<F, 'region' | 'plan'> & Pick<Article, 'regions' | 'plans'> {
  const { region, plan, ...others } = fields
  return { ...others, regions: region, plans: plan }
}
