import { conceptsOf } from '../../knowledge/concepts.ts'
import { stemsOf } from '../../knowledge/words.ts'
import type { PromptPassage } from './ask-prompt.ts'
import { type MarkdownBlock, markdownBlocks } from './markdown-blocks.ts'

/** The part of a passage under one heading. */
export interface Section {
  passage: PromptPassage
  /** Empty before an article's first heading. */
  heading: string
  /** The passage's place among those found, from 0. */
  rank: number
  blocks: MarkdownBlock[]
}

/** How much of an ask a text covers, 0 to 1, of what the passages cover together. */
export type Coverage = (text: string) => number

/** A passage's blocks by the heading they stand under. */
export function sectionsOf(passage: PromptPassage, rank: number): Section[] {
  const sections: Section[] = []
  for (const block of markdownBlocks(passage.text)) {
    const heading = block.heading ?? passage.heading
    const open = sections.at(-1)
    if (open?.heading === heading) open.blocks.push(block)
    else sections.push({ passage, heading, rank, blocks: [block] })
  }
  return sections
}

const CONCEPT_WEIGHT = 0.6

/**
 * Coverage by stems and concepts, each weighted by its inverse document frequency over the passages' sentences.
 * Undefined when the passages have nothing to do with the ask.
 */
export function coverageOf(ask: string, sections: Section[]): Coverage | undefined {
  const texts = sections.flatMap(({ passage, heading, blocks }) => [
    `${passage.title} ${heading}`,
    ...blocks.flatMap((block) => block.items),
  ])
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const term of termsOf(text)) counts.set(term, (counts.get(term) ?? 0) + 1)
  }
  const weightOf = (term: string) =>
    Math.log(1 + texts.length / (1 + (counts.get(term) ?? 0))) * (isConcept(term) ? CONCEPT_WEIGHT : 1)
  const sum = (terms: string[]) => terms.reduce((total, term) => total + weightOf(term), 0)
  const asked = [...termsOf(ask)]
  const known = asked.filter((term) => counts.has(term))
  if (known.length === 0 || !onSubject(known, sum(known) / sum(asked), sections)) return undefined
  return (text) => {
    const covered = termsOf(text)
    return sum(known.filter((term) => covered.has(term))) / sum(known)
  }
}

/** A shared word is chance unless it names a passage's subject, recurs, has company, or is most of the ask. */
function onSubject(known: string[], share: number, sections: Section[]): boolean {
  const subjects = new Set(sections.flatMap(({ passage, heading }) => [...termsOf(`${passage.title} ${heading}`)]))
  const passages = [...new Set(sections.map(({ passage }) => passage))].map(({ text }) => termsOf(text))
  const recurs = (term: string) => passages.filter((terms) => terms.has(term)).length >= 2
  if (known.some((term) => subjects.has(term) || recurs(term))) return true
  return share >= (known.filter((term) => !isConcept(term)).length < 2 ? 0.5 : 0.2)
}

/** Half of a verb ("send back") and half of many other things; the concepts know the verbs. */
const particles = new Set(['back', 'away', 'forth'])

function termsOf(text: string): Set<string> {
  return new Set([...stemsOf(text).filter((stem) => !particles.has(stem)), ...conceptsOf(text)])
}

function isConcept(term: string): boolean {
  return term.startsWith('~')
}
