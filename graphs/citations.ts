import type { Passage } from '../knowledge/passage.ts'
import type { Citation } from './state.ts'

const MARKER = /\[(\d{1,2})\]/g
/** Share of a reply sentence's words, and their least number, that make a passage's sentence its source. */
const MIN_OVERLAP = 0.5
const MIN_WORDS = 4

/**
 * Binds a reply to its sources: every marker becomes a citation with the sentence of the passage that fits the cited
 * sentence best, verbatim; markers that name no passage are dropped; the rest are renumbered in order of appearance.
 * A reply without markers is bound by its words alone.
 */
export function bindCitations(text: string, passages: Passage[]): { text: string; citations: Citation[] } {
  const citations: Citation[] = []
  const bestSentence = createBestSentence()
  const numberOf = (citation: Citation) => {
    const known = citations.findIndex(
      ({ articleId, quote }) => articleId === citation.articleId && quote === citation.quote,
    )
    return known >= 0 ? known + 1 : citations.push(citation)
  }
  const cite = (sentence: string, passage: Passage) => numberOf(citation(passage, bestSentence(sentence, passage).text))

  if (MARKER.test(text)) {
    MARKER.lastIndex = 0
    const bound = text.replace(MARKER, (_marker, id: string, at: number) => {
      const passage = passages[Number(id) - 1]
      return passage ? `[${cite(citedSentence(text, at), passage)}]` : ''
    })
    return { text: bound.replace(/[ \t]+([.,;:!?])/g, '$1').replace(/(\[\d+\])(?:\s*\1)+/g, '$1'), citations }
  }
  for (const sentence of sentences(text)) {
    if (words(sentence).size < MIN_WORDS) continue
    const best = passages
      .map((passage) => ({ passage, overlap: bestSentence(sentence, passage).overlap }))
      .sort((a, b) => b.overlap - a.overlap)[0]
    if (best && best.overlap >= MIN_OVERLAP) cite(sentence, best.passage)
  }
  return { text, citations }
}

/** Sentences and list items of Markdown, verbatim, without headings and list markers. */
export function sentences(markdown: string): string[] {
  return markdown
    .split('\n')
    .filter((line) => !/^\s*(#|```|\|)/.test(line))
    .map((line) => line.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, '').trim())
    .flatMap((line) => line.split(/(?<=[.!?])\s+(?=[^a-z])/))
    .filter((sentence) => sentence.length > 0)
}

function citation({ articleId, title, version }: Passage, quote: string): Citation {
  return { articleId, title, quote, version }
}

/** A reply often cites one passage again and again: it is read once. */
function createBestSentence() {
  const read = new Map<Passage, { text: string; words: Set<string> }[]>()
  const sentencesOf = (passage: Passage) => {
    const known = read.get(passage) ?? sentences(passage.text).map((text) => ({ text, words: words(text) }))
    read.set(passage, known)
    return known
  }
  return (sentence: string, passage: Passage): { text: string; overlap: number } => {
    const wanted = [...words(sentence)]
    let best = { text: passage.text, overlap: 0 }
    for (const [index, { text, words: have }] of sentencesOf(passage).entries()) {
      const overlap = wanted.length === 0 ? 0 : wanted.filter((word) => have.has(word)).length / wanted.length
      if (index === 0 || overlap > best.overlap) best = { text, overlap }
    }
    return best
  }
}

/** What a marker stands behind, since the marker before it: its first sentence that says something by itself. */
function citedSentence(text: string, at: number): string {
  const before = text.slice(0, at).replace(/(\s*\[\d{1,2}\])+\s*$/, '')
  const run = sentences(before.split(/\[\d{1,2}\]/).at(-1) ?? '')
  return run.find((sentence) => !sentence.endsWith(':')) ?? run[0] ?? before
}

function words(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [])
}
