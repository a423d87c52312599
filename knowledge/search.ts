import { applies, type Circumstances } from './applies.ts'
import type { ScoredPassage } from './passage.ts'
import { dot, type IndexedPassage, type Snapshot, unit } from './snapshot.ts'
import { readQuery, supportOf } from './support.ts'

/** A search with everything it needs decided. */
export interface SearchPlan {
  query: string
  /** The query's vector; undefined: search by words alone. */
  vector: Float32Array | undefined
  /** Scopes to look in; undefined: all. */
  scopes: string[] | undefined
  limit: number
  /** When and for whom passages must hold. */
  circumstances: Circumstances
}

const WEIGHTS = { words: 1, labels: 1, text: 0.5 }
const PARTS = ['words', 'labels', 'text'] as const
const CANDIDATES = 60

/** Similarities are scaled to no less than this: the best of nothing similar is still nothing. */
const LEAST_BEST = 0.2

interface Candidate {
  item: IndexedPassage
  words: number
  labels: number
  text: number
}

/**
 * The passages that fit best, best first. Three rankings (words by BM25+, nearness of titles and questions, nearness of
 * texts), each scaled to its best, are added up; see Fox and Shaw's CombSUM (1994).
 */
export async function searchSnapshot(snapshot: Snapshot, plan: SearchPlan): Promise<ScoredPassage[]> {
  const candidates = await gather(snapshot, plan)
  const query = readQuery(plan.query, snapshot.words.weight)
  const usual = plan.vector && usualSimilarity(snapshot, plan.vector)
  return rank(candidates, plan.vector !== undefined)
    .slice(0, plan.limit)
    .map(({ candidate: { item, labels, text }, score }) => {
      const nearness =
        usual === undefined || !item.vector ? undefined : clamp((Math.max(labels, text) - usual) / (1 - usual))
      const covering = `${item.labels}\n${item.passage.headings.join('\n')}\n${item.passage.text}`
      return { ...item.passage, score, support: supportOf(query, covering, nearness) }
    })
}

async function gather(snapshot: Snapshot, plan: SearchPlan): Promise<Candidate[]> {
  const accepts = (item: IndexedPassage | undefined): item is IndexedPassage =>
    item !== undefined && isInScope(item, plan.scopes) && applies(item.passage, plan.circumstances)
  const words = snapshot.words.search(plan.query, (id) => accepts(snapshot.passages.get(id)))
  const wordScores = new Map(words.map(({ id, score }) => [id, score]))
  const total = snapshot.passages.size
  let wanted = Math.max(CANDIDATES, plan.limit * 4)
  for (;;) {
    const ids = new Set(words.slice(0, wanted).map(({ id }) => id))
    for (const id of await nearest(snapshot, plan, wanted)) ids.add(id)
    const items = [...ids].map((id) => snapshot.passages.get(id)).filter(accepts)
    // Passages out of date may have taken the places of valid ones.
    if (items.length >= plan.limit || wanted >= total) {
      return items.map(compareWith(snapshot, plan.vector, wordScores))
    }
    wanted *= 4
  }
}

async function nearest(snapshot: Snapshot, { vector, scopes }: SearchPlan, wanted: number): Promise<string[]> {
  if (!vector) return []
  const ids: string[] = []
  for (const scope of scopes ?? snapshot.shelves.keys()) {
    const shelf = snapshot.shelves.get(scope)
    if (!shelf) continue
    if (shelf.texts.dimensions === vector.length) {
      for (const { id } of await shelf.texts.search(vector, wanted)) ids.push(id)
    }
    if (shelf.labels.dimensions === vector.length) {
      for (const { id } of await shelf.labels.search(vector, wanted)) {
        for (const { ordinal } of snapshot.articles.get(id)?.passages ?? []) ids.push(`${id}#${ordinal}`)
      }
    }
  }
  return ids
}

function compareWith(snapshot: Snapshot, vector: Float32Array | undefined, wordScores: Map<string, number>) {
  const similarity = (other: Float32Array | undefined) =>
    vector && other?.length === vector.length ? Math.max(0, dot(vector, other)) : 0
  const byArticle = new Map<string, number>()
  const labelSimilarity = (id: string) => {
    const known = byArticle.get(id)
    if (known !== undefined) return known
    const best = Math.max(0, ...(snapshot.labelVectors.get(id) ?? []).map(similarity))
    byArticle.set(id, best)
    return best
  }
  return (item: IndexedPassage): Candidate => ({
    item,
    words: wordScores.get(item.passage.id) ?? 0,
    labels: labelSimilarity(item.passage.articleId),
    text: similarity(item.vector),
  })
}

function rank(candidates: Candidate[], withVectors: boolean): { candidate: Candidate; score: number }[] {
  const best = { words: 0, labels: LEAST_BEST, text: LEAST_BEST }
  for (const candidate of candidates) {
    for (const part of PARTS) best[part] = Math.max(best[part], candidate[part])
  }
  const scoreOf = (candidate: Candidate) => {
    // One without a vector is judged by what it has.
    const parts = withVectors && candidate.item.vector ? PARTS : (['words'] as const)
    const whole = parts.reduce((sum, part) => sum + WEIGHTS[part], 0)
    return parts.reduce((sum, part) => sum + WEIGHTS[part] * (candidate[part] / (best[part] || 1)), 0) / whole
  }
  return candidates
    .map((candidate) => ({ candidate, score: scoreOf(candidate) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.candidate.item.passage.id < b.candidate.item.passage.id ? -1 : 1))
}

/** How similar the query is to passages in general: embeddings differ in what they give to strangers. */
function usualSimilarity({ sample }: Snapshot, vector: Float32Array): number {
  const comparable = sample.filter(({ length }) => length === vector.length)
  const sum = comparable.reduce((total, other) => total + dot(vector, other), 0)
  return comparable.length === 0 ? 0 : Math.min(0.99, Math.max(0, sum / comparable.length))
}

function isInScope({ passage }: IndexedPassage, scopes: string[] | undefined): boolean {
  return scopes === undefined || scopes.includes(passage.scope)
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** The unit vector of a query as the indexes compare it. */
export function queryVector(values: number[]): Float32Array {
  return unit(Float32Array.from(values))
}
