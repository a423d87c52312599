import type { PlannedEffect } from './effects.ts'
import type { ReplyAction } from './state.ts'

/** The question that comes before anything is done, made from the plans alone. */
export function confirmationText(effects: Pick<PlannedEffect, 'summary' | 'approvals'>[]): string {
  const [only] = effects
  if (effects.length === 1 && only)
    return `I can ${only.summary}.${agreement(only)} Shall I go ahead? Please answer yes or no.`
  const list = effects.map((effect, i) => `${i + 1}. ${capitalised(effect.summary)}.${agreement(effect)}`)
  return `I can do this for you:\n\n${list.join('\n')}\n\nShall I do all of it? Please answer yes or no.`
}

/** The same question once more, after something else was answered. */
export function reminderText(effects: Pick<PlannedEffect, 'summary'>[]): string {
  return `Still open: ${effects.map(({ summary }) => summary).join('; ')}. Shall I go ahead? Please answer yes or no.`
}

/** What a page needs to offer the question as a card. */
export function confirmAction(effects: PlannedEffect[]): ReplyAction {
  return { kind: 'confirm', items: effects.map(({ argsHash: _, ...item }) => item) }
}

function agreement({ approvals }: Pick<PlannedEffect, 'approvals'>): string {
  if (approvals === 0) return ''
  return approvals === 1 ? ' A colleague has to agree to it first.' : ' Two colleagues have to agree to it first.'
}

export const ASK_FOR_EMAIL =
  'To look at your account or change anything there, I have to know that it is you. What is the e-mail address of your account?'
export const CODE_SENT =
  'If that is the address of an account, a six-digit code is on its way to it. Please type the code here; it is good for ten minutes.'
export const NO_MORE_CODES =
  'I cannot send another code at the moment. Please try again in an hour, or ask me for a person.'
export const CODE_EXPIRED =
  'This code is not good any more. Tell me the e-mail address of your account once more, and I send a new one.'
export const VERIFIED = 'Thank you, that is confirmed.'
export const NOT_VERIFIED =
  'All right. Then I cannot look at your account, but I can answer general questions or ask a person to step in.'
export const NOT_DONE = 'All right, I have not done it.'

export function wrongCode(triesLeft: number): string {
  return `That is not the code. You have ${triesLeft} more ${triesLeft === 1 ? 'try' : 'tries'}.`
}

// Without the look behind, a long text without an @ would be tried from each of its characters on.
const EMAIL = /(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+/i

/** The e-mail address in a text, if there is one. */
export function emailIn(text: string): string | undefined {
  return EMAIL.exec(text)?.[0].replace(/\.$/, '')
}

/** The six digits of a code in a text, if there are just six; people put a space or a dash in the middle. */
export function codeIn(text: string): string | undefined {
  const found = text.match(/(?<![\d-])\d{3}[ -]?\d{3}(?![\d-])/g)
  return found?.length === 1 ? found[0].replace(/[ -]/, '') : undefined
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
