import { covers } from '../applies.ts'
import type { Article } from '../passage.ts'

/**
 * Whether some customer may be answered from both articles at once, and neither is an exception to the other: valid on
 * a common day, in one language, for regions that meet and plans in common. An article for one region or plan beside
 * one for all of them is taken for an intended exception.
 */
export function sharedCircumstances(a: Article, b: Article): boolean {
  return (
    (a.validFrom ?? '') <= (b.validTo ?? '9999') &&
    (b.validFrom ?? '') <= (a.validTo ?? '9999') &&
    baseOf(a.language) === baseOf(b.language) &&
    meet(a.regions, b.regions, covers) &&
    meet(a.plans, b.plans, (one, other) => one === other)
  )
}

function meet(a: string[] | undefined, b: string[] | undefined, has: (one: string, other: string) => boolean): boolean {
  if (!a || !b) return a === b
  return a.some((one) => b.some((other) => has(one, other) || has(other, one)))
}

function baseOf(language: string): string {
  return language.toLowerCase().split('-')[0] ?? ''
}
