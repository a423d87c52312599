import { conceptsOf } from '../../knowledge/concepts.ts'
import { stemsOf } from '../../knowledge/words.ts'
import type { PromptAsk } from './ask-prompt.ts'
import { extractiveAnswer, NO_ANSWER } from './extractive-answer.ts'
import type { HandledAsk } from './offline-results.ts'

/** Said where the customer has to prove first who they are; the way to do it is told beside it. */
export const LATER = 'I can look at that for you.'

/** Said where there is nothing to say but the question that is put beside it. */
const PLANNED = 'I have looked into it.'

const FAILED = 'That did not work just now. I can ask a person to look at it for you.'

/** The reply to all that was asked: what tools said, then what the articles say about the rest. */
export function replyTo(handled: HandledAsk[]): string {
  const told = handled.flatMap((one) => toldBy(one) ?? [])
  const untold = handled.filter((one) => toldBy(one) === undefined)
  if (untold.length === 0) return told.filter((text) => text !== '').join('\n\n') || PLANNED
  const read = extractiveAnswer(untold.map(({ ask }) => ask))
  // Nothing in the articles is no failure where a tool is about to look.
  const nothing = read === NO_ANSWER && untold.some(({ outcome }) => outcome?.status === 'verification_needed')
  return [...told, nothing ? LATER : read].filter((text) => text !== '').join('\n\n')
}

/** What a tool's result says to an ask; undefined where the articles have to answer. */
function toldBy({ ask, outcome }: HandledAsk): string | undefined {
  // The question whether it shall be done is put to the customer beside this.
  if (outcome?.status === 'planned') return ''
  if (outcome?.status === 'error') return FAILED
  if (outcome?.status === 'refused' || outcome?.status === 'repeated') return withRule(outcome.message, ask)
  if (outcome?.status !== 'ok') return undefined
  // Nothing was found: what an article says may still help.
  return outcome.data === null ? withArticle(outcome.say, ask) : outcome.say
}

function withArticle(said: string, ask: PromptAsk): string {
  const read = extractiveAnswer([ask])
  return read === NO_ANSWER ? said : `${said}\n\n${read}`
}

const LEAST_SHARED = 3

/** A refusal with the passage that has the rule behind it, if one is clearly about the same. */
function withRule(message: string, { passages }: PromptAsk): string {
  if (message.trimEnd().endsWith('?')) return message
  const read = extractiveAnswer([{ text: message, passages }])
  if (read === NO_ANSWER) return message
  const terms = new Set([...stemsOf(read), ...conceptsOf(read)])
  const shared = new Set([...stemsOf(message), ...conceptsOf(message)].filter((term) => terms.has(term)))
  return shared.size >= LEAST_SHARED ? `${message}\n\n${read}` : message
}
