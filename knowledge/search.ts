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
  /** ISO date on which passages must be valid. */
  asOf: string
}

const WEIGHTS = { words: 1, labels: 1, text: 0.5 }
const CANDIDATES = 60
const SAMPLE = 200

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
    item !== undefined && isInScope(item, plan.scopes) && isValid(item, plan.asOf)
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
      return items.map((item) => compare(snapshot, item, plan.vector, wordScores.get(item.passage.id) ?? 0))
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

function compare(snapshot: Snapshot, item: IndexedPassage, vector: Float32Array | undefined, words: number): Candidate {
  const labelVectors = snapshot.labelVectors.get(item.passage.articleId) ?? []
  const similarity = (other: Float32Array | undefined) =>
    vector && other?.length === vector.length ? Math.max(0, dot(vector, other)) : 0
  return {
    item,
    words,
    labels: labelVectors.reduce((best, other) => Math.max(best, similarity(other)), 0),
    text: similarity(item.vector),
  }
}

function rank(candidates: Candidate[], withVectors: boolean): { candidate: Candidate; score: number }[] {
  const parts = (withVectors ? ['words', 'labels', 'text'] : ['words']) as (keyof typeof WEIGHTS)[]
  const whole = parts.reduce((sum, part) => sum + WEIGHTS[part], 0)
  const best = { words: 0, labels: 0, text: 0 }
  for (const candidate of candidates) {
    for (const part of parts) best[part] = Math.max(best[part], candidate[part])
  }
  return candidates
    .map((candidate) => {
      const score = parts.reduce((sum, part) => sum + WEIGHTS[part] * (candidate[part] / (best[part] || 1)), 0) / whole
      return { candidate, score }
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.candidate.item.passage.id < b.candidate.item.passage.id ? -1 : 1))
}

/** How similar the query is to passages in general: embeddings differ in what they give to strangers. */
function usualSimilarity(snapshot: Snapshot, vector: Float32Array): number {
  const vectors = [...snapshot.passages.values()].flatMap(({ vector: other }) => other ?? [])
  const step = Math.max(1, Math.floor(vectors.length / SAMPLE))
  let sum = 0
  let count = 0
  for (let index = 0; index < vectors.length; index += step) {
    const other = vectors[index]
    if (other?.length !== vector.length) continue
    sum += dot(vector, other)
    count += 1
  }
  return count === 0 ? 0 : Math.min(0.99, Math.max(0, sum / count))
}

function isInScope({ passage }: IndexedPassage, scopes: string[] | undefined): boolean {
  return scopes === undefined || scopes.includes(passage.scope)
}

function isValid({ passage: { validFrom, validTo } }: IndexedPassage, day: string): boolean {
  return (validFrom === undefined || validFrom <= day) && (validTo === undefined || day <= validTo)
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value))
}

/** The unit vector of a query as the indexes compare it. */
export function queryVector(values: number[]): Float32Array {
  return unit(Float32Array.from(values))
}
