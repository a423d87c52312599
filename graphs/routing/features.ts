import { conceptsOf, deskConcepts, unslip } from './concepts.ts'
import { type Reading, stem } from './text.ts'

/** How many weights a class has: features are hashed into so many places (Weinberger et al. 2009). */
export const width = 1 << 16

/** A text as the classifier sees it: places in the weight table and the value at each, of length one together. */
export interface Features {
  places: Uint32Array
  values: Float32Array
}

function hash(text: string): number {
  let code = 0x811c9dc5
  for (let at = 0; at < text.length; at++) code = Math.imul(code ^ text.charCodeAt(at), 0x01000193)
  code ^= code >>> 15
  code = Math.imul(code, 0x2c1b3c6d)
  return ((code ^ (code >>> 13)) >>> 0) % width
}

const weightOfGroup = { word: 1, pair: 0.7, letters: 0.6, concept: 1.1, shape: 0.3 }

/** Where the weight of a word alone stands. */
export function placeOfWord(word: string): number {
  return hash(`w${stem(word)}`)
}

/**
 * Words, neighbouring words, letter 3- to 5-grams, concepts and pairs of concepts of a text, each group brought to its
 * own length so that a long message is not all letters.
 * @param known words that are no typing slip; others are read as the concept word one slip away.
 */
export function featuresOf(text: Reading, known: ReadonlySet<string>): Features {
  const read = text.words.slice(0, 80)
  const found = new Map<number, number>()
  const groups: Record<keyof typeof weightOfGroup, Set<string>> = {
    word: new Set(),
    pair: new Set(),
    letters: new Set(),
    concept: new Set(),
    shape: new Set(),
  }
  let strange = 0
  let before = '^'
  for (const written of read) {
    let word = written
    if (!known.has(stem(written)) && !written.startsWith('0')) {
      const meant = unslip(written)
      if (meant) word = meant
      else strange++
    }
    const root = stem(word)
    groups.word.add(`w${root}`)
    groups.pair.add(`p${before} ${root}`)
    before = root
    if (word.length >= 4 && !word.startsWith('0')) {
      const framed = `<${word.slice(0, 24)}>`
      for (const size of [3, 4, 5])
        for (let at = 0; at + size <= framed.length; at++) groups.letters.add(`l${framed.slice(at, at + size)}`)
    }
    for (const name of conceptsOf(word)) groups.concept.add(name)
  }
  groups.pair.add(`p${before} $`)
  const names = [...groups.concept].sort().slice(0, 12)
  groups.concept = new Set(names.map((name) => `c${name}`))
  for (const [at, name] of names.entries())
    for (const other of names.slice(at + 1)) groups.concept.add(`c${name}+${other}`)
  const [opening = '', second = ''] = read
  const mine = read.includes('my') ? 'my' : read.includes('i') || read.includes('me') ? 'i' : ''
  const yours = read.includes('your') || read.includes('you') ? 'you' : ''
  const support = names.filter((name) => deskConcepts.has(name)).length
  const other = names.length - support
  groups.shape.add(`f${opening}`)
  groups.shape.add(`f${opening} ${second}`)
  groups.shape.add(`m${mine}${yours}`)
  groups.shape.add(`fm${opening} ${mine}${yours}`)
  groups.shape.add(`d${Math.min(4, support)} ${Math.min(3, other)}`)
  groups.shape.add(`dm${Math.min(4, support)} ${Math.min(3, other)} ${mine}${yours}`)
  groups.shape.add(`s${Math.min(6, Math.ceil(read.length / 3))}`)
  groups.shape.add(`u${Math.min(4, strange)}`)
  if (names.length === 0) groups.shape.add('bare')
  for (const [group, set] of Object.entries(groups)) {
    const each = weightOfGroup[group as keyof typeof weightOfGroup] / Math.sqrt(set.size || 1)
    for (const feature of set) {
      const place = hash(feature)
      found.set(place, (found.get(place) ?? 0) + each)
    }
  }
  let length = 0
  for (const value of found.values()) length += value * value
  length = Math.sqrt(length) || 1
  return {
    places: Uint32Array.from(found.keys()),
    values: Float32Array.from(found.values(), (value) => value / length),
  }
}
