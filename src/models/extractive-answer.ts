import { type Coverage, coverageOf, type Section, sectionsOf } from './ask-coverage.ts'
import type { PromptAsk } from './ask-prompt.ts'
import type { MarkdownBlock } from './markdown-blocks.ts'

/** What the offline model says when the passages do not answer. */
export const NO_ANSWER = 'I could not find this in our articles. I can ask a person to look at it for you.'

/**
 * Answers with whole sentences and steps taken from the passages, each run followed by its passage's id in brackets;
 * one part an ask. Deterministic. `NO_ANSWER` when there is nothing to take.
 *
 * Sentences are ranked by how much of the ask they and their heading cover, by the passage's rank, and by position:
 * articles open with the direct answer.
 */
export function extractiveAnswer(asks: PromptAsk[]): string {
  const used = new Set<string>()
  const answers = asks.map((ask) => ({ ask, answer: answerOne(ask, used) }))
  if (answers.every(({ answer }) => answer === undefined)) return NO_ANSWER
  // Empty: another ask's answer has said it all.
  const said = answers.filter(({ answer }) => answer?.text !== '')
  if (said.length === 1) return said[0]?.answer?.text ?? NO_ANSWER
  return said
    .map(({ ask, answer }) =>
      answer ? `About ${topicOf(answer.title)}: ${answer.text}` : `About "${shortened(ask.text)}": ${NO_ANSWER}`,
    )
    .join('\n\n')
}

interface Sentence {
  text: string
  section: Section
  block: MarkdownBlock
  index: number
  score: number
}

interface List {
  section: Section
  block: MarkdownBlock
}

function answerOne(ask: PromptAsk, used: Set<string>): { title: string; text: string } | undefined {
  const all = ask.passages.flatMap(sectionsOf)
  if (all.length === 0) return undefined
  // Whoever chose the passages found them to be about the ask; where no word says so, the opening is the answer.
  const coverage = coverageOf(ask.text, all) ?? (() => 0)
  const article = bestArticle(all, coverage)
  const sections = all.filter((section) => section.passage.article === article)
  const exact = sections.find((section) => section.heading !== '' && namesTheAsk(section, coverage))
  const list = bestList(exact ? [exact] : sections, coverage)
  const sentences = sections.flatMap((section) => sentencesOf(section, coverage))
  const picked = pickSentences(sentences, list, coverage)
  return { title: sections[0]?.passage.title ?? '', text: render(picked, list, used) }
}

/** The first passage's article, unless another one fits clearly better. */
function bestArticle(sections: Section[], coverage: Coverage): string | undefined {
  const scores = new Map<string, number>()
  for (const { passage, heading, rank, blocks } of sections) {
    const best = Math.max(...blocks.flatMap((block) => block.items.map(coverage)))
    const fit = 0.5 * coverage(passage.title) + 0.3 * coverage(heading) + 0.4 * best
    const score = fit > 0 ? fit + 0.8 / (1 + rank) : 0
    scores.set(passage.article, Math.max(scores.get(passage.article) ?? 0, score))
  }
  return [...scores].sort((left, right) => right[1] - left[1])[0]?.[0]
}

/** A heading that says what the customer says, more than its article's title does, beats the article's own opening. */
function namesTheAsk({ heading, passage }: Section, coverage: Coverage): boolean {
  const headed = coverage(heading)
  return headed >= 0.8 && headed - coverage(passage.title) >= 0.25
}

const caveat = /\b(?:cannot|not covered|not a|exceptions?|limits?|do not|never)\b/i

function sentencesOf(section: Section, coverage: Coverage): Sentence[] {
  const titled = coverage(section.passage.title)
  const headed = section.heading === '' ? titled : coverage(section.heading)
  const exact = namesTheAsk(section, coverage) ? 0.5 : 0
  const beside = caveat.test(section.heading) && headed < 0.3 ? 0.2 : 0
  const base = 0.5 * headed + exact + 0.25 / (1 + section.rank) - beside
  return section.blocks
    .filter((block) => block.kind !== 'steps')
    .flatMap((block) =>
      block.items.map((text, index) => {
        const score = coverage(text) + base + opening(section, block, index) - awkward(text)
        return { text, section, block, index, score }
      }),
    )
}

