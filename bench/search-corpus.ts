import { setImmediate as nextTick } from 'node:timers/promises'
import type { NamedEmbeddings } from '../knowledge/embeddings.ts'
import type { Article } from '../knowledge/passage.ts'

/** Numbers from 0 to 1 that are the same for every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Passages of each article. */
export const PASSAGES = 4
const WORDS = 120
const TOPICS = 400
const TOPIC_WORDS = 60
const VOCABULARY = 20_000
const SYLLABLES = 'ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dri fro gru'.split(' ')
const FUNCTION_WORDS = 'the a of to and in is you it for on with as be this have from or your that'.split(' ')

/** Articles of made-up words: each is about one topic, and words are as unequal in their use as real ones. */
export function createCorpus(seed: number) {
  const random = createRandom(seed)
  const pick = <T>(items: T[]): T => items[Math.floor(random() * items.length)] as T
  const word = () => Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(SYLLABLES)).join('')
  const vocabulary = Array.from({ length: VOCABULARY }, word)
  // Zipf's law: the share of the word at rank r falls with 1/r.
  const common = () => vocabulary[Math.floor(VOCABULARY ** random()) - 1] as string
  const topics = Array.from({ length: TOPICS }, () => Array.from({ length: TOPIC_WORDS }, () => pick(vocabulary)))
  const about = (topic: string[], length: number) =>
    Array.from({ length }, () => {
      const kind = random()
      return kind < 0.3 ? pick(FUNCTION_WORDS) : kind < 0.6 ? common() : pick(topic)
    }).join(' ')

  return {
    embeddings: madeUpEmbeddings(topics, random),
    article(number: number, scope: string): Article {
      const topic = pick(topics)
      const sections = Array.from({ length: PASSAGES }, () => `## ${about(topic, 3)}\n\n${about(topic, WORDS)}.`)
      const title = about(topic, 5)
      const id = `made-up/${number}`
      const text = sections.join('\n\n')
      return { id, scope, title, language: 'en', aliases: [], questions: [], text, source: `${id}.md` }
    },
    /** Eight words, most of one topic. */
    query: () => about(pick(topics), 8),
  }
}

const DIMENSIONS = 384
/** How far a word lies from the middle of its topic, and how little a word without a topic says. */
const SPREAD = 0.7
const PALE = 0.15

/**
 * Embeddings that put texts of one topic together, as a model does and hashed words do not: the mean of their words'
 * vectors, and a word lies around the middle of its topic. For the time it takes and for the share of true neighbours
 * that is found, what counts is that texts lie in groups.
 */
function madeUpEmbeddings(topics: string[][], random: () => number): NamedEmbeddings {
  // Box and Muller (1958).
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const draw = (length: number) => Float32Array.from({ length: DIMENSIONS }, () => normal() * length)
  const words = new Map<string, Float32Array>()
  for (const topic of topics) {
    const middle = draw(1)
    for (const word of topic)
      if (!words.has(word))
        words.set(
          word,
          draw(SPREAD).map((value, at) => value + (middle[at] ?? 0)),
        )
  }
  const vectorOf = (word: string) => {
    let vector = words.get(word)
    if (!vector) {
      vector = draw(PALE)
      words.set(word, vector)
    }
    return vector
  }
  const embed = (text: string) => {
    const sum = new Array<number>(DIMENSIONS).fill(0)
    for (const word of text.match(/[a-z]+/g) ?? []) {
      const vector = vectorOf(word)
      for (let index = 0; index < DIMENSIONS; index += 1)
        sum[index] = (sum[index] as number) + (vector[index] as number)
    }
    return sum
  }
  return {
    name: `made-up-${DIMENSIONS}`,
    async embedDocuments(texts) {
      const vectors: number[][] = []
      for (const text of texts) {
        vectors.push(embed(text))
        await nextTick()
      }
      return vectors
    },
    embedQuery: async (text) => embed(text),
  }
}
