import { setImmediate as nextTick } from 'node:timers/promises'
import MiniSearch from 'minisearch'
import { conceptsOf } from './concepts.ts'
import { stemsOf } from './words.ts'

/** What the index reads of a passage. */
export interface LexicalEntry {
  id: string
  /** Title, aliases and questions of its article. */
  labels: string
  headings: string
  text: string
}

/** Words of passages, counted. A change of the set is a new index, swapped for the old one. */
export interface LexicalIndex {
  /** Every passage with a word or concept of the query, best first; `score` is above 0 and has no upper bound. */
  search(query: string, accepts: (id: string) => boolean): { id: string; score: number }[]
  /** How much a stem tells passages apart (inverse document frequency); highest for one that no passage has. */
  weight(stem: string): number
}

const LABEL_BOOST = 3
const HEADING_BOOST = 1.5
const CONCEPT_BOOST = 0.5

const ENTRIES_A_TICK = 50

const SHORTEST_MISSPELLED = 5
const MISSPELLING_WEIGHT = 0.6

/** A word in more passages than this share is skipped in a large base, where counting it costs more than it tells. */
const COMMON_SHARE = 0.1
const LARGE_BASE = 5000

/** Indexes the passages' words (stems) and concepts with BM25+, without holding up the event loop. */
export async function buildLexicalIndex(entries: LexicalEntry[]): Promise<LexicalIndex> {
  const index = new MiniSearch<LexicalEntry>({
    fields: ['labels', 'headings', 'text'],
    tokenize: termsOf,
    processTerm: (term) => term,
    searchOptions: { boost: { labels: LABEL_BOOST, headings: HEADING_BOOST } },
  })
  await index.addAllAsync(entries, { chunkSize: ENTRIES_A_TICK })
  const frequencies = await countPassages(entries)
  const weight = (stem: string) => {
    const count = frequencies.get(stem) ?? 0
    return Math.log(1 + (entries.length - count + 0.5) / (count + 0.5))
  }
  const isTelling = (term: string) =>
    entries.length < LARGE_BASE || (frequencies.get(term) ?? 0) < entries.length * COMMON_SHARE

  return {
    weight,
    search(query, accepts) {
      const all = [...new Set(termsOf(query))]
      const telling = all.filter(isTelling)
      const terms = telling.length > 0 ? telling : all
      const results = index.search(query, {
        tokenize: () => terms,
        boostTerm: (term) => (term.startsWith('~') ? CONCEPT_BOOST : 1),
        // Only for words that no passage has: forgiving every word costs more right answers than it finds.
        fuzzy: (term) => (frequencies.has(term) || term.length < SHORTEST_MISSPELLED ? false : term.length < 8 ? 1 : 2),
        weights: { fuzzy: MISSPELLING_WEIGHT, prefix: 0 },
        filter: ({ id }) => accepts(id),
      })
      return results.map(({ id, score }) => ({ id, score }))
    },
  }
}

function termsOf(text: string): string[] {
  return [...stemsOf(text), ...conceptsOf(text)]
}

async function countPassages(entries: LexicalEntry[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const [index, { labels, headings, text }] of entries.entries()) {
    if (index % ENTRIES_A_TICK === 0) await nextTick()
    for (const term of new Set(termsOf(`${labels}\n${headings}\n${text}`)))
      counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  return counts
}
