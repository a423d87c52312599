import { probabilities, regress, type Sample } from './classifier.ts'
import { trainingTexts } from './corpus.ts'
import type { Features } from './features.ts'
import { featuresOf } from './features.ts'
import { readText, stem } from './text.ts'

/** What a router reads of a specialist. */
export interface Described {
  name: string
  description: string
  examples: readonly string[]
}

/** The example nearest to a text. */
export interface Nearest {
  to: string
  example: string
  /** Cosine of the angle between the two, 0 to 1. */
  likeness: number
}

/** Finds the nearest of all specialists' examples; `undefined` when there are none. */
export function createNearestExample(specialists: readonly Described[], known: ReadonlySet<string>) {
  const all = specialists.flatMap(({ name, examples }) => examples.map((example) => ({ to: name, example })))
  // By feature, the examples that have it: a text shares features with few of them.
  const having = new Map<number, { of: number[]; value: number[] }>()
  for (const [of, { example }] of all.entries()) {
    const { places, values } = featuresOf(readText(example), known)
    for (const [at, place] of places.entries()) {
      const list = having.get(place) ?? { of: [], value: [] }
      list.of.push(of)
      list.value.push(values[at] as number)
      having.set(place, list)
    }
  }
  return ({ places, values }: Features): Nearest | undefined => {
    const likeness = new Float64Array(all.length)
    for (let at = 0; at < places.length; at++) {
      const list = having.get(places[at] as number)
      if (!list) continue
      const value = values[at] as number
      for (let one = 0; one < list.of.length; one++) {
        const of = list.of[one] as number
        likeness[of] = (likeness[of] as number) + value * (list.value[one] as number)
      }
    }
    let best = 0
    for (let of = 1; of < all.length; of++) if ((likeness[of] as number) > (likeness[best] as number)) best = of
    const nearest = all[best]
    return nearest && { ...nearest, likeness: likeness[best] as number }
  }
}

const carriers = [
  '*',
  '*',
  '*',
  'hi, *',
  'please help, *',
  '* please',
  'can you help me? *',
  'i want to know: *',
  '* thanks',
]
const namings = [
  '*',
  '* question',
  'a question about *',
  'my *',
  'help with *',
  'what is the *',
  'tell me about *',
  'how does * work',
]

/**
 * A classifier for specialists that the shipped model has never heard of, learned from their examples, names and the
 * parts of their descriptions against a sample of the training texts. Returns the probability of each, in the order
 * given.
 */
export function createNewcomers(newcomers: readonly Described[], known: ReadonlySet<string>) {
  if (newcomers.length === 0) return () => []
  const near = newcomers.map((one) => createNearestExample([one], known))
  const roots = new Set(newcomers.flatMap(({ name }) => name.split('-').map(stem)))
  const negatives: Sample[] = []
  for (const [at, { text }] of trainingTexts(1).entries()) {
    if (at % 4) continue
    const read = readText(text)
    if (read.words.length < 7 && read.words.some((word) => roots.has(stem(word)))) continue
    const features = featuresOf(read, known)
    if (near.every((nearest) => (nearest(features)?.likeness ?? 0) < 0.45))
      negatives.push({ features, label: 0, weight: 1 })
  }
  const teach = (label: number, weight: number, text: string) => ({
    features: featuresOf(readText(text), known),
    label,
    weight,
  })
  const positives = newcomers.flatMap(({ name, description, examples }, at) => [
    ...examples.flatMap((example) => carriers.map((carrier) => teach(at + 1, 3, carrier.replace('*', example)))),
    ...namings.map((naming) => teach(at + 1, 2, naming.replace('*', name.replaceAll('-', ' ')))),
    ...description
      .split(/[,.:;]| and /)
      .filter((part) => part.trim().length > 3)
      .map((part) => teach(at + 1, 2, part)),
  ])
  const samples = [...negatives]
  for (const [at, positive] of positives.entries())
    samples.splice(Math.floor(((at + 0.5) * (samples.length + 1)) / positives.length), 0, positive)
  const weights = regress(['none', ...newcomers.map(({ name }) => name)], samples, { epochs: 5 })
  return (features: Features): number[] => probabilities(weights, features).slice(1)
}
