import { LRUCache } from 'lru-cache'
import { stemsOf } from '../../knowledge/words.ts'

const NEGATION =
  /\b(?:not|no|never|none|nothing|nobody|neither|nor|without|cannot|unable|impossible|excluded?|afraid not)\b|n['’]t\b|\b(?:nicht|kein\w*|nie|pas|aucune?|jamais|nunca|ningun\w*)\b/iu
const COURTESY = /\b(?:no (?:problem|worries|doubt)|not at all)\b/gi
const CONDITION =
  /\b(?:if|unless|only|except|without|until|when|once|while|as long as|as soon as|provided|in case|wenn|falls|nur|si|sauf|seulement|solo|sólo)\b/iu

/** The sentences of a reply, each without list and citation marks. A date's `3.` ends none. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/\n+/)
    .map((line) => line.replace(/^\s*(?:[-*+•]|\d{1,2}[.)])\s+/, '').replace(/\[\d{1,2}\]/g, ' '))
    .flatMap((line) =>
      line.split(/(?<=[.!?…]["'”’)]?)(?<!(?:\b\d{1,2}|\b(?:Mr|Mrs|Ms|Dr|St|No|Nr))\.)\s+(?=[^\p{Ll}])/u),
    )
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}

/** The parts of a sentence that say something by themselves. */
export function clausesOf(sentence: string): string[] {
  return sentence.split(/[;:]\s+|,?\s+(?:and|but|because|so|und|aber|weil|mais|pero)\s+/i).filter((part) => part !== '')
}

/** What a clause is about, and whether it denies it. */
export interface Reading {
  stems: Set<string>
  negated: boolean
  /** Holds under a condition, or for some only. */
  conditional: boolean
}

export function readingOf(clause: string): Reading {
  const known = kept.get(clause)
  if (known) return known
  const reading = {
    stems: new Set(stemsOf(clause)),
    negated: isNegated(clause),
    conditional: CONDITION.test(clause),
  }
  kept.set(clause, reading)
  return reading
}

/** A clause is read for each check, and those of articles at each reply. */
const KEPT = 5_000
const kept = new LRUCache<string, Reading>({ max: KEPT })

export function isNegated(sentence: string): boolean {
  return NEGATION.test(sentence.replace(COURTESY, ' '))
}

export function isConditional(sentence: string): boolean {
  return CONDITION.test(sentence)
}

export function isQuestion(sentence: string): boolean {
  return /\?["'”’)]?\s*$/.test(sentence)
}

/** The share of `wanted` that `have` has. */
export function share(wanted: Set<string>, have: Set<string>): number {
  if (wanted.size === 0) return 0
  let shared = 0
  for (const stem of wanted) if (have.has(stem)) shared += 1
  return shared / wanted.size
}
