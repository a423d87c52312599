import { quantile, type Setting, type Variant, withOpen } from './measure.ts'

/** What one ever longer thread costs. */
export interface LongThread {
  turns: number
  /** Own milliseconds around the turns of `WATCHED`: the median of a window of eleven turns; absent beyond the end. */
  millisecondsAt: Record<number, number>
  /** Database files at the end, the write-ahead log moved into them. */
  bytesStored: number
  /** Customer's and specialist's text, a turn. */
  charactersATurn: number
}

/** The turns whose cost is reported. */
export const WATCHED = [10, 100, 400]

const WINDOW = 5
const ANSWER_CHARACTERS = 1110

/**
 * Runs one thread of so many turns, about 1,200 characters each, the ten scripted turns over and over, or until the
 * seconds are spent.
 */
export function measureLongThread(
  setting: Setting,
  variant: Variant,
  most: { turns: number; seconds: number },
): Promise<LongThread> {
  return withOpen(setting, variant, ANSWER_CHARACTERS, async ({ open, conversation }) => {
    const script = conversation.turns
    for (const { text } of script) await open.turn(crypto.randomUUID(), text)
    const thread = crypto.randomUUID()
    const milliseconds: number[] = []
    let characters = 0
    const end = performance.now() + most.seconds * 1000
    let turns = 0
    for (; turns < most.turns && performance.now() < end; turns++) {
      const text = script[turns % script.length]?.text ?? ''
      const start = performance.now()
      const reply = await open.turn(thread, text)
      milliseconds.push(performance.now() - start)
      characters += text.length + reply.length
    }
    const around = (turn: number) => quantile(milliseconds.slice(turn - 1 - WINDOW, turn + WINDOW), 0.5)
    return {
      turns,
      millisecondsAt: Object.fromEntries(WATCHED.filter((turn) => turn <= turns).map((turn) => [turn, around(turn)])),
      bytesStored: await open.bytesStored(),
      charactersATurn: characters / turns,
    }
  })
}
