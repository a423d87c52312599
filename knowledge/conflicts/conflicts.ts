import { setImmediate as nextTick } from 'node:timers/promises'
import type { Article } from '../passage.ts'
import { sharedCircumstances } from './circumstances.ts'
import { agree, type Quantity } from './quantities.ts'
import { type Statement, statementsOf, type Term } from './statements.ts'

/** Two articles that hold at the same time for the same customers and give different numbers for one thing. */
export interface Conflict {
  /** What the two sentences disagree on: `duration`, `money:EUR`, `percent`, `date`, `clock`, a unit or a count. */
  about: string
  first: { articleId: string; title: string; source: string; sentence: string }
  second: { articleId: string; title: string; source: string; sentence: string }
}

const ALIKE = 0.6
/** When each of the two speaks of something that the other does not. */
const ALIKE_DESPITE = 0.8
const ALIKE_STEPS = 0.9
/** Of more statements that share a word, only as many are held against each other: in a crowd a word tells little. */
const CROWD = 100
const SLICE_MS = 8

/**
 * The contradictions between articles, in the order of the articles. Whether two articles contradict each other depends
 * on these two alone. Meant to be believed: it stays silent when two sentences may be about different things.
 */
export async function findConflicts(articles: Article[]): Promise<Conflict[]> {
  const byId = new Map(articles.map((article) => [article.id, article]))
  const pause = createPause()
  const statements: Statement[] = []
  for (const article of articles) {
    statements.push(...statementsOf(article))
    await pause()
  }
  const found: Conflict[] = []
  const seen = new Set<string>()
  for await (const [a, b] of candidates(statements, pause)) {
    const [first, second] = [byId.get(a.articleId), byId.get(b.articleId)]
    if (!first || !second || !sharedCircumstances(first, second)) continue
    const about = disagreement(a, b)
    const key = [a.articleId, a.sentence, b.articleId, b.sentence].join('\n')
    if (about === undefined || seen.has(key)) continue
    seen.add(key)
    found.push({ about, first: side(first, a), second: side(second, b) })
  }
  return found
}

function side({ id, title, source }: Article, { sentence }: Statement) {
  return { articleId: id, title, source, sentence }
}

/**
 * Pairs of statements of different articles that can be alike enough: they share one of the first of each one's terms,
 * rarest first, without which the rest is too little (prefix filtering, Chaudhuri et al. 2006).
 */
async function* candidates(statements: Statement[], pause: () => Promise<void>): AsyncIterable<[Statement, Statement]> {
  const counts = new Map<string, number>()
  for (const { terms } of statements) for (const { stem } of terms) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  const index = new Map<string, Statement[]>()
  for (const statement of statements) {
    const earlier = new Set<Statement>()
    for (const key of keysOf(statement, counts)) {
      const bucket = index.get(key)
      if (!bucket) index.set(key, [statement])
      else {
        for (const other of bucket.slice(-CROWD)) if (other.articleId !== statement.articleId) earlier.add(other)
        bucket.push(statement)
      }
    }
    for (const other of earlier) {
      yield [other, statement]
      await pause()
    }
  }
}

function keysOf({ terms, quantities }: Statement, counts: Map<string, number>): string[] {
  const rarest = terms
    .filter(({ weight }) => weight === 1)
    .sort((a, b) => (counts.get(a.stem) ?? 0) - (counts.get(b.stem) ?? 0) || (a.stem < b.stem ? -1 : 1))
  const whole = weightOf(terms)
  const prefix: Term[] = []
  // The least share of one's own weight that two statements as alike as this have in common.
  const needed = (ALIKE / (2 - ALIKE)) * whole
  let left = whole
  for (const term of rarest) {
    if (left < needed) break
    prefix.push(term)
    left -= term.weight
  }
  const dimensions = new Set(quantities.map(({ dimension }) => dimension))
  return prefix.flatMap(({ stem }) => [...dimensions].map((dimension) => `${dimension} ${stem}`))
}

