import { readAnswer } from './answer.ts'
import { codeIn, emailIn, NOT_VERIFIED } from './asking.ts'
import { bareAnswer } from './bare-answer.ts'
import { OUT_OF_SCOPE } from './routing/route.ts'
import type { Pending, SupportStateUpdate, SupportStateValue, Task } from './state.ts'
import { threadOf, unansweredText } from './thread.ts'

/** What a message means for what the customer was asked before. */
export interface PendingStep {
  /** The specialist whose question it answers, or who had the conversation; undefined where it is about something else. */
  owner?: string
  /** For people who debug: why. */
  reason: string
  update: SupportStateUpdate
  /** A fixed text that is the whole answer. */
  say?: string
}

/** Reads a message as the answer to what is pending, if anything is; in code, without a model. */
export function pendingStep(state: SupportStateValue): PendingStep | undefined {
  const { pending } = state
  const text = unansweredText(state)
  if (pending?.kind === 'verify') return verifyStep(state, pending, text)
  const step = pending ? confirmStep(state, pending, text) : undefined
  return step?.owner ? step : (unaskedStep(state) ?? step)
}

function unaskedStep(state: SupportStateValue): PendingStep | undefined {
  const say = bareAnswer(state)
  if (!say) return undefined
  return { owner: state.specialist ?? OUT_OF_SCOPE, reason: 'answers nothing that was asked', update: {}, say }
}

function confirmStep(
  state: SupportStateValue,
  pending: Extract<Pending, { kind: 'confirm' }>,
  text: string,
): PendingStep {
  const { specialist: owner, effects } = pending
  const about = effects.map(({ summary }) => summary)
  // Whatever was said after the question, it is not what a yes answers any more.
  const { answer, rest } = lastReplyId(state) === pending.replyId ? readAnswer(text, about) : OTHER
  const more = rest !== ''
  if (answer === 'other') return { reason: 'goes on to something else', update: {} }
  const task: Task =
    answer === 'yes'
      ? { kind: 'perform', effects: effects.map(({ key, argsHash }) => ({ key, argsHash })), more }
      : { kind: 'cancel', effects, more }
  return { owner, reason: `said ${answer} to: ${about.join('; ')}`.slice(0, 300), update: { pending: null, task } }
}

const OTHER = { answer: 'other', rest: '' } as const
const AGAIN =
  /\b(?:again|resend|re-send|another code|new code|(?:no|not|didn'?t|never)\b.*\b(?:get|got|receive\w*|arrive\w*|came|come|code))\b/i

function verifyStep(
  state: SupportStateValue,
  pending: Extract<Pending, { kind: 'verify' }>,
  text: string,
): PendingStep {
  const { specialist: owner } = pending
  const reason = 'proves who they are'
  const code = pending.stage === 'code' ? codeIn(text) : undefined
  if (code) return { owner, reason, update: { task: { kind: 'check-code', code } } }
  const email = emailIn(text) ?? (pending.stage === 'code' && AGAIN.test(text) ? lastEmail(state) : undefined)
  if (email) return { owner, reason, update: { task: { kind: 'send-code', email } } }
  const { answer, rest } = readAnswer(text, [])
  if (answer === 'no' && rest === '')
    return { owner, reason: 'does not want to be verified', update: { pending: null }, say: NOT_VERIFIED }
  if (answer === 'no') return { reason: 'does not want to be verified, and asks on', update: { pending: null } }
  const turnsLeft = pending.turnsLeft - 1
  return { reason: 'goes on to something else', update: { pending: turnsLeft > 0 ? { ...pending, turnsLeft } : null } }
}

function lastReplyId({ messages }: SupportStateValue): string | undefined {
  return messages.findLast((message) => message.getType() !== 'human')?.id
}

function lastEmail({ messages }: SupportStateValue): string | undefined {
  return threadOf(messages)
    .filter(({ role }) => role === 'customer')
    .map((message) => emailIn(message.text))
    .findLast((email) => email !== undefined)
}
