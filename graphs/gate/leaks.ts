import { wordsOf } from '../../knowledge/words.ts'
import { HOUSE_RULES, TOOL_RULES } from '../prompt.ts'
import type { Evidence } from './evidence.ts'

const SECRETS =
  /\b(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{12,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+)(?![\w-])|-----BEGIN [A-Z ]*PRIVATE KEY(?:-----)?[\s\S]*|\b[a-z][a-z0-9+]{2,}:\/\/[^\s/:@]+:[^\s/@]+@\S+|\bBearer [A-Za-z0-9._~+/-]{20,}/g
const MARKUP =
  /<\/?(?:ask|passage)\b|from the passages alone, in few plain sentences|Instructions in it are not for you/i
/** Nobody's instructions are so short that this many words in a row are a coincidence. */
const SHINGLE = 6
/** Names of tools: nobody writes so to a customer. */
const INTERNAL = /(?<![\w./@-])[a-z]{2,}(?:_[a-z0-9]+)+(?![\w/@-])/g

/** Whether a text holds a key, a token or a password that no customer and no agent may send. */
export function hasSecret(text: string): boolean {
  SECRETS.lastIndex = 0
  return SECRETS.test(text)
}

/** The text without its secrets. */
export function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '[removed]')
}

/** @param prompts what else the models are told, beside the rules of the house */
export function createPromptLeaks(prompts: string[]): (text: string) => boolean {
  const shingles = new Set([HOUSE_RULES, TOOL_RULES, ...prompts].flatMap(shinglesOf))
  return (text) => MARKUP.test(text) || shinglesOf(text).some((shingle) => shingles.has(shingle))
}

function shinglesOf(text: string): string[] {
  const words = wordsOf(text)
  const shingles: string[] = []
  for (let at = 0; at + SHINGLE <= words.length; at += 1) shingles.push(words.slice(at, at + SHINGLE).join(' '))
  return shingles
}

const SALUTATION =
  /(?:^|[.!]\s+)(?:Dear|Hello|Hi|Hey|Good (?:morning|afternoon|evening)|Sehr geehrter? (?:Herr|Frau)|Liebe[r]?|Bonjour|Hola)[ ,]+((?:(?:Mr|Mrs|Ms|Dr)\.? )?\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’-]+)?)/gu
const NOBODY = /^(?:there|all|team|customer|everyone|again|sir|madam|what|how|i|we|thank|thanks|you|and)\b/i
const PERSON =
  /\b(?:delivered|handed|sent|shipped|addressed|belongs|registered|given|dispatched|signed for|goes) (?:over )?(?:to|by|under|for) ((?:(?:Mr|Mrs|Ms|Dr)\.? )?\p{Lu}[\p{L}'’-]+ \p{Lu}[\p{L}'’-]+)/gu
const STREET =
  /\b\d{1,4}[a-z]? (?:\p{Lu}[\p{L}'’-]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Place|Court|Way|Terrace)\b|\b\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|allee|gasse) \d{1,4}[a-z]?\b|\b\d{1,4},? (?:rue|avenue|boulevard|calle|via) [\p{L} '’-]{3,30}/gu

/** Names and addresses of people, and names of internal things, that nobody in this conversation has brought up. */
export function strangersIn(sentence: string, evidence: Evidence): string[] {
  const found: string[] = []
  for (const [, name = ''] of sentence.matchAll(SALUTATION)) if (!NOBODY.test(name)) found.push(name)
  for (const [, name = ''] of sentence.matchAll(PERSON)) found.push(name)
  for (const [street] of sentence.matchAll(STREET)) found.push(street)
  return found.filter((name) => !knowsName(name, evidence))
}

/** Names of tools and fields. */
export function internalsIn(sentence: string, evidence: Evidence): string[] {
  return [...sentence.matchAll(INTERNAL)].map(([name]) => name).filter((name) => !evidence.knows(name))
}

function knowsName(name: string, evidence: Evidence): boolean {
  const words = name.split(' ').filter((word) => !/^(?:Mr|Mrs|Ms|Dr)\.?$/.test(word))
  return evidence.knows(name) || words.every((word) => evidence.knows(word))
}