/** The dimension in which two statements about the same thing contradict each other, if they do. */
function disagreement(a: Statement, b: Statement): string | undefined {
  const dimension = a.quantities
    .map((quantity) => quantity.dimension)
    .find((one) => contradicts(of(a.quantities, one), of(b.quantities, one)))
  if (dimension === undefined) return undefined
  const saidToo =
    anyAgree(of(a.alsoSaid, dimension), of(b.quantities, dimension)) ||
    anyAgree(of(a.quantities, dimension), of(b.alsoSaid, dimension))
  return !saidToo && sameSubject(a, b) && sameConditions(a, b, dimension) ? dimension : undefined
}

function of(quantities: Quantity[], dimension: string): Quantity[] {
  return quantities.filter((quantity) => quantity.dimension === dimension)
}

function contradicts(a: Quantity[], b: Quantity[]): boolean {
  return a.length > 0 && b.length > 0 && !anyAgree(a, b)
}

function anyAgree(a: Quantity[], b: Quantity[]): boolean {
  return a.some((one) => b.some((other) => agree(one, other)))
}

function sameSubject(a: Statement, b: Statement): boolean {
  const [stemsA, stemsB] = [stemsOf(a.terms), stemsOf(b.terms)]
  const shared = a.terms.filter(({ stem }) => stemsB.has(stem))
  const sharedFull = shared.filter(({ weight }) => weight === 1)
  if (sharedFull.length === 0) return false
  const onlyA = a.terms.filter(({ stem }) => !stemsB.has(stem))
  const onlyB = b.terms.filter(({ stem }) => !stemsA.has(stem))
  const looseA = onlyA.filter(({ stem }) => !b.around.has(stem))
  const looseB = onlyB.filter(({ stem }) => !a.around.has(stem))
  const loose = [...looseA, ...looseB]
  if (loose.some(({ isCondition }) => isCondition)) return false
  // "The check takes …": only the titles tell whether it is the same check.
  const onlyOne = sharedFull.length === 1
  if (onlyOne && [...onlyA, ...onlyB].some(({ weight }) => weight === 1)) return false
  if (onlyOne && !haveCommon(a.titles, b.titles) && (a.isDefinite || b.isDefinite)) return false
  if (isContrast(a, b, stemsA, stemsB)) return false
  const alike = (2 * weightOf(shared)) / (weightOf(a.terms) + weightOf(b.terms))
  if (a.isStep && b.isStep && (alike < ALIKE_STEPS || sharedFull.length < 2)) return false
  const both = looseA.some(({ weight }) => weight === 1) && looseB.some(({ weight }) => weight === 1)
  return alike >= (both ? ALIKE_DESPITE : ALIKE)
}

/** "Express delivery" and "standard delivery": one word before the same word in each, unknown to the other. */
function isContrast(a: Statement, b: Statement, stemsA: Set<string>, stemsB: Set<string>): boolean {
  const beforeB = new Map(b.terms.map(({ stem, before }) => [stem, before]))
  return a.terms.some(({ stem, before }) => {
    const other = beforeB.get(stem)
    return before && other && before !== other && !stemsB.has(before) && !stemsA.has(other)
  })
}

/** What title and headings bind the one to holds for the other, and no other number makes the difference. */
function sameConditions(a: Statement, b: Statement, dimension: string): boolean {
  const known = (of: Statement) => new Set([...of.around, ...of.terms.map(({ stem }) => stem)])
  const [knownA, knownB] = [known(a), known(b)]
  if ([...a.aroundOnly].some((stem) => !knownB.has(stem))) return false
  if ([...b.aroundOnly].some((stem) => !knownA.has(stem))) return false
  const others = new Set([...a.quantities, ...b.quantities].map((quantity) => quantity.dimension))
  others.delete(dimension)
  return [...others].every((other) => {
    const [ofA, ofB] = [of(a.quantities, other), of(b.quantities, other)]
    return ofA.length === 0 || ofB.length === 0 ? !/^(date|money)/.test(other) : anyAgree(ofA, ofB)
  })
}

function stemsOf(terms: Term[]): Set<string> {
  return new Set(terms.map(({ stem }) => stem))
}

function haveCommon(a: Set<string>, b: Set<string>): boolean {
  return [...a].some((stem) => b.has(stem))
}

function weightOf(terms: Term[]): number {
  return terms.reduce((sum, { weight }) => sum + weight, 0)
}

/** Lets others have their turn now and then. */
function createPause(): () => Promise<void> {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < SLICE_MS) return
    await nextTick()
    since = performance.now()
  }
}
