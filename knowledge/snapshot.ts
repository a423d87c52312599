import { type LexicalStatistics, statisticsOf } from './lexical-index.ts'
import type { VersionedArticle } from './passage-store.ts'
import type { Segment } from './segment/segment.ts'
import { type CorrectSpelling, createSpelling } from './spelling.ts'

/** A segment as it is to be searched at one revision. */
export interface View {
  segment: Segment
  /** 1 for each article of the segment that changed or went since the segment was built. */
  dead: Uint8Array
}

/** Everything searchable at one revision of the store; never changed once made. */
export interface Snapshot {
  revision: number
  /** What was built last, and what changed since. */
  views: View[]
  /** The articles that changed since, which the last view is made of. */
  recent: Map<string, VersionedArticle>
  statistics: LexicalStatistics
  correctSpelling: CorrectSpelling
  /** Passages from all over: what a query is compared with to see what is usual. */
  sample: { segment: Segment; passage: number }[]
  size: { articles: number; passages: number; withoutVectors: number }
}

const SAMPLE = 200

/** The snapshot of views that together hold each article once. */
export function createSnapshot(revision: number, views: View[], recent: Map<string, VersionedArticle>): Snapshot {
  const segments = views.map(({ segment }) => segment)
  return {
    revision,
    views,
    recent,
    statistics: statisticsOf(segments.map(({ lexical }) => lexical)),
    correctSpelling: createSpelling(segments.map(({ vocabulary }) => vocabulary)),
    sample: sampleOf(views),
    size: sizeOf(views),
  }
}

function sampleOf(views: View[]): Snapshot['sample'] {
  const all = views.reduce((sum, { segment }) => sum + segment.passageVectors.scales.length, 0)
  const step = Math.max(1, Math.ceil(all / SAMPLE))
  const sample: Snapshot['sample'] = []
  for (const { segment } of views) {
    const { scales } = segment.passageVectors
    for (let passage = 0; passage < scales.length; passage += step)
      if ((scales[passage] ?? 0) > 0) sample.push({ segment, passage })
  }
  return sample
}

function sizeOf(views: View[]): Snapshot['size'] {
  const size = { articles: 0, passages: 0, withoutVectors: 0 }
  for (const { segment, dead } of views) {
    for (const [number, facts] of segment.articles.entries()) {
      if (!facts || dead[number] === 1) continue
      size.articles += 1
      size.passages += facts.passages
      for (let passage = 0; passage < facts.passages; passage += 1)
        if (segment.passageVectors.scales[facts.firstPassage + passage] === 0) size.withoutVectors += 1
    }
  }
  return size
}
