import type { Ask } from './route.ts'

const seam =
  /(?<=[.!?;])\s+|\s*\n\s*|,?\s+(?:and also|and|also|but also|plus|as well as|besides|in addition|additionally|another thing|on top of that)\s+/iu

/** How a sentence opens that only tells more, or what is wanted, of the one before, or begins a story. */
const leansBack =
  /^(?:it|that|this|they|(?:ok(?:ay)? |well )?so,? i|i have no idea|i do ?n[o']t (?:know|remember)|i would like to get my money|i (?:want|need|demand) (?:a|my) (?:refund|money)|(?:please )?(?:can|could) you (?:please )?(?:help|refund|tell me why)|get me my|please refund|refund me|give me|now i|looked|noticed|i (?:looked|checked|noticed))\b/i

/** A condition about what stands before: it says nothing of what is asked. */
const condition = /^if (?:you|it|that|this|they) (?:\S+ ){0,4}?(?:it|that|this|them)\b,?\s*/i

/** A part that is less sure than this stays with the part before it. */
const LEAST_SURE = 0.65

/**
 * The asks of one message when at least two of its parts belong, each surely, to different specialists; else none.
 * Parts are what stands between the ends of sentences and words such as "and" and "also"; a part that leans on the one before is no ask of its own.
 */
export function findAsks(
  text: string,
  guess: (part: string) => { to: string; confidence: number; continues: number },
  specialists: ReadonlySet<string>,
): Ask[] {
  if (text.length > 1200) return []
  const parts = text.split(seam).map((part) => part.trim())
  if (parts.length < 2 || parts.length > 12) return []
  const asks: Ask[] = []
  for (const part of parts) {
    if (part.split(/\s+/).length < 3 || leansBack.test(part)) continue
    const { to, confidence, continues } = guess(part.replace(condition, ''))
    if (!specialists.has(to) || confidence < LEAST_SURE || continues > 0.2) continue
    const last = asks.at(-1)
    if (last?.to === to) last.text = text.slice(text.indexOf(last.text), text.indexOf(part) + part.length)
    else asks.push({ text: part, to })
  }
  return new Set(asks.map(({ to }) => to)).size > 1 ? asks : []
}
