import { FIELDS, type Postings, rangeOf } from './segment/postings.ts'

/** A term of a query with how much it counts, beside what it tells. */
export interface WantedTerm {
  term: string
  boost: number
}

/** What BM25 must know of all passages, wherever they are indexed. */
export interface LexicalStatistics {
  passages: number
  /** Mean number of different terms of each field. */
  averages: number[]
  /** Passages that have the term. */
  frequency(term: string): number
  /** How much a term tells passages apart (inverse document frequency); highest for one that no passage has. */
  weight(term: string): number
  /** The same for each field alone. */
  fieldWeights(term: string): number[]
}

/** Words of passages. Scores have no upper bound; those of one search are comparable over indexes. */
export interface LexicalIndex {
  readonly passages: number
  /** Sums of the fields' lengths. */
  readonly totals: number[]
  frequency(term: string): number
  /** Passages that have the term in each field. */
  fieldFrequencies(term: string): number[]
  /** Scores every passage with a term. What it answers holds until the next call. */
  score(terms: WantedTerm[], statistics: LexicalStatistics): LexicalScores
}

/** The passages that have a term of a query. */
export interface LexicalScores {
  /** 0 for a passage without any. */
  of(passage: number): number
  /** The passages with the highest scores among those accepted, best first. */
  best(limit: number, accepts: (passage: number) => boolean): { passage: number; score: number }[]
}

const BOOSTS = { labels: 3, headings: 1.5, text: 1 }
/** Saturation, length normalisation and the lower bound of BM25+ (Lv and Zhai 2011). */
const [K, B, DELTA] = [1.2, 0.7, 0.5]

/** An index of postings: fields weighted, BM25+ each, times the number of the query's terms that a passage has. */
export function createLexicalIndex(postings: Postings): LexicalIndex {
  const fields = FIELDS.length
  const passages = postings.lengths.length / fields
  const totals = FIELDS.map(() => 0)
  for (let index = 0; index < postings.lengths.length; index += 1) {
    const field = index % fields
    totals[field] = (totals[field] as number) + (postings.lengths[index] as number)
  }
  const scores = new Float32Array(passages)
  const matched = new Uint8Array(passages)
  let touched: number[] = []

  function accumulate({ term, boost }: WantedTerm, { fieldWeights, averages }: LexicalStatistics): void {
    const [begin, end] = rangeOf(postings, term)
    const weights = fieldWeights(term)
    const flat = FIELDS.map((field, index) => (weights[index] ?? 0) * boost * BOOSTS[field])
    const scales = averages.map((average) => (K * B) / (average || 1))
    for (let at = begin; at < end; at += 1) {
      const passage = postings.passages[at] as number
      const packed = postings.counts[at] as number
      let sum = 0
      for (let field = 0; field < fields; field += 1) {
        const count = (packed >>> (field * 8)) & 255
        if (count === 0) continue
        const length = postings.lengths[passage * fields + field] as number
        const saturated = (count * (K + 1)) / (count + K * (1 - B) + length * (scales[field] as number))
        sum += (flat[field] as number) * (DELTA + saturated)
      }
      if (matched[passage] === 0) touched.push(passage)
      matched[passage] = (matched[passage] as number) + 1
      scores[passage] = (scores[passage] as number) + sum
    }
  }

  return {
    passages,
    totals,
    frequency(term) {
      const [begin, end] = rangeOf(postings, term)
      return end - begin
    },
    fieldFrequencies(term) {
      const [begin, end] = rangeOf(postings, term)
      const frequencies = FIELDS.map(() => 0)
      for (let at = begin; at < end; at += 1)
        for (let field = 0; field < fields; field += 1)
          if (((postings.counts[at] as number) >>> (field * 8)) & 255)
            frequencies[field] = (frequencies[field] as number) + 1
      return frequencies
    },
    score(terms, statistics) {
      for (const passage of touched) {
        scores[passage] = 0
        matched[passage] = 0
      }
      touched = []
      for (const wanted of terms) accumulate(wanted, statistics)
      const of = (passage: number) => (scores[passage] as number) * (matched[passage] as number)
      return { of, best: (limit, accepts) => bestOf(touched, of, limit, accepts) }
    },
  }
}

function bestOf(
  touched: number[],
  scoreOf: (passage: number) => number,
  limit: number,
  accepts: (passage: number) => boolean,
): { passage: number; score: number }[] {
  const cut = () => best.sort((a, b) => b.score - a.score || a.passage - b.passage).splice(limit)
  const best: { passage: number; score: number }[] = []
  let least = 0
  for (const passage of touched) {
    const score = scoreOf(passage)
    if (score <= least || !accepts(passage)) continue
    best.push({ passage, score })
    if (best.length < limit * 2) continue
    cut()
    least = best.at(-1)?.score ?? 0
  }
  cut()
  return best
}

/** The statistics of several indexes together. */
export function statisticsOf(indexes: LexicalIndex[]): LexicalStatistics {
  const passages = indexes.reduce((sum, index) => sum + index.passages, 0)
  const averages = FIELDS.map(
    (_, field) => indexes.reduce((sum, { totals }) => sum + (totals[field] ?? 0), 0) / (passages || 1),
  )
  const frequency = (term: string) => indexes.reduce((sum, index) => sum + index.frequency(term), 0)
  return {
    passages,
    averages,
    frequency,
    weight: (term) => weightOf(frequency(term), passages),
    fieldWeights(term) {
      const each = indexes.map((index) => index.fieldFrequencies(term))
      return FIELDS.map((_, field) =>
        weightOf(
          each.reduce((sum, frequencies) => sum + (frequencies[field] ?? 0), 0),
          passages,
        ),
      )
    },
  }
}

function weightOf(frequency: number, passages: number): number {
  return Math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))
}
