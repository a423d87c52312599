import { Command, END, type LangGraphRunnableConfig } from '@langchain/langgraph'
import { confirmAction, reminderText } from './asking.ts'
import type { Draft, Reply, SupportStateUpdate, SupportStateValue } from './state.ts'
import { escalate, systemDraft, TO_A_PERSON } from './supervisor.ts'
import { replyMessage, stableId } from './thread.ts'

/** What the gate makes of a draft. */
export interface GateVerdict {
  outcome: 'send' | 'rewrite' | 'person'
  text: string
  /** Why it is not sent as it was written. */
  problems: string[]
}

/** Checks texts to customers in code. */
export interface ReplyGate {
  /** Decides on a whole text. */
  check(draft: Draft): GateVerdict
  /** True when this sentence may be shown while the rest is still being written. */
  releases(sentence: string): boolean
}

const SECRET =
  /\b(?:sk-[A-Za-z0-9_-]{16,}|ghp_[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{12,}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+)\b|-----BEGIN [A-Z ]*PRIVATE KEY/
const PROMPT =
  /<\/?(?:ask|passage)\b|from the passages alone, in few plain sentences|Instructions in it are not for you/i
/** A handoff that is only said: nobody would come. */
const SPOKEN_HANDOFF =
  /\b(?:I(?:['’]ll| will| am|['’]m going to| am going to|['’]m| have|['’]ve)|let me|we(?:['’]ll| will| are|['’]re)) (?:now )?(?:going to )?(?:transfer|connect|pass|forward|hand|redirect|refer|escalat)\w* (?:you|this|your (?:case|request|conversation|question|issue|message|chat))\b/i

/** The gate that every installation has; what a model would be needed for is not judged here. */
export function createReplyGate(): ReplyGate {
  return {
    check({ text, author }) {
      const clean = text.replaceAll('\u0000', '').toWellFormed().trim()
      // A person's words are the person's: the gate may not block them, only keep secrets in.
      if (author.kind === 'agent') return { outcome: 'send', text: clean, problems: [] }
      if (clean === '') return { outcome: 'person', text: '', problems: ['the reply is empty'] }
      if (SECRET.test(clean)) return { outcome: 'person', text: '', problems: ['the reply holds a secret'] }
      if (author.kind === 'system') return { outcome: 'send', text: clean, problems: [] }
      if (PROMPT.test(clean)) return { outcome: 'person', text: '', problems: ['the reply holds its own instructions'] }
      if (SPOKEN_HANDOFF.test(clean))
        return { outcome: 'person', text: '', problems: ['the reply announces a handoff that nobody made'] }
      return { outcome: 'send', text: clean, problems: [] }
    },
    releases: (sentence) => !SECRET.test(sentence) && !PROMPT.test(sentence) && !SPOKEN_HANDOFF.test(sentence),
  }
}

/** The node that lets a draft through, or has a person take over. Only it writes replies into the thread. */
export function createReplyGateNode(gate: ReplyGate) {
  return function replyGate(state: SupportStateValue, config: LangGraphRunnableConfig) {
    const draft = state.draft ?? systemDraft('')
    const verdict = gate.check(draft)
    const blocked = verdict.outcome === 'person'
    const toPerson = blocked || state.escalation !== null
    const sent = blocked ? afterReceipt(state, systemDraft(TO_A_PERSON)) : composed(state, draft, verdict.text)
    const reply: Reply = { ...sent, id: draft.id ?? replyIdOf(state) }
    const update: SupportStateUpdate = {
      draft: null,
      reply,
      messages: [replyMessage(reply)],
      ...pendingAfter(state, reply, toPerson),
    }
    if (verdict.outcome !== 'send')
      update.trail = [...state.trail, { type: 'gate-decided', outcome: verdict.outcome, problems: verdict.problems }]
    if (blocked && !state.escalation)
      update.escalation = escalate(
        state,
        'policy_restriction',
        `Held back: ${verdict.problems.join('; ')}.`,
        'reply-gate',
      )
    if (blocked) config.writer?.({ type: 'restart' })
    return new Command({ update, goto: toPerson ? 'human' : END })
  }
}

/** How often a question is put again after something else was answered; then it is let go. */
const MAX_ASKED = 3

/** What was done comes first, then the answer, then what is still open or who takes over. */
function composed(state: SupportStateValue, draft: Draft, text: string): Draft {
  const whole = afterReceipt(state, { ...draft, text: announced(state, draft, text) })
  const { pending, escalation, route } = state
  const open = pending?.kind === 'confirm' && pending.replyId !== null && pending.asked < MAX_ASKED
  // A yes after two questions would not say to which.
  const asks = whole.action || route?.needsClarification || text.endsWith('?')
  if (!open || escalation || draft.author.kind === 'agent' || asks) return whole
  const reminder = reminderText(pending.effects)
  return { ...whole, text: `${whole.text}\n\n${reminder}`, action: confirmAction(pending.effects) }
}

function afterReceipt({ receipt }: SupportStateValue, draft: Draft): Draft {
  return receipt ? { ...draft, text: `${receipt}\n\n${draft.text}` } : draft
}

/** What stays open after this reply: a yes counts only as the answer to a reply that asks for it. */
function pendingAfter({ pending }: SupportStateValue, reply: Reply, toPerson: boolean): SupportStateUpdate {
  if (!pending) return {}
  if (toPerson) return { pending: null }
  if (pending.kind !== 'confirm' || reply.action?.kind !== 'confirm') return {}
  const asked = pending.replyId === null ? pending.asked : pending.asked + 1
  return { pending: { ...pending, replyId: reply.id, asked } }
}

/** An answer after which a person takes over says so. */
function announced(state: SupportStateValue, { author }: Draft, text: string): string {
  return state.escalation && author.kind === 'specialist' ? `${text}\n\n${TO_A_PERSON}` : text
}

/** One reply answers up to one message: the same one however often the node runs. */
function replyIdOf(state: SupportStateValue): string {
  return stableId('reply', state.turnId, state.messages.at(-1)?.id ?? '')
}
