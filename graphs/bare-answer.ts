import { readAnswer } from './answer.ts'
import type { SupportStateValue } from './state.ts'
import { threadOf, unansweredText } from './thread.ts'

const NOTHING_OPEN = 'Nothing is waiting for a yes or a no from you at the moment. What can I help you with?'
const GO_ON = 'Of course. What can I help you with?'
const WELL = 'All right. Is there anything else?'
const GOODBYE = 'All right. Write again whenever you need anything.'

/** Questions that ask for no particular thing. */
const ANYTHING_ELSE = /[^.!?\n]*\banything else\b[^?]*\?$/i
const WHAT_CAN_I_DO = /[^.!?\n]*\bwhat can i (?:help you with|do for you)\?$/i
/** What a reply wants to know, also where it does not put it as a question. */
const ASKS = /\?|\b(?:confirm|tell me|let me know|please (?:check|try|say))\b/i
/** Said of an answer that was understood, and a yes only where something was asked. */
const HEARD = /^(?:ok(?:ay|ey)?|k|sure|👍|👌|🆗)\b|^\p{Extended_Pictographic}/iu

/**
 * The reply to a message that is only a yes or a no where nothing was asked: no article and no model knows what it is
 * the answer to. Undefined where something may have been asked, and for anything else that was written.
 */
export function bareAnswer(state: Pick<SupportStateValue, 'messages'>): string | undefined {
  const text = unansweredText(state)
  const { answer, rest } = readAnswer(text, [])
  if (answer === 'other' || rest !== '') return undefined
  const last = threadOf(state.messages).findLast(({ role }) => role !== 'customer')
  if (last?.role === 'agent') return undefined
  const end = last?.text.split('\n\n').at(-1)?.trim() ?? ''
  const before = end.replace(ANYTHING_ELSE, '').replace(WHAT_CAN_I_DO, '')
  if (ASKS.test(before)) return undefined
  if (ANYTHING_ELSE.test(end)) return answer === 'yes' ? GO_ON : GOODBYE
  return answer === 'yes' && HEARD.test(text.trim()) ? WELL : NOTHING_OPEN
}
