import { isFunctionWord, stemOf, wordsOf } from '../../knowledge/words.ts'
import { defineEffectTool, type EffectTool, type Tool } from '../tool.ts'
import { numbered } from './wording.ts'

/** The one thing that is meant, or the question which it is. */
export type Choice<T> = { one: T; question?: never } | { one?: never; question: string }

/** How to choose among things of a kind. */
export interface Choosing<T> {
  /** Whatever was said about the one that is meant: an id, a name, a whole sentence. */
  words?: string | undefined
  /** Everything by which one of them may be called. */
  describe(thing: T): string
  /** One of them in a list for the customer. */
  line(thing: T): string
  /** Ends with a question mark. */
  question: string
}

/** As many as a customer reads through. */
const MOST_SHOWN = 6

/** For the offline model: all that the customer said, where a tool picks the words it knows. */
export const ANY_WORDS = /[\s\S]+/

/**
 * Chooses the thing that the words fit best, if it is only one; null where there is nothing to choose from, or where
 * the words are an id and none of the things has it: what is not there must not become what is.
 */
export function choose<T>(things: T[], { words, describe, line, question }: Choosing<T>): Choice<T> | null {
  const id = words?.trim() ?? ''
  const fitting = isId(id) ? things.filter((thing) => has(describe(thing), id)) : fits(things, words, describe)
  const [one] = fitting
  if (one === undefined) return null
  if (fitting.length === 1) return { one }
  return { question: `${numbered(fitting.slice(0, MOST_SHOWN).map(line))}\n\n${question}` }
}

/** `ch_1001a`, `JACKET-BLK-M`, `LK1005MESH6A`; no `Mesh6` and no `Wi-Fi`. */
function isId(text: string): boolean {
  return (
    /^(?=.*\d)(?:[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)+|[A-Z0-9]{8,})$/.test(text) || /^[A-Z0-9]+(?:-[A-Z0-9]+)+$/.test(text)
  )
}

function has(description: string, id: string): boolean {
  return description.toLowerCase().split(/\s+/).includes(id.toLowerCase())
}

/**
 * An effect tool whose facts have a choice in them: until it is made, the tool is precluded by its question, and stands
 * for nothing that could be done.
 */
export function defineChoosingTool<Args, Facts extends { choice: Choice<unknown> }, Result>(
  tool: EffectTool<Args, Facts, Result>,
): Tool {
  const { amount, remainder } = tool
  const open = ({ choice }: Facts) => choice.question !== undefined
  return defineEffectTool<Args, Facts, Result>({
    ...tool,
    precondition(facts, args) {
      const { question } = facts.choice
      return question === undefined ? tool.precondition(facts, args) : { code: `${tool.name}.which`, message: question }
    },
    // What plans an effect may ask these before the precondition.
    object: (args, facts) => (open(facts) ? `${tool.name}:open` : tool.object(args, facts)),
    businessKey: (args, facts) => (open(facts) ? `${tool.name}:open` : tool.businessKey(args, facts)),
    proposal: (args, facts) => (open(facts) ? '' : tool.proposal(args, facts)),
    ...(amount && { amount: (args: Args, facts: Facts) => (open(facts) ? NO_MONEY : amount(args, facts)) }),
    ...(remainder && { remainder: (facts: Facts) => (open(facts) ? NO_MONEY : remainder(facts)) }),
  })
}

/** XXX is ISO 4217's code for no currency. */
const NO_MONEY = { minor: 0, currency: 'XXX' }

/** The chosen one, where there is no question left. */
export function chosen<T>(choice: Choice<T>): T {
  if (choice.one === undefined) throw new Error('nothing is chosen yet')
  return choice.one
}

/** The things that share most words with what was said; all of them where none shares any. */
export function fits<T>(things: T[], words: string | undefined, describe: (thing: T) => string): T[] {
  const said = termsOf(words ?? '')
  const scores = things.map((thing) => [...termsOf(describe(thing))].filter((term) => said.has(term)).length)
  const best = Math.max(0, ...scores)
  return things.filter((_, index) => scores[index] === best)
}

const sizes: Record<string, string> = { small: 's', medium: 'm', large: 'l' }

/** Stems of what tells things apart, sizes among them: a single capital letter, or its word. */
function termsOf(text: string): Set<string> {
  const letters = text.match(/\b(?:X{0,3}[SML]|XXL)\b/g) ?? []
  const spelt = text.toLowerCase().replace(/\bextra[- ](small|large)\b/g, (_, size: string) => `x${sizes[size]}`)
  const words = wordsOf(spelt).filter((word) => !isFunctionWord(word))
  const known = words.map((word) => sizes[word] ?? stemOf(word))
  return new Set([...known.map((word) => (/^x*[sml]$/.test(word) ? `size ${word}` : word)), ...letters.map(sizeOf)])
}

function sizeOf(letters: string): string {
  return `size ${letters.toLowerCase()}`
}
