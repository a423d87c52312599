import { barLine, number, table } from './report.ts'
import type { SearchReport } from './search.ts'

/** The report as Markdown: what was measured, and the limits. */
export function searchMarkdown(report: SearchReport): string {
  const { vectors, hybrid, hybridSmallScope, ingest } = report
  const times = ({ p50, p99 }: { p50: number; p99: number }) => [number(p50, 2), number(p99, 2)]
  const ratio = (value: number) => `${number(value, 3)} (×${number(value / vectors.raw, 2)})`
  return `# Benchmark of the search

${number(report.passages, 0)} passages of made-up text and their titles, ${number(report.entries, 0)} vectors of 384
dimensions, made so that texts of one topic lie together; ${report.at}, Node ${report.node}. Built in ${number(report.buildSeconds, 0)} s in a
thread of its own; opened in ${number(report.startMs, 0)} ms, which includes the checksums and a comparison with the rows.

${table(
  ['nearest neighbours', 'median ms (× hnswlib)'],
  [
    ['hnswlib itself, 10 neighbours', ratio(vectors.raw)],
    ['ours, 60 candidates', ratio(vectors.ours)],
    ['ours, a scope of 1 %', ratio(vectors.smallScope)],
    ['comparing with every vector', ratio(vectors.exact)],
  ],
)}

Of the ten true neighbours ${number(report.recallAt10 * 10, 2)} are found.

${table(
  ['whole search', 'median ms', '99 of 100, ms'],
  [
    ['alone', ...times(hybrid)],
    ['alone, a scope of 1 %', ...times(hybridSmallScope)],
    ['while ingesting', ...times(ingest)],
  ],
)}

${number(ingest.passages, 0)} passages were ingested and swapped in within ${number(ingest.seconds, 0)} s, beside
${number(ingest.searches, 0)} searches; the longest stall of the event loop was ${number(ingest.stallMs, 1)} ms.

## Limits

${table(['limit', 'measured', 'at most', ''], report.bars.map(barLine))}
`
}
