import { applies, type Circumstances } from './applies.ts'
import type { LexicalScores, WantedTerm } from './lexical-index.ts'
import type { ScoredPassage } from './passage.ts'
import { termsOf } from './segment/postings.ts'
import { type ArticleFacts, entryOf, type Segment } from './segment/segment.ts'
import { unit } from './segment/unit.ts'
import { similarityTo } from './segment/vector-matrix.ts'
import type { Snapshot, View } from './snapshot.ts'
import { readQuery, supportOf } from './support.ts'

/** A search with everything it needs decided. */
export interface SearchPlan {
  query: string
  /** The query's vector; undefined: search by words alone. */
  vector: Float32Array | undefined
  /** Scopes to look in; undefined: all. */
  scopes: string[] | undefined
  limit: number
  /** In which the passages must hold. */
  circumstances: Circumstances
}

const WEIGHTS = { words: 1, labels: 1, text: 0.5 }
const PARTS = ['words', 'labels', 'text'] as const
const CANDIDATES = 60
/** However many passages do not apply, no search looks further than this. */
const MOST_CANDIDATES = 4096

/** Similarities are scaled to no less than this: the best of nothing similar is still nothing. */
const LEAST_BEST = 0.2

const CONCEPT_BOOST = 0.5
/** A term of more passages than this share is skipped in a large base, where counting it costs more than it tells. */
const COMMON_SHARE = 0.1
const LARGE_BASE = 5000

interface Candidate {
  segment: Segment
  facts: ArticleFacts
  passage: number
  words: number
  labels: number
  text: number
}

/**
 * The passages that fit best, best first. Three rankings (words by BM25+, nearness of titles and questions, nearness of
 * texts), each scaled to its best, are added up; see Fox and Shaw's CombSUM (1994).
 */
export async function searchSnapshot(snapshot: Snapshot, plan: SearchPlan): Promise<ScoredPassage[]> {
  const terms = wantedTerms(snapshot, plan.query)
  const found: Candidate[] = []
  for (const view of snapshot.views) found.push(...(await gather(view, plan, terms, snapshot)))
  const query = readQuery(plan.query, snapshot.statistics.weight)
  const usual = plan.vector && usualSimilarity(snapshot, plan.vector)
  const best = rank(found, plan.vector !== undefined).slice(0, plan.limit)
  return Promise.all(
    best.map(async ({ candidate: { segment, facts, passage, labels, text }, score }) => {
      const read = await passageAt(segment, passage)
      const near = usual !== undefined && hasVector(segment, passage)
      const nearness = near ? clamp((Math.max(labels, text) - usual) / (1 - usual)) : undefined
      const covering = `${read.labels}\n${read.passage.headings.join('\n')}\n${read.passage.text}`
      return { ...passageOf(facts, passage, read.passage), score, support: supportOf(query, covering, nearness) }
    }),
  )
}

async function passageAt(segment: Segment, passage: number) {
  const article = segment.articleOfPassage[passage] ?? -1
  const texts = await segment.read(article)
  const ordinal = passage - (segment.articles[article]?.firstPassage ?? 0)
  return { labels: texts.labels, passage: texts.passages[ordinal] ?? { headings: [], text: '' } }
}

/** The passage of an article with that ordinal, as a search gives it, not scored. */
export async function readPassage(snapshot: Snapshot, articleId: string, ordinal: number) {
  for (const { segment, dead } of snapshot.views) {
    const number = segment.numbers.get(articleId)
    const facts = number === undefined ? undefined : segment.articles[number]
    if (number === undefined || !facts || dead[number] === 1 || ordinal >= facts.passages) continue
    const passage = facts.firstPassage + ordinal
    return passageOf(facts, passage, (await passageAt(segment, passage)).passage)
  }
  return undefined
}

function passageOf(facts: ArticleFacts, passage: number, { headings, text }: { headings: string[]; text: string }) {
  const { articleId, version, scope, title, language, validFrom, validTo } = facts
  const { regions, plans, reviewed, reviewBy, changedAt } = facts
  const ordinal = passage - facts.firstPassage
  const who = { id: `${articleId}#${ordinal}`, articleId, version, scope, title, headings, text, ordinal, language }
  return { ...who, validFrom, validTo, regions, plans, reviewed, reviewBy, changedAt }
}

function wantedTerms({ statistics }: Snapshot, query: string): WantedTerm[] {
  const all = [...new Set(termsOf(query))]
  const large = statistics.passages >= LARGE_BASE
  const telling = large ? all.filter((term) => statistics.frequency(term) < statistics.passages * COMMON_SHARE) : all
  const terms = telling.length > 0 ? telling : all
  return terms.map((term) => ({ term, boost: term.startsWith('~') ? CONCEPT_BOOST : 1 }))
}

async function gather(view: View, plan: SearchPlan, terms: WantedTerm[], snapshot: Snapshot): Promise<Candidate[]> {
  const { segment } = view
  const accepts = acceptor(view, plan)
  const total = segment.articleOfPassage.length
  let wanted = Math.max(CANDIDATES, plan.limit * 4)
  for (;;) {
    const near = await nearest(segment, plan, wanted)
    // Not before what is awaited: the scores hold until the next search.
    const words = segment.lexical.score(terms, snapshot.statistics)
    const passages = new Set(near.filter(accepts))
    for (const { passage } of words.best(wanted, accepts)) passages.add(passage)
    // Passages that do not apply may have taken the places of those that do.
    if (passages.size >= plan.limit || wanted >= total || wanted >= MOST_CANDIDATES)
      return [...passages].map(compareWith(view, plan.vector, words))
    wanted *= 4
  }
}

