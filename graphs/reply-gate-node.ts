import { Command, END, type LangGraphRunnableConfig } from '@langchain/langgraph'
import { confirmAction, reminderText } from './asking.ts'
import { claimFacts } from './gate/claim-facts.ts'
import { contextOfTurn } from './gate/turn.ts'
import type { GateVerdict, ReplyGate } from './reply-gate.ts'
import type { Checked, Draft, Reply, SupportStateUpdate, SupportStateValue, TrailEntry } from './state.ts'
import { escalate, systemDraft, TO_A_PERSON } from './supervisor.ts'
import { replyMessage, stableId } from './thread.ts'

/** What a customer is told in the place of an answer that nothing supports. */
export const UNCONFIRMED =
  'I cannot confirm an answer to this from our articles or your account, and I do not want to tell you something wrong. Tell me a little more about it, such as an order number, or ask me for a person.'

/** The node that lets a draft through, or has a person take over. Only it writes replies into the thread. */
export function createReplyGateNode({ gate, now }: { gate: ReplyGate; now: () => Date }) {
  return function replyGate(state: SupportStateValue, config: LangGraphRunnableConfig) {
    const draft = state.draft ?? systemDraft('')
    const verdict = decide(gate, draft, state, now())
    const blocked = verdict.outcome === 'person'
    const toPerson = blocked || state.escalation !== null
    const sent = blocked
      ? afterReceipt(state, systemDraft(TO_A_PERSON))
      : verdict.outcome === 'ask'
        ? afterReceipt(state, systemDraft(toPerson ? TO_A_PERSON : UNCONFIRMED))
        : composed(state, draft, verdict.text)
    const { checked: _, ...written } = sent
    const reply: Reply = { ...written, id: draft.id ?? replyIdOf(state) }
    const facts = factsOf(state, draft, verdict)
    const update: SupportStateUpdate = {
      draft: null,
      reply,
      messages: [replyMessage(reply)],
      ...pendingAfter(state, reply, toPerson),
      ...(facts.length > 0 && { trail: [...factsStanding(state.trail, verdict), ...facts] }),
    }
    if (blocked && !state.escalation)
      update.escalation = escalate(
        state,
        'policy_restriction',
        `Held back: ${verdict.problems.join('; ')}.`,
        'reply-gate',
      )
    if (blocked || verdict.outcome === 'ask') config.writer?.({ type: 'restart' })
    return new Command({ update, goto: toPerson ? 'human' : END })
  }
}

type Decision = Omit<GateVerdict, 'outcome'> & { outcome: Checked['outcome']; agent?: string }

/** A draft that was checked with everything in hand keeps its verdict; what shows in the text itself is always looked for. */
function decide(gate: ReplyGate, draft: Draft, state: SupportStateValue, now: Date): Decision {
  const { checked, author } = draft
  const verdict = gate.check(draft, checked && author.kind !== 'agent' ? undefined : contextOfTurn(state, [], now))
  const outcome = verdict.outcome === 'rewrite' ? (verdict.otherwise ?? 'person') : verdict.outcome
  const own: Decision = { ...verdict, outcome }
  if (!checked || outcome !== 'send') return own
  if (author.kind !== 'agent') return { ...own, ...checked }
  // What the agent was shown, and sent all the same.
  const problems = verdict.forbidden ? verdict.problems : checked.override ? checked.problems : []
  return { ...own, problems, claims: checked.claims, ...(checked.override && { agent: author.name }) }
}

function factsOf(state: SupportStateValue, { author }: Draft, verdict: Decision): TrailEntry[] {
  const { outcome, problems, claims = [], promises = [], agent } = verdict
  const facts: TrailEntry[] = []
  if (outcome !== 'send' || agent !== undefined || verdict.forbidden)
    facts.push({ type: 'gate-decided', outcome, problems, ...(agent !== undefined && { agent }) })
  if (outcome !== 'send') return facts
  facts.push(...claimFacts(author.name, claims))
  for (const [index, { text, due }] of promises.entries()) {
    const id = stableId('promise', state.turnId, String(index))
    facts.push({ type: 'promise-made', id, text, due, owner: author.name })
  }
  return facts
}

/** What is not sent was not claimed. */
function factsStanding(trail: TrailEntry[], { outcome }: Decision): TrailEntry[] {
  return outcome === 'send' ? trail : trail.filter(({ type }) => type !== 'claim-made')
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
