import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import type { Knowledge, ScoredPassage } from '../knowledge/passage.ts'
import { splitMarkdown } from '../knowledge/split.ts'

/** Ten messages of one customer: each names who should answer; the topic changes five times. */
const SCRIPT = [
  {
    to: 'billing',
    text: 'Hi, I was charged twice for my subscription this month. My bank shows two payments of the same amount.',
  },
  { to: 'billing', text: 'And how long does it take until the refund of the second payment is back on my card?' },
  { to: 'returns', text: 'The zipper of the backpack that I got last week came broken, can I send it back?' },
  { to: 'returns', text: 'Do I have to print the return label myself, and who pays for the return shipping?' },
  { to: 'tech-support', text: 'Another thing: my router keeps dropping the wifi every few minutes since yesterday.' },
  { to: 'tech-support', text: 'I restarted the router twice and the light is still blinking. What else can I try?' },
  { to: 'billing', text: 'Where can I download the invoice for my last payment? I need it for my company.' },
  { to: 'returns', text: 'The jacket is too small as well. Can I exchange it for a bigger size instead of a refund?' },
  { to: 'tech-support', text: 'My headphones will not pair with my phone any more since the last update.' },
  { to: 'tech-support', text: 'I cannot sign in to the app either, it says my password is wrong. How do I reset it?' },
]

/** One customer message with what every design finds and says for it. */
export interface Turn {
  text: string
  /** The specialist who should answer. */
  to: string
  /** What one knowledge search gives, best first. */
  passages: ScoredPassage[]
  /** What the specialist writes: sentences of its passages. */
  answer: string
  /** The same with the number of its passage after each sentence, for who asks for that. */
  citedAnswer: string
}

/** The script of a benchmark: the same words, passages and answers for every design. */
export interface Conversation {
  turns: Turn[]
  /** Finds the turn that a text is about: the scripted customer message that stands last in it. */
  turnIn(text: string): Turn | undefined
  /** Gives each turn's own passages in no time, whatever else the query holds, so that no design pays for retrieval. */
  knowledge: Knowledge
  /** Every search so far, as the characters of passages it gave; a design that fetched less would show here. */
  searches: number[]
}

/** Passages that one search gives: what our specialists ask for. */
const PASSAGES_A_SEARCH = 4

/**
 * Reads the articles below a folder and prepares the ten turns from them.
 * @param answerCharacters about how long each answer is.
 * @throws {Error} when the folder holds too few articles to search in.
 */
export async function loadConversation(folder: string, answerCharacters: number): Promise<Conversation> {
  const passages = await readPassages(folder)
  const turns = SCRIPT.map((line) => {
    const found = rank(passages, line.text, [line.to, 'shared']).slice(0, PASSAGES_A_SEARCH)
    if (found.length < PASSAGES_A_SEARCH) throw new Error(`bench: ${folder} has too few articles for ${line.to}`)
    const said = sentencesOf(found, answerCharacters)
    const answer = said.map(({ sentence }) => sentence).join(' ')
    const citedAnswer = said.map(({ sentence, number }) => `${sentence} [${number}]`).join(' ')
    return { ...line, passages: found, answer, citedAnswer }
  })
  const turnIn = (text: string) => {
    const last = turns.map((turn) => ({ turn, at: text.lastIndexOf(turn.text) })).sort((a, b) => b.at - a.at)[0]
    if (last && last.at >= 0) return last.turn
    return turns.find((turn) => text.length >= SHORTEST_PART && turn.text.includes(text))
  }
  const searches: number[] = []
  const knowledge: Knowledge = {
    async search(query) {
      const given = turnIn(query)?.passages ?? []
      searches.push(given.reduce((sum, passage) => sum + passage.text.length, 0))
      return given
    },
  }
  return { turns, turnIn, knowledge, searches }
}

/** A part of a customer message that is searched for by itself is no shorter. */
const SHORTEST_PART = 15

/** Reads files only, so that a benchmark needs no database of its own; the passages are cut as the store's are. */
async function readPassages(folder: string): Promise<ScoredPassage[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'))
  const passages: ScoredPassage[] = []
  for (const file of files.sort()) {
    const [, front = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(readFileSync(join(folder, file), 'utf8')) ?? []
    const { title = basename(file, '.md'), scope = 'shared' } = (parse(front) ?? {}) as Record<string, string>
    const articleId = file.replace(/\.md$/, '')
    const article = { articleId, version: 1, scope, title, language: 'en', score: 0, support: 0.9 }
    for (const [ordinal, piece] of (await splitMarkdown(body, title)).entries())
      passages.push({ ...article, ...piece, id: `${articleId}#${ordinal}`, ordinal })
  }
  return passages
}

function rank(passages: ScoredPassage[], query: string, scopes: string[]): ScoredPassage[] {
  const words = new Set(wordsOf(query))
  return passages
    .filter((passage) => scopes.includes(passage.scope))
    .map((passage) => ({ ...passage, score: overlap(words, new Set(wordsOf(`${passage.title} ${passage.text}`))) }))
    .sort((a, b) => b.score - a.score || a.id.localeCompare(b.id))
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z]{4,}/g) ?? []
}

function overlap(query: Set<string>, words: Set<string>): number {
  return [...query].filter((word) => words.has(word)).length / query.size
}

/** Sentences and list items, passage by passage and from the beginning again, until the length is reached. */
function sentencesOf(passages: ScoredPassage[], characters: number): { sentence: string; number: number }[] {
  const all = passages.flatMap(({ text }, index) =>
    (text.match(/[A-Z](?:[^.!?\n|#]|\.(?=\d)){20,}[.!?](?!\d)/g) ?? []).map((sentence) => ({
      sentence,
      number: index + 1,
    })),
  )
  const said: typeof all = []
  for (let length = 0; all.length > 0; ) {
    const next = all[said.length % all.length] as (typeof all)[number]
    length += next.sentence.length + 1
    if (length > characters && said.length > 0) break
    said.push(next)
  }
  return said
}
