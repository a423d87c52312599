import { conceptsOf } from '../../knowledge/concepts.ts'
import { stemsOf } from '../../knowledge/words.ts'
import type { PromptAsk, PromptPassage } from './ask-prompt.ts'
import { type MarkdownBlock, markdownBlocks } from './markdown-blocks.ts'

/** What the offline model says when the passages do not answer. */
export const NO_ANSWER = 'I could not find this in our articles. I can ask a person to look at it for you.'

/**
 * Answers with whole sentences and steps taken from the passages, each run followed by its passage's id in brackets;
 * one paragraph an ask. Deterministic. `NO_ANSWER` when there is nothing to take.
 *
 * Sentences are ranked by the inverse-document-frequency-weighted share of the ask's stems and concepts that they and
 * their heading cover, by the passage's rank, and by position: articles open with the direct answer.
 */
export function extractiveAnswer(asks: PromptAsk[]): string {
  const used = new Set<string>()
  const answers = asks.map((ask) => ({ ask, answer: answerOne(ask, used) }))
  if (answers.every(({ answer }) => answer === undefined)) return NO_ANSWER
  const found = answers.filter(({ answer }) => answer?.text !== '')
  if (found.length === 1) return found[0]?.answer?.text ?? NO_ANSWER
  return found
    .map(({ ask, answer }) =>
      answer ? `About ${topicOf(answer.title)}: ${answer.text}` : `About "${shortened(ask.text)}": ${NO_ANSWER}`,
    )
    .join('\n\n')
}

interface Section {
  passage: PromptPassage
  heading: string
  rank: number
  blocks: MarkdownBlock[]
}

interface Sentence {
  text: string
  section: Section
  block: MarkdownBlock
  index: number
  score: number
}

type Cover = (text: string) => number

function answerOne(ask: PromptAsk, used: Set<string>): { title: string; text: string } | undefined {
  const sections = ask.passages.flatMap(sectionsOf)
  const cover = coverOf(ask.text, sections)
  if (!cover) return undefined
  const article = mainArticle(sections, cover)
  const chosen = sections.filter((section) => section.passage.article === article)
  const title = chosen[0]?.passage.title ?? ''
  const sentences = chosen.flatMap((section) => sentencesOf(section, cover))
  const list = bestList(chosen, cover)
  const picked = pickSentences(sentences, list, cover)
  const lines = render(picked, list, used)
  return { title, text: lines }
}

function sectionsOf(passage: PromptPassage, rank: number): Section[] {
  const sections: Section[] = []
  for (const block of markdownBlocks(passage.text)) {
    const heading = block.heading ?? passage.heading
    const open = sections.at(-1)
    if (open?.heading === heading) open.blocks.push(block)
    else sections.push({ passage, heading, rank, blocks: [block] })
  }
  return sections
}

/** How much of the ask a text covers, 0 to 1; undefined when the passages have nothing to do with the ask. */
function coverOf(ask: string, sections: Section[]): Cover | undefined {
  const asked = new Set(termsOf(ask))
  const texts = sections.flatMap(({ passage, heading, blocks }) => [
    `${passage.title} ${heading}`,
    ...blocks.flatMap((block) => block.items),
  ])
  const counts = new Map<string, number>()
  for (const text of texts) for (const term of new Set(termsOf(text))) counts.set(term, (counts.get(term) ?? 0) + 1)
  const weightOf = (term: string) =>
    Math.log(1 + texts.length / (1 + (counts.get(term) ?? 0))) * (term[0] === '~' ? 0.6 : 1)
  const sum = (terms: Iterable<string>) => [...terms].reduce((total, term) => total + weightOf(term), 0)
  const known = [...asked].filter((term) => counts.has(term))
  const words = known.filter((term) => term[0] !== '~')
  if (known.length === 0 || (words.length < 2 && sum(known) < 0.2 * sum(asked))) return undefined
  const total = sum(known)
  return (text) => sum(new Set(termsOf(text).filter((term) => asked.has(term)))) / total
}

function termsOf(text: string): string[] {
  return [...stemsOf(text), ...conceptsOf(text)]
}

/** The first passage's article, unless another one fits clearly better. */
function mainArticle(sections: Section[], cover: Cover): string | undefined {
  const scores = new Map<string, number>()
  for (const { passage, heading, rank, blocks } of sections) {
    const best = Math.max(...blocks.flatMap((block) => block.items.map(cover)))
    const score = 0.5 * cover(passage.title) + 0.3 * cover(heading) + 0.4 * best + 0.8 / (1 + rank)
    scores.set(passage.article, Math.max(scores.get(passage.article) ?? 0, score))
  }
  return [...scores].sort((left, right) => right[1] - left[1])[0]?.[0]
}

const caveat = /\b(?:cannot|not covered|not a|exceptions?|limits?|do not|never)\b/i

function sentencesOf(section: Section, cover: Cover): Sentence[] {
  const headed = section.heading === '' ? 0 : cover(section.heading)
  const base = 0.5 * headed + 0.25 / (1 + section.rank) - (caveat.test(section.heading) && headed < 0.3 ? 0.2 : 0)
  return section.blocks.flatMap((block) =>
    block.kind === 'steps'
      ? []
      : block.items.map((text, index) => ({
          text,
          section,
          block,
          index,
          score: cover(text) + base + opening(section, block, index) + length(text),
        })),
  )
}

/** Articles and sections open with what matters most. */
function opening(section: Section, block: MarkdownBlock, index: number): number {
  if (block !== section.blocks[0] || block.kind !== 'sentences') return 0
  if (section.heading === '') return index === 0 ? 0.55 : 0.2
  return index === 0 ? 0.2 : 0
}

function length(text: string): number {
  const words = text.split(' ').length
  return words < 4 ? -0.4 : words > 45 ? -0.15 : 0
}