/** Articles and sections open with what matters most. */
function opening(section: Section, block: MarkdownBlock, index: number): number {
  if (block !== section.blocks[0] || block.kind !== 'sentences') return 0
  if (section.heading === '') return index === 0 ? 0.65 : 0.2
  return index === 0 ? 0.2 : 0
}

function awkward(text: string): number {
  const words = text.split(' ').length
  return words < 4 ? 0.4 : words > 45 ? 0.15 : 0
}

const LONGEST_LIST = 7
const instructing = /\b(?:what to do|how|steps|do this|in (?:this )?order|try)\b/i
const describing = /^(?:an?|the|this|these|those|your|our|it|we|if|one|two|three|")\b/i

/** The steps that belong to the ask, if any. */
function bestList(sections: Section[], coverage: Coverage): List | undefined {
  const lists = sections.flatMap((section) =>
    section.blocks
      .filter((block) => block.kind === 'steps' || (block.kind === 'bullets' && announcement(section, block)))
      .filter((block) => block.items.length <= LONGEST_LIST)
      // Steps under another heading are for another case.
      .filter(
        (block) => announcement(section, block) || instructing.test(section.heading) || coverage(section.heading) > 0,
      )
      .map((block) => {
        const fit = 0.6 * coverage(section.heading) + 0.4 * Math.max(...block.items.map(coverage))
        const orders = block.items.filter((item) => !describing.test(item)).length > block.items.length / 2
        const cue = (instructing.test(section.heading) ? 0.3 : 0) + (orders ? 0.15 : 0)
        return { section, block, fit: fit + cue, score: fit + cue + 0.3 / (1 + section.rank) }
      })
      .filter(({ fit }) => fit >= 0.3),
  )
  return lists.sort((left, right) => right.score - left.score)[0]
}

/** The sentence before a list, when it ends with a colon. */
function announcement(section: Section, block: MarkdownBlock): string | undefined {
  const before = section.blocks[section.blocks.indexOf(block) - 1]
  const last = before?.kind === 'sentences' ? before.items.at(-1) : undefined
  return last?.endsWith(':') ? last : undefined
}

/** What stands above a list in the answer: the sentence that announces it, else the heading. */
function introOf(section: Section, block: MarkdownBlock): string {
  const said = announcement(section, block)
  const before = section.blocks[section.blocks.indexOf(block) - 1]?.items.at(-2)
  // "You see one of these:" is short because the sentence before it says where.
  if (said) return before && said.length < 35 ? `${before} ${said}` : said
  return section.heading.replace(/(\p{L}|\p{N})$/u, '$1:')
}

/** A sentence that announces what would not follow it in the answer. */
const pointsElsewhere = /:$|\b(?:below|above|as follows)\b/i

const leansOnTheOneBefore =
  /^(?:it|its|this|that|these|those|they|their|then|such|both|otherwise|so|but|and|instead|also|the (?:other|rest|same|latter))\b|^(?:\S+ ){1,2}then\b/i

/** Up to two sentences beside a list, four without: the best one, what follows it, and what adds something. */
function pickSentences(sentences: Sentence[], list: List | undefined, coverage: Coverage): Sentence[] {
  const limit = list ? 2 : 4
  const picked: Sentence[] = []
  const candidates = sentences
    .filter((each) => !pointsElsewhere.test(each.text) && each.block !== list?.block)
    .sort((left, right) => right.score - left.score)
  for (const sentence of candidates) {
    const needed = neededBefore(sentence, sentences).filter((each) => !picked.includes(each))
    const room = limit - picked.length - needed.length
    if (picked.includes(sentence) || (picked.length > 0 && (room < 1 || !adds(sentence, picked, list, coverage))))
      continue
    picked.push(...needed, sentence)
  }
  return picked
}

function adds(sentence: Sentence, picked: Sentence[], list: List | undefined, coverage: Coverage): boolean {
  const before = picked.map(({ section, text }) => `${section.heading} ${text}`).join(' ')
  const gain = coverage(`${before} ${sentence.section.heading} ${sentence.text}`) - coverage(before)
  const sibling = picked.find((each) => each.block === sentence.block)
  if (sibling && sentence.block.kind !== 'sentences') return coverage(sentence.text) >= coverage(sibling.text) - 0.05
  if (sibling && Math.abs(sibling.index - sentence.index) === 1) return true
  if (sentence.section === picked[0]?.section) return gain >= 0.15
  const sections = new Set([...picked, ...(list ? [list] : [])].map((each) => each.section))
  return gain >= 0.25 && (sections.size < 2 || sections.has(sentence.section))
}

/** The sentences without which "It …" would point at nothing. */
function neededBefore(sentence: Sentence, all: Sentence[]): Sentence[] {
  if (sentence.block.kind !== 'sentences' || !leansOnTheOneBefore.test(sentence.text)) return []
  const before = all.find((each) => each.block === sentence.block && each.index === sentence.index - 1)
  return before ? [...neededBefore(before, all), before] : []
}

/** Section by section, the best one's first, the list at its place; sentences in the order of their text. */
function render(picked: Sentence[], list: List | undefined, used: Set<string>): string {
  const freshList = list && !used.has(list.block.items[0] ?? '') ? list : undefined
  const intro = freshList ? introOf(freshList.section, freshList.block) : ''
  const fresh = picked.filter(({ text }) => !used.has(text) && !intro.includes(text))
  for (const { text } of fresh) used.add(text)
  for (const item of freshList?.block.items ?? []) used.add(item)
  const sections = [...new Set(fresh.map(({ section }) => section))]
  if (freshList && !sections.includes(freshList.section)) sections.splice(1, 0, freshList.section)
  return sections
    .map((section) => {
      const lines = section.blocks
        .map((block) => linesOf(block, fresh, freshList?.block === block, introOf(section, block)))
        .filter((text) => text !== '')
      return `${lines.join(' ').replace(/ ?\n/g, '\n')} [${section.passage.id}]`
    })
    .join('\n\n')
}

/** Sentences run on; of a list, whole or in part, each item has its line unless it stands alone. */
function linesOf(block: MarkdownBlock, picked: Sentence[], whole: boolean, intro: string): string {
  if (whole) {
    const items = block.items.map((item, index) => `\n${block.kind === 'steps' ? `${index + 1}.` : '-'} ${item}`)
    return `${intro}${items.join('')}`
  }
  const some = block.items.filter((text) => picked.some((each) => each.block === block && each.text === text))
  if (block.kind === 'sentences' || some.length < 2) return some.join(' ')
  const texts = block.items.length <= LONGEST_LIST ? block.items : some
  return `${intro}${texts.map((text) => `\n- ${text}`).join('')}`
}

const clause =
  /^(?:how|what|why|when|where|who|which|can|i|my|too)\b|\b(?:is|are|has|have|will|not|does|keeps|charged|billed)\b/i
const instruction =
  /^(?:cancel|change|check|choose|connect|download|find|get|install|pay|remove|repair|replace|reset|set|stop|track|update|use)\b/i

/** "Lost parcels" → "lost parcels", "Track a parcel" → "how to track a parcel", a clause → the title in quotation marks. */
function topicOf(title: string): string {
  if (clause.test(title)) return `"${title}"`
  const lowered = /^\p{Lu}\p{Ll}+\b(?! Plus| Care)/u.test(title)
    ? title.charAt(0).toLowerCase() + title.slice(1)
    : title
  return instruction.test(title) ? `how to ${lowered}` : lowered
}

function shortened(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length <= 60 ? flat : `${flat.slice(0, 59).replace(/\s\S*$/, '')}…`
}
