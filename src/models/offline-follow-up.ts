import { stemsOf } from '../../knowledge/words.ts'
import { readClause } from './offline-clauses.ts'
import type { ChooseTool, OfflineTool } from './offline-tool-choice.ts'

/** The thread before the customer's message that is being answered, oldest first. */
export interface Said {
  by: 'customer' | 'us'
  text: string
}

/** What a tool asked back is answered within so many messages of the customer. */
const LOOKED_BACK = 3
const SHORT_WORDS = 10
const declining =
  /^(?:no|nope|nah|never ?mind|forget it|none|neither|stop|cancel that)\b(?:[\s.!,]|of (?:them|these|those)|thanks?|thank you|please)*$/i

/**
 * The request that a message answers a question about, with all that was said for it, the newest first in one text:
 * the answer, the line of our list that it picks, and the customer's messages since the request.
 */
export function followUp(
  text: string,
  thread: Said[],
  choose: ChooseTool,
): { tool: OfflineTool; text: string } | undefined {
  const asked = thread.at(-1)
  if (asked?.by !== 'us' || !asked.text.trimEnd().endsWith('?') || !answers(text)) return undefined
  const picked = pickedLine(asked.text, text)
  const said = [text, ...(picked ? [picked] : [])]
  const messages = thread.filter(({ by }) => by === 'customer').slice(-LOOKED_BACK)
  for (const message of messages.reverse()) {
    said.push(message.text)
    const tool = choose(message.text)
    if (tool) return { tool, text: said.join('\n') }
  }
  return undefined
}

function answers(text: string): boolean {
  if (declining.test(text.trim())) return false
  const { mood } = readClause(text)
  return mood !== 'general' && mood !== 'question' && text.trim().split(/\s+/).length <= SHORT_WORDS
}

const ordinals = [
  /\b(?:first|1st|top(?:most)?)\b|^\s*(?:number |no\.? ?|#)?1[.)]?\s*$/i,
  /\b(?:second|2nd)\b|^\s*(?:number |no\.? ?|#)?2[.)]?\s*$/i,
  /\b(?:third|3rd)\b|^\s*(?:number |no\.? ?|#)?3[.)]?\s*$/i,
  /\b(?:fourth|4th)\b|^\s*(?:number |no\.? ?|#)?4[.)]?\s*$/i,
  /\b(?:fifth|5th)\b|^\s*(?:number |no\.? ?|#)?5[.)]?\s*$/i,
  /\b(?:sixth|6th)\b|^\s*(?:number |no\.? ?|#)?6[.)]?\s*$/i,
]

/** The line of a numbered list that an answer means: by its place, or because it alone has most of the words. */
function pickedLine(list: string, answer: string): string | undefined {
  const lines = [...list.matchAll(/^\d+\. (.+)$/gm)].map(([, line = '']) => line)
  if (/\b(?:last|bottom)(?: one)?\b/i.test(answer)) return lines.at(-1)
  const place = ordinals.findIndex((ordinal) => ordinal.test(answer))
  if (place >= 0) return lines[place]
  const words = new Set(stemsOf(answer))
  const scores = lines.map((line) => new Set(stemsOf(line).filter((stem) => words.has(stem))).size)
  const best = Math.max(0, ...scores)
  return best > 0 && scores.filter((score) => score === best).length === 1 ? lines[scores.indexOf(best)] : undefined
}
