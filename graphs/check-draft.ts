import type { AIMessageChunk } from '@langchain/core/messages'
import type { LangGraphRunnableConfig } from '@langchain/langgraph'
import { BudgetExceeded } from './budget.ts'
import type { Conversed } from './converse.ts'
import { claimFacts } from './gate/claim-facts.ts'
import type { SecondLook } from './gate/second-look.ts'
import type { GateContext, GateVerdict, ReplyGate } from './reply-gate.ts'
import type { Checked, Draft, TrailEntry } from './state.ts'

/** What a draft is checked with while everything that it may rest on is in hand. */
export interface DraftCheck {
  gate: ReplyGate
  secondLook: SecondLook
  context: GateContext
  turn: { turnId: string; conversationId: string }
  /** The draft that another answer of the model makes. */
  redraft(answer: AIMessageChunk): Draft
  config: LangGraphRunnableConfig
}

/**
 * Holds a specialist's draft against the evidence. A model may write once more, told what is wrong; the draft that comes
 * back says what the check came to, and the reply gate acts on it. What is said beside a question that code puts is left
 * out where it does not hold: the question alone is enough.
 * @returns the draft, and for the log what was held back and what is claimed
 */
export async function checkDraft(
  draft: Draft,
  conversed: Conversed,
  { gate, secondLook, context, turn, redraft, config }: DraftCheck,
): Promise<{ draft: Draft; facts: TrailEntry[] }> {
  const beside = conversed.planned.length > 0 || conversed.unverified !== undefined
  if (beside && draft.text.trim() === '') return { draft, facts: [] }
  const judge = async (written: Draft) => {
    const verdict = gate.check(written, context)
    if (verdict.outcome !== 'send' || written.model === 'offline') return verdict
    return (await secondLook(verdict, context, turn, config.signal)) ?? verdict
  }
  const verdict = await judge(draft)
  if (verdict.outcome === 'send') return { draft: passed(draft, verdict), facts: claimed(draft, verdict) }
  const held: TrailEntry = { type: 'gate-decided', outcome: 'rewrite', problems: verdict.problems }
  config.writer?.({ type: 'restart' })
  if (beside) return { draft: { ...draft, text: '', citations: [] }, facts: [held] }
  if (verdict.outcome === 'rewrite' && draft.model !== 'offline' && conversed.again) {
    const second = await conversed.again(verdict.problems).catch(unlessSpent)
    const again = second && redraft(second)
    const decided = again && (await judge(again))
    if (again && decided?.outcome === 'send')
      return { draft: passed(again, decided), facts: [held, ...claimed(again, decided)] }
    config.writer?.({ type: 'restart' })
    if (again && decided) return { draft: refused(again, decided), facts: [held] }
  }
  return { draft: refused(draft, verdict), facts: [] }
}

function passed(draft: Draft, { text }: GateVerdict): Draft {
  return { ...draft, text, checked: { outcome: 'send', problems: [], claims: [] } }
}

/** Beside the draft, since the draft and the facts of a turn are stored apart. */
function claimed({ author }: Draft, { claims = [] }: GateVerdict): TrailEntry[] {
  return claimFacts(author.name, claims)
}

function refused(draft: Draft, { outcome, otherwise, problems }: GateVerdict): Draft {
  const next: Checked['outcome'] =
    outcome === 'ask' ? 'ask' : outcome === 'rewrite' ? (otherwise ?? 'person') : 'person'
  return { ...draft, checked: { outcome: next, problems, claims: [] } }
}

/** Where nothing more may be spent, the first answer has its verdict. */
function unlessSpent(error: unknown): undefined {
  if (!(error instanceof BudgetExceeded)) throw error
  return undefined
}