interface List {
  section: Section
  block: MarkdownBlock
  /** The sentence that announces it, taken from the text, or made from the heading. */
  intro: string
}

/** The steps that belong to the ask, if any: under a fitting heading, or in a passage that was found first. */
function bestList(sections: Section[], cover: Cover): List | undefined {
  const lists = sections.flatMap((section) =>
    section.blocks
      .filter((block) => (block.kind === 'steps' || announced(section, block)) && block.items.length <= 7)
      .map((block) => {
        const best = Math.max(...block.items.map(cover))
        const score =
          0.6 * cover(section.heading) + 0.4 * best + 0.5 / (1 + section.rank) + (block.kind === 'steps' ? 0.2 : 0)
        return { section, block, intro: introOf(section, block), score }
      }),
  )
  const [best] = lists.sort((left, right) => right.score - left.score)
  return best && best.score >= 0.45 ? best : undefined
}

function announced(section: Section, block: MarkdownBlock): boolean {
  return block.kind === 'bullets' && sentenceBefore(section, block)?.endsWith(':') === true
}

function introOf(section: Section, block: MarkdownBlock): string {
  const before = sentenceBefore(section, block)
  if (before?.endsWith(':')) return before
  return section.heading === '' ? '' : `${section.heading}:`
}

function sentenceBefore(section: Section, block: MarkdownBlock): string | undefined {
  const before = section.blocks[section.blocks.indexOf(block) - 1]
  return before?.kind === 'sentences' ? before.items.at(-1) : undefined
}

const leansOnTheOneBefore =
  /^(?:it|its|this|that|these|those|they|their|then|such|both|otherwise|so|but|and|instead|also|the (?:other|rest|same|latter))\b|^(?:\S+ ){1,2}then\b/i

/** Up to three sentences beside a list, four without: the best one, and others that add something. */
function pickSentences(sentences: Sentence[], list: List | undefined, cover: Cover): Sentence[] {
  const limit = list ? 3 : 4
  const picked: Sentence[] = []
  const candidates = sentences
    .filter((each) => !each.text.endsWith(':') && each.block !== list?.block)
    .sort((left, right) => right.score - left.score)
  for (const sentence of candidates) {
    if (picked.length >= limit) break
    if (picked.includes(sentence)) continue
    const sofar = picked.map((each) => each.text).join(' ')
    const gain = cover(`${sofar} ${sentence.text}`) - cover(sofar)
    const follows = picked.some((each) => each.block === sentence.block && each.index === sentence.index - 1)
    const worth =
      picked.length === 0 || gain >= 0.2 || (follows && sentence.block.kind === 'sentences') || sentence.score >= 0.6
    if (!worth) continue
    const needed = neededBefore(sentence, sentences).filter((each) => !picked.includes(each))
    if (picked.length + needed.length + 1 > limit && picked.length > 0) continue
    picked.push(...needed, sentence)
  }
  return picked
}

/** The sentences without which "It …" would point at nothing. */
function neededBefore(sentence: Sentence, all: Sentence[]): Sentence[] {
  if (sentence.block.kind !== 'sentences' || sentence.index === 0 || !leansOnTheOneBefore.test(sentence.text)) return []
  const before = all.find((each) => each.block === sentence.block && each.index === sentence.index - 1)
  return before ? [...neededBefore(before, all), before] : []
}

/** The paragraph of the best sentence first, then the list, then the rest; each in the order of its text. */
function render(picked: Sentence[], list: List | undefined, used: Set<string>): string {
  const sections = [...new Set(picked.map((sentence) => sentence.section))]
  const parts: string[] = []
  for (const section of sections) {
    const texts = picked
      .filter((sentence) => sentence.section === section)
      .sort(
        (left, right) =>
          section.blocks.indexOf(left.block) - section.blocks.indexOf(right.block) || left.index - right.index,
      )
      .map((sentence) => sentence.text)
      .filter((text) => !used.has(text))
    for (const text of texts) used.add(text)
    if (texts.length > 0) parts.push(`${texts.join(' ')} [${section.passage.id}]`)
    if (list?.section === section) parts.push(...renderList(list, used))
  }
  if (list && !sections.includes(list.section)) parts.splice(1, 0, ...renderList(list, used))
  return parts.join('\n\n')
}

function renderList({ section, block, intro }: List, used: Set<string>): string[] {
  const [first = ''] = block.items
  if (used.has(first)) return []
  used.add(first)
  const items = block.items.map((item, index) => `${block.kind === 'steps' ? `${index + 1}.` : '-'} ${item}`)
  return [`${intro === '' ? '' : `${intro}\n`}${items.join('\n')} [${section.passage.id}]`]
}

const imperative =
  /^(?:add|book|cancel|change|check|choose|connect|contact|create|delete|download|exchange|find|fix|get|install|move|order|pay|pick|reach|remove|repair|replace|report|request|reset|return|send|set|sign|stop|switch|track|turn|update|upgrade|use)\b/i

/** "Lost parcels" → "lost parcels", "Track a parcel" → "how to track a parcel", else the title in quotation marks. */
function topicOf(title: string): string {
  const [first = '', ...rest] = title.split(' ')
  if (/^(?:how|what|why|when|where|who|which|can|is|are|do|does|i|my|too|charged)$/i.test(first)) return `"${title}"`
  const lowered = /^\p{Lu}\p{Ll}+$/u.test(first) ? [first.toLowerCase(), ...rest].join(' ') : title
  return imperative.test(title) && first.toLowerCase() !== 'return' ? `how to ${lowered}` : lowered
}

function shortened(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length <= 60 ? flat : `${flat.slice(0, 57).replace(/\s\S*$/, '')}…`
}
