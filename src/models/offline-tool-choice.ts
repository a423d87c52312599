import { stem } from '../../graphs/routing/text.ts'
import type { OfflineHints } from '../../graphs/tool.ts'
import { conceptsOf } from '../../knowledge/concepts.ts'
import { type Clause, clausesOf, type Mood, readClause, telltale } from './offline-clauses.ts'

/** A bound tool as the offline model sees it. */
export interface OfflineTool {
  name: string
  schema: unknown
  /** Without them it is called only because another tool's result says so. */
  hints: OfflineHints | undefined
}

/** Finds the tool that a message asks for; undefined where none is surely meant. */
export type ChooseTool = (text: string) => OfflineTool | undefined

/** At this likeness an example and a clause want the same. */
const ALIKE = 0.62
/** What asks how things work has to be almost the example's words: another "do you" is for an article. */
const ALMOST_THE_SAME = 0.8
/** A word that the example has not tells a little less than one it has: it may only name another thing of the shop's. */
const OTHER_WORD = 0.8

interface Example extends Clause {
  tool: OfflineTool
}

/**
 * Chooses by the examples of the tools: the nearest one to a clause of the same mood, by the stems and concepts they
 * share (Dice 1945, weighted). A clause that asks how something works has no tool.
 */
export function createToolChoice(tools: OfflineTool[]): ChooseTool {
  const examples = tools.flatMap((tool): Example[] =>
    readExamples(tool.hints?.examples ?? []).map((clause) => ({ ...clause, tool })),
  )
  const verbs = new Set(examples.filter(({ mood }) => mood === 'request').map(({ opening }) => opening))
  const telling = tellingVerbs(examples)

  return (text) => {
    let best: { tool: OfflineTool; likeness: number; mood: Mood } | undefined
    // What is wanted says more than what happened: requests first.
    const clauses = readAll(text).sort((left, right) => urgency(right) - urgency(left))
    for (const clause of clauses) {
      if (best?.mood === 'request' && clause.mood !== 'request') break
      for (const example of examples) {
        if (!comparable(clause, example, verbs)) continue
        if (telling.some((verb) => clause.terms.has(verb) && !example.terms.has(verb))) continue
        if (telling.includes(stem(example.opening)) ? !means(clause, example.opening) : !sharesSubject(clause, example))
          continue
        const likeness = likenessOf(clause.terms, example.terms)
        const enough = clause.mood === 'general' ? ALMOST_THE_SAME : ALIKE
        if (likeness >= enough && likeness > (best?.likeness ?? 0))
          best = { tool: example.tool, likeness, mood: clause.mood }
      }
    }
    return best?.tool
  }
}

// A tool is bound for every turn, with the same examples.
const readBefore = new WeakMap<string[], Clause[]>()

/** What each example asks for stands in its last clause. */
function readExamples(examples: string[]): Clause[] {
  const known = readBefore.get(examples)
  if (known) return known
  const clauses = examples.flatMap((text) => clausesOf(text).slice(-1))
  readBefore.set(examples, clauses)
  return clauses
}

function urgency({ mood }: Clause): number {
  return mood === 'request' ? 1 : 0
}

const SHORT_MESSAGE = 160

/** Its clauses, a short message as a whole (a seam may be none), and "open a ticket" of "open a ticket about …". */
function readAll(text: string): Clause[] {
  const clauses = clausesOf(text)
  const whole = clauses.length > 1 && text.length <= SHORT_MESSAGE ? [readClause(text)] : []
  const [wanted = '', subject] = text.split(/\babout\b/i)
  return [...clauses, ...whole, ...(subject === undefined ? [] : clausesOf(wanted).slice(-1))]
}

function comparable(clause: Clause, example: Example, verbs: ReadonlySet<string>): boolean {
  if (clause.mood !== example.mood || clause.negated !== example.negated) return false
  if (clause.mood === 'statement' && sharedWords(clause, example) < Math.min(2, fullWords(example))) return false
  // "The reset did not help" is not "the reset".
  if (clause.mood === 'statement' && example.terms.has('not') && !clause.terms.has('not')) return false
  if (clause.mood === 'statement' && example.opening === 'it' && clause.opening !== 'it') return false
  if (clause.mood === 'question' && clause.allowed !== '' && !means(example, clause.allowed)) return false
  if (clause.mood !== 'request') return clause.personal || !example.personal
  return clause.opening === example.opening || verbs.has(clause.opening) || clause.framed
}

/**
 * The verbs that are a tool's own ("cancel", "reset"), as stems: where a clause has one, so must the example. "Show"
 * opens requests for many tools and tells nothing.
 */
function tellingVerbs(examples: Example[]): string[] {
  const uses = new Map<string, Map<OfflineTool, number>>()
  for (const { mood, opening, tool, terms } of examples) {
    const verb = stem(opening)
    if (mood !== 'request' || terms.get(verb) !== 1) continue
    const byTool = uses.get(verb) ?? new Map<OfflineTool, number>()
    uses.set(verb, byTool.set(tool, (byTool.get(tool) ?? 0) + 1))
  }
  return [...uses].filter(([, byTool]) => byTool.size < 3 && Math.max(...byTool.values()) >= 3).map(([verb]) => verb)
}

/** Whether a clause has a verb or another word for it. */
function means({ terms }: Clause, verb: string): boolean {
  return terms.has(stem(verb)) || conceptsOf(verb).some((concept) => terms.has(concept))
}

/** Whether a clause has some word that says what the example is about, besides "send" or "show". */
function sharesSubject({ terms }: Clause, example: Example): boolean {
  const verb = new Set([stem(example.opening), ...conceptsOf(example.opening)])
  const subject = [...example.terms].filter(([term, weight]) => weight > 0.5 && !verb.has(term) && !telltale.has(term))
  return subject.length === 0 || subject.some(([term]) => terms.has(term))
}

function sharedWords({ terms }: Clause, example: Example): number {
  return [...terms].filter(([term, weight]) => weight === 1 && example.terms.has(term)).length
}

function fullWords({ terms }: Clause): number {
  return [...terms.values()].filter((weight) => weight === 1).length
}

function likenessOf(said: Map<string, number>, example: Map<string, number>): number {
  let shared = 0
  let all = 0
  for (const [term, weight] of said) {
    if (example.has(term)) shared += 2 * weight
    all += example.has(term) ? weight : weight * OTHER_WORD
  }
  for (const weight of example.values()) all += weight
  return all === 0 ? 0 : shared / all
}
