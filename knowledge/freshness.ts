import type { Passage } from './passage.ts'

/** An article whose review has run out. */
export interface OverdueArticle {
  articleId: string
  title: string
  source: string
  /** ISO date up to which it was to be relied on. */
  reviewBy: string
}

/** The articles whose review has run out on an ISO date, longest ago first. */
export function overdueOn(
  day: string,
  articles: { id: string; title: string; source: string; reviewBy?: string | undefined }[],
): OverdueArticle[] {
  return articles
    .flatMap(({ id, title, source, reviewBy }) => (reviewBy ? [{ articleId: id, title, source, reviewBy }] : []))
    .filter(({ reviewBy }) => reviewBy < day)
    .sort((a, b) => (a.reviewBy < b.reviewBy ? -1 : a.reviewBy > b.reviewBy ? 1 : 0))
}

/**
 * How fresh a passage is on an ISO date, by name, for whoever reads it: since and until when it is valid, for whom, when
 * it was last changed (from its second version on: the first is as old as the store) or reviewed, and whether the
 * review has run out. Names are in a fixed order; what is not known is left out.
 */
export function freshnessOf(passage: Passage, day: string): Record<string, string> {
  const { validFrom, validTo, regions, plans, version, changedAt, reviewed, reviewBy } = passage
  return {
    ...(validFrom && { 'valid-from': validFrom }),
    ...(validTo && { 'valid-to': validTo }),
    ...(regions && { region: regions.join(', ') }),
    ...(plans && { plan: plans.join(', ') }),
    ...(version > 1 && changedAt && { changed: changedAt.slice(0, 10) }),
    ...(reviewed && { reviewed }),
    ...(reviewBy && reviewBy < day && { 'review-overdue-since': reviewBy }),
  }
}
