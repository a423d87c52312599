import { setImmediate as nextTick } from 'node:timers/promises'
import type { EmbeddingsInterface } from '@langchain/core/embeddings'
import { conceptsOf } from './concepts.ts'
import { isFunctionWord, stemOf, wordsOf } from './words.ts'

/** Embeddings with the name that is stored beside each vector: another name means that vectors must be made anew. */
export interface NamedEmbeddings extends EmbeddingsInterface {
  readonly name: string
}

/** Gives any LangChain embeddings the name of its model, such as `text-embedding-3-small`. */
export function nameEmbeddings(name: string, model: EmbeddingsInterface): NamedEmbeddings {
  return {
    name,
    embedDocuments: (texts) => model.embedDocuments(texts),
    embedQuery: (text) => model.embedQuery(text),
  }
}

const SHORTEST_GRAM = 3
const LONGEST_GRAM = 5
const FUNCTION_WORD_WEIGHT = 0.1
const CONCEPT_WEIGHT = 2

const TEXTS_A_TICK = 4

/** Bump when a text would get another vector than before: stored vectors are then made anew. */
const REVISION = 1

/**
 * Embeddings without a model and without a network: stems, concepts and the character 3- to 5-grams of each word,
 * damped by a square root and hashed with signs into unit vectors (the hashing trick, Weinberger et al. 2009).
 * Deterministic: the same text has the same vector on every machine. Catches inflections, compounds and typing errors;
 * knows of meanings only what the table of concepts says.
 */
export function createLocalEmbeddings({ dimensions = 512 }: { dimensions?: number } = {}): NamedEmbeddings {
  const embed = (text: string) => hashIntoVector(featuresOf(text), dimensions)
  return {
    name: `local-${dimensions}-${REVISION}`,
    async embedDocuments(texts) {
      const vectors: number[][] = []
      for (const [index, text] of texts.entries()) {
        vectors.push(embed(text))
        // Whoever asks a question meanwhile must not wait for all of them.
        if (index % TEXTS_A_TICK === TEXTS_A_TICK - 1) await nextTick()
      }
      return vectors
    },
    embedQuery: async (text) => embed(text),
  }
}

function featuresOf(text: string): Map<string, number> {
  const features = new Map<string, number>()
  const add = (feature: string, weight: number) => features.set(feature, (features.get(feature) ?? 0) + weight)
  for (const word of wordsOf(text)) {
    const weight = isFunctionWord(word) ? FUNCTION_WORD_WEIGHT : 1
    add(`=${stemOf(word)}`, weight)
    const padded = ` ${word} `
    for (let length = SHORTEST_GRAM; length <= LONGEST_GRAM; length += 1) {
      for (let start = 0; start + length <= padded.length; start += 1) {
        add(padded.slice(start, start + length), weight)
      }
    }
  }
  for (const concept of conceptsOf(text)) add(concept, CONCEPT_WEIGHT)
  return features
}

function hashIntoVector(features: Map<string, number>, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0)
  for (const [feature, weight] of features) {
    const hash = hashOf(feature)
    const place = (hash >>> 1) % dimensions
    vector[place] = (vector[place] ?? 0) + (hash & 1 ? 1 : -1) * Math.sqrt(weight)
  }
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

/** FNV-1a over UTF-16 units, finished with MurmurHash3's mixer so that low bits are usable. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