function acceptor({ segment, dead }: View, { scopes, circumstances }: SearchPlan): (passage: number) => boolean {
  const known = new Map<number, boolean>()
  const accepted = (article: number) => {
    const facts = segment.articles[article]
    if (!facts || dead[article] === 1) return false
    return (scopes === undefined || scopes.includes(facts.scope)) && applies(facts, circumstances)
  }
  return (passage) => {
    const article = segment.articleOfPassage[passage] ?? -1
    let answer = known.get(article)
    if (answer === undefined) {
      answer = accepted(article)
      known.set(article, answer)
    }
    return answer
  }
}

/** The passages nearest by their texts, and those of the articles nearest by a label. */
async function nearest(segment: Segment, { vector, scopes }: SearchPlan, wanted: number): Promise<number[]> {
  if (!vector || vector.length !== segment.dimensions) return []
  const passages: number[] = []
  for (const id of await nearestEntries(segment, vector, scopes, wanted)) {
    const { kind, number } = entryOf(id)
    if (kind === 'passage') passages.push(number)
    else {
      const facts = segment.articles[segment.articleOfLabel[number] ?? -1]
      for (let ordinal = 0; facts && ordinal < facts.passages; ordinal += 1) passages.push(facts.firstPassage + ordinal)
    }
  }
  return passages
}

/** The entries of the vector indexes that are nearest in the scopes; undefined: in all. */
export async function nearestEntries(
  segment: Segment,
  vector: Float32Array,
  scopes: string[] | undefined,
  wanted: number,
) {
  const entries: number[] = []
  for (const index of indexesFor(segment, scopes))
    for (const { id } of await index.search(vector, wanted)) entries.push(id)
  return entries
}

/** What is near in the index of everything and in one of the scopes is near in the scopes. */
function indexesFor({ everything, largeScopes, scopes: indexes }: Segment, scopes: string[] | undefined) {
  const isLarge = scopes === undefined || scopes.some((scope) => largeScopes.has(scope))
  if (everything && isLarge) return [everything]
  return [...new Set(scopes ?? indexes.keys())].flatMap((scope) => indexes.get(scope) ?? [])
}

function compareWith({ segment }: View, vector: Float32Array | undefined, words: LexicalScores) {
  const { articles, articleOfPassage, dimensions, labelVectors, passageVectors } = segment
  const query = vector?.length === dimensions ? vector : undefined
  const byArticle = new Map<number, number>()
  const labelSimilarity = (article: number, { firstLabel, labels }: ArticleFacts) => {
    let best = byArticle.get(article)
    if (best === undefined) {
      best = 0
      for (let label = firstLabel; query && label < firstLabel + labels; label += 1)
        best = Math.max(best, similarityTo(labelVectors, label, query))
      byArticle.set(article, best)
    }
    return best
  }
  return (passage: number): Candidate => {
    const article = articleOfPassage[passage] as number
    const facts = articles[article] as ArticleFacts
    return {
      segment,
      facts,
      passage,
      words: words.of(passage),
      labels: labelSimilarity(article, facts),
      text: query ? Math.max(0, similarityTo(passageVectors, passage, query)) : 0,
    }
  }
}

function hasVector({ passageVectors }: Segment, passage: number): boolean {
  return (passageVectors.scales[passage] ?? 0) > 0
}

function rank(candidates: Candidate[], withVectors: boolean): { candidate: Candidate; score: number }[] {
  const best = { words: 0, labels: LEAST_BEST, text: LEAST_BEST }
  for (const candidate of candidates) {
    for (const part of PARTS) best[part] = Math.max(best[part], candidate[part])
  }
  const scoreOf = (candidate: Candidate) => {
    // One without a vector is judged by what it has.
    const parts = withVectors && hasVector(candidate.segment, candidate.passage) ? PARTS : (['words'] as const)
    const whole = parts.reduce((sum, part) => sum + WEIGHTS[part], 0)
    return parts.reduce((sum, part) => sum + WEIGHTS[part] * (candidate[part] / (best[part] || 1)), 0) / whole
  }
  return candidates
    .map((candidate) => ({ candidate, score: scoreOf(candidate) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || compareIds(a.candidate, b.candidate))
}

function compareIds(a: Candidate, b: Candidate): number {
  if (a.facts.articleId !== b.facts.articleId) return a.facts.articleId < b.facts.articleId ? -1 : 1
  return a.passage - b.passage
}

/** How similar the query is to passages in general: embeddings differ in what they give to strangers. */
function usualSimilarity({ sample }: Snapshot, vector: Float32Array): number {
  const comparable = sample.filter(({ segment }) => segment.dimensions === vector.length)
  const sum = comparable.reduce(
    (total, { segment, passage }) => total + similarityTo(segment.passageVectors, passage, vector),
    0,
  )
  return comparable.length === 0 ? 0 : Math.min(0.99, Math.max(0, sum / comparable.length))
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** The unit vector of a query as the indexes compare it. */
export function queryVector(values: number[]): Float32Array {
  return unit(Float32Array.from(values))
}
