import type { Article, SearchOptions } from './passage.ts'

/** When and for whom something must hold. */
export interface Circumstances {
  /** ISO date. */
  day: string
  region?: string | undefined
  plan?: string | undefined
  language?: string | undefined
}

/** What decides whether an article applies; every passage carries the same. */
export type Applicable = Pick<Article, 'validFrom' | 'validTo' | 'regions' | 'plans' | 'language'>

/**
 * The circumstances that a search asks for; the day is today in UTC unless told.
 * @throws {RangeError} when `asOf` is neither an ISO date nor a timestamp
 */
export function circumstancesOf({ asOf, region, plan, language }: SearchOptions, now: Date): Circumstances {
  return {
    day: asOf === undefined ? now.toISOString().slice(0, 10) : dayOf(asOf),
    region: region?.toLowerCase(),
    plan: plan?.toLowerCase(),
    language: language === undefined ? undefined : baseOf(language),
  }
}

/**
 * Whether an article holds in these circumstances: valid on the day, both ends inclusive; not bound to other regions or
 * plans; in the language, where one is asked for. What is not asked for is not looked at. Depends on the article's
 * fields alone, so all its passages share the answer.
 */
export function applies({ validFrom, validTo, regions, plans, language }: Applicable, to: Circumstances): boolean {
  if (validFrom !== undefined && to.day < validFrom) return false
  if (validTo !== undefined && validTo < to.day) return false
  const { region, plan } = to
  if (region !== undefined && regions && !regions.some((wide) => covers(wide, region))) return false
  if (plan !== undefined && plans && !plans.includes(plan)) return false
  return to.language === undefined || baseOf(language) === to.language
}

/** Whether a region is another one or contains it, as `de` contains `de-by`. */
export function covers(wide: string, region: string): boolean {
  return region === wide || region.startsWith(`${wide}-`)
}

/**
 * The day of an ISO date or timestamp, in UTC.
 * @throws {RangeError} when it is neither
 */
export function dayOf(moment: string): string {
  const at = /^\d{4}-\d{2}-\d{2}($|T)/.test(moment) ? new Date(moment) : undefined
  // JavaScript reads 30 February as 2 March.
  const day = at && !Number.isNaN(at.getTime()) ? at.toISOString().slice(0, 10) : undefined
  if (day === undefined || (moment.length === 10 && day !== moment))
    throw new RangeError(`${moment} is neither a date as 2026-01-31 nor a timestamp`)
  return day
}

function baseOf(language: string): string {
  return language.toLowerCase().split('-')[0] ?? ''
}
