import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { type AIMessageChunk, type BaseMessage, SystemMessage } from '@langchain/core/messages'
import { Command, type LangGraphRunnableConfig } from '@langchain/langgraph'
import type { Knowledge, ScoredPassage } from '../knowledge/passage.ts'
import { ASK_FOR_EMAIL, confirmAction, confirmationText, emailIn } from './asking.ts'
import type { Budgets } from './budget.ts'
import { loggedArgs, type ToolCallerOptions } from './call-tool.ts'
import { checkDraft } from './check-draft.ts'
import { bindCitations } from './citations.ts'
import type { Commitments } from './commitments.ts'
import { principalOf } from './context.ts'
import { type Conversed, createConverse, handOffTool } from './converse.ts'
import type { Effects } from './effects.ts'
import { createSecondLook } from './gate/second-look.ts'
import { contextOfTurn, outcomeExhibits, passageExhibits } from './gate/turn.ts'
import type { Identity } from './identity.ts'
import { injectionSigns } from './injection-signs.ts'
import { orderDayOf, searchFor } from './order-day.ts'
import { type AskWithPassages, type Committed, specialistPrompt } from './prompt.ts'
import type { GateContext, ReplyGate } from './reply-gate.ts'
import { HUMAN } from './routing/route.ts'
import { type Specialist, toolsOf } from './specialist.ts'
import {
  type Author,
  type Draft,
  isImpatient,
  type Pending,
  type SupportStateUpdate,
  type SupportStateValue,
  type Task,
  type TrailEntry,
} from './state.ts'
import { escalate } from './supervisor.ts'
import type { Systems } from './systems.ts'
import { unanswered, unansweredText } from './thread.ts'
import { forModel, type Tool } from './tool.ts'

/** What every specialist's node is made with. */
export interface SpecialistNodeOptions {
  specialists: Specialist[]
  knowledge: Knowledge
  model: BaseChatModel
  /** Judges what code cannot; undefined where no language model is connected. */
  routingModel: BaseChatModel | undefined
  gate: ReplyGate
  systems: Systems
  effects: Effects
  identity: Identity
  budgets: Budgets
  /** What customers may hold us to; nothing is remembered without it. */
  commitments?: Commitments
  now: () => Date
}

/** Messages of the thread before this turn that a model is shown; the thread itself stays complete. */
const WINDOW = 8
/** Of what was said before those, the claims that a model is reminded of. */
const MOST_CLAIMS = 8
const PASSAGES_PER_ASK = 4
/** Below it no passage is about the question. */
export const MIN_SUPPORT = 0.3
/** Turns in a row without a supported answer before a person is asked. */
const MAX_UNSUPPORTED = 2
/** A message this short is read together with the one before it when passages are looked up. */
const SHORT_WORDS = 6
/** Turns in which a customer may still name the address or the code that was asked for. */
const TURNS_TO_VERIFY = 4

/**
 * The node made from a specialist: fetches the passages first, so that a plain question costs one model call; streams
 * released sentences as `token` events; leaves a draft for the reply gate. Tool calls and their results stay in the
 * turn and never enter the thread. What changes the world is only planned here: the draft then asks for a yes.
 */
export function createSpecialistNode(specialist: Specialist, options: SpecialistNodeOptions) {
  const others = options.specialists.map(({ name }) => name).filter((name) => name !== specialist.name)
  const tools = toolsOf(specialist, options.systems)
  const bound = [...[...tools.values()].map(forModel), handOffTool([...others, HUMAN])]
  const model = options.model.bindTools?.(bound) ?? options.model
  const caller: ToolCallerOptions = options
  const converse = createConverse({ model, tools, gate: options.gate, caller })
  const secondLook = createSecondLook({ model: options.routingModel, budgets: options.budgets })

  return async function answer(state: SupportStateValue, config: LangGraphRunnableConfig) {
    const asks = await lookUp(state, specialist, options)
    const passages = asks.flatMap((ask) => ask.passages)
    const trail: TrailEntry[] = [...state.trail, passagesUsed(specialist, passages)]
    const signs = injectionSigns(unansweredText(state))
    if (signs.length > 0) trail.push({ type: 'injection-suspected', specialist: specialist.name, signs })
    const conversationId = String(config.configurable?.thread_id ?? '')
    const committed = await committedIn(state, conversationId, options.commitments)
    const now = options.now()
    const today = now.toISOString().slice(0, 10)
    const system = specialistPrompt(specialist, asks, { receipt: state.receipt, today, ...committed })
    const prompt = [new SystemMessage(system), ...windowOf(state)]
    const contexts = new Map<number, GateContext>()
    const contextOf = (called: Conversed['called']) => {
      const context =
        contexts.get(called.length) ??
        contextOfTurn(state, [...passageExhibits(passages, now), ...outcomeExhibits(called)], now)
      contexts.set(called.length, context)
      return context
    }
    const turn = { turnId: state.turnId, conversationId }
    const conversed = await converse(prompt, {
      ...turn,
      principal: principalOf(config),
      resume: state.resumeCall,
      several: asks.length > 1,
      careful: signs.length > 0,
      contextOf,
      config,
    })
    trail.push(...toolFacts(specialist, tools, conversed))
    const { handoff } = conversed
    if (handoff) {
      config.writer?.({ type: 'restart' })
      const update: SupportStateUpdate = { trail, resumeCall: null, handoff: { from: specialist.name, ...handoff } }
      return new Command({ update, goto: 'supervisor' })
    }
    const { draft, facts } = await checkDraft(draftOf(specialist, conversed, passages), conversed, {
      gate: options.gate,
      secondLook,
      context: contextOf(conversed.called),
      turn,
      redraft: (answer) => draftOf(specialist, { ...conversed, text: answer.text, answer }, passages),
      config,
    })
    trail.push(...facts)
    for (const citation of draft.citations) config.writer?.({ type: 'citation', citation })
    const orderDay = orderDayOf(conversed.called.map(({ outcome }) => outcome))
    const update: SupportStateUpdate = {
      trail,
      ...(orderDay && { orderDay }),
      ...(state.resumeCall && { resumeCall: null }),
    }
    if (conversed.planned.length > 0) return new Command(toConfirm(specialist, draft, conversed, update))
    if (conversed.unverified) return new Command(toVerify(state, specialist, draft, conversed.unverified, update))
    const supported =
      draft.checked?.outcome !== 'ask' &&
      (passages.length > 0 || conversed.called.some(({ outcome }) => outcome.status !== 'error'))
    return new Command({ update: { ...update, ...judged(state, draft, supported), draft }, goto: 'reply-gate' })
  }
}

/** Only people promise, and what stands in the window needs no second telling: most turns ask nothing. */
async function committedIn(
  { messages }: SupportStateValue,
  conversationId: string,
  commitments: Commitments | undefined,
): Promise<Committed> {
  const promising = messages.some(
    (message) => (message.additional_kwargs.author as Author | undefined)?.kind === 'agent',
  )
  const promises = promising ? ((await commitments?.promises(conversationId)) ?? []) : []
  if (messages.length <= WINDOW) return { promises, claims: [] }
  const shown = messages.slice(-WINDOW).map(({ text }) => text)
  const claims = (await commitments?.claims(conversationId, MOST_CLAIMS)) ?? []
  return { promises, claims: claims.filter(({ text }) => !shown.some((said) => said.includes(text))) }
}

function draftOf(specialist: Specialist, { text, answer }: Conversed, passages: ScoredPassage[]): Draft {
  const bound = bindCitations(text, passages)
  return {
    text: bound.text,
    author: { kind: 'specialist', name: specialist.name },
    citations: bound.citations,
    model: answer ? modelNameOf(answer) : null,
    ...(answer?.response_metadata.degraded === true && { degraded: true }),
  }
}

/** The customer is told what would be done, in words made from the plan, and has to say yes. */
function toConfirm(specialist: Specialist, draft: Draft, conversed: Conversed, update: SupportStateUpdate) {
  const { planned, found } = conversed
  const pending: Pending = { kind: 'confirm', specialist: specialist.name, effects: planned, replyId: null, asked: 1 }
  const text = [draft.text, ...found, confirmationText(planned)].filter((part) => part !== '').join('\n\n')
  return {
    update: { ...update, pending, draft: { ...draft, text, action: confirmAction(planned) } },
    goto: 'reply-gate',
  }
}

/** The customer has to prove who they are; one who named an address already is sent a code at once. */
function toVerify(
  state: SupportStateValue,
  { name }: Specialist,
  draft: Draft,
  call: { tool: string; args: Record<string, unknown> },
  update: SupportStateUpdate,
): { update: SupportStateUpdate; goto: string } {
  const ask = state.resumeCall?.ask ?? unansweredText(state)
  const pending: Pending = { kind: 'verify', stage: 'email', specialist: name, call, ask, turnsLeft: TURNS_TO_VERIFY }
  const email = emailIn(ask)
  if (email) {
    const task: Task = { kind: 'send-code', email }
    return { update: { ...update, pending, task, receipt: draft.text || null }, goto: 'act' }
  }
  const text = draft.text ? `${draft.text}\n\n${ASK_FOR_EMAIL}` : ASK_FOR_EMAIL
  const asking: Draft = { ...draft, text, action: { kind: 'verify-email' } }
  return { update: { ...update, pending, draft: asking }, goto: 'reply-gate' }
}

function toolFacts({ name: specialist }: Specialist, tools: Map<string, Tool>, { called, planned }: Conversed) {
  const calls = called.map(({ call, outcome }): TrailEntry => {
    const { status } = outcome
    const args = loggedArgs(tools.get(call.name), call.args)
    const say = status === 'ok' ? { say: outcome.say } : {}
    return { type: 'tool-called', specialist, tool: call.name, ok: status !== 'error', status, args, ...say }
  })
  const plans = planned.map(({ key, tool, summary, amount }): TrailEntry => {
    return { type: 'effect-planned', specialist, key, tool, summary, amount }
  })
  return [...calls, ...plans]
}

/** An answer that rests on nothing counts; the second in a row, the first to an impatient customer, asks for a person. */
function judged(state: SupportStateValue, draft: Draft, supported: boolean): SupportStateUpdate {
  const cited = draft.citations.length > 0 && draft.checked?.outcome !== 'ask'
  if (cited || supported) return state.unsure === 0 ? {} : { unsure: 0 }
  const unsure = state.unsure + 1
  const impatient = isImpatient(state.trail)
  if (unsure < MAX_UNSUPPORTED && !impatient) return { unsure }
  const detail = impatient
    ? 'No article supports an answer, and the customer is out of patience.'
    : `${unsure} turns in a row without an answer that an article supports.`
  return { unsure: 0, escalation: escalate(state, 'missing_knowledge', detail, 'specialist') }
}

async function lookUp(
  state: SupportStateValue,
  specialist: Specialist,
  { specialists, knowledge, now }: SpecialistNodeOptions,
): Promise<AskWithPassages[]> {
  const asks = asksOf(state, specialist)
  const seen = new Set<string>()
  const found: AskWithPassages[] = []
  for (const { text, to } of asks) {
    const scopes = (specialists.find(({ name }) => name === to) ?? specialist).knowledge
    const relevant = await searchFor(
      knowledge,
      queryFor(text, state),
      { scopes, limit: PASSAGES_PER_ASK, withOpening: true },
      {
        today: now().toISOString().slice(0, 10),
        orderDay: state.orderDay ?? undefined,
        relevant: aboutTheQuestion,
      },
    )
    found.push({ text, passages: relevant.filter(({ id }) => !seen.has(id) && seen.add(id)) })
  }
  return found
}

function asksOf(state: SupportStateValue, { name }: Specialist): { text: string; to: string }[] {
  if (state.resumeCall) return [{ text: state.resumeCall.ask, to: name }]
  return state.route?.asks.length ? state.route.asks : [{ text: unansweredText(state), to: name }]
}

/** The best of nothing similar is still nothing: an article counts only if one of its passages is about the question. */
function aboutTheQuestion(passages: ScoredPassage[]): ScoredPassage[] {
  const articles = new Set(passages.filter(({ support }) => support >= MIN_SUPPORT).map(({ articleId }) => articleId))
  return passages.filter(({ articleId }) => articles.has(articleId))
}

/** A short follow-up says little by itself: the customer's message before it says what it is about. */
function queryFor(text: string, state: SupportStateValue): string {
  if (text.split(/\s+/).length >= SHORT_WORDS) return text
  const now = new Set(unanswered(state).map(({ id }) => id))
  const before = state.messages.findLast((message) => message.getType() === 'human' && !now.has(message.id))
  return before ? `${before.text}\n${text}` : text
}

function windowOf(state: SupportStateValue): BaseMessage[] {
  const now = unanswered(state).length
  return state.messages.slice(-(WINDOW + now))
}

function passagesUsed(specialist: Specialist, passages: ScoredPassage[]): TrailEntry {
  const used = passages.map(({ id, version, score, support }) => ({ id, version, score, support }))
  return { type: 'passages-used', specialist: specialist.name, passages: used }
}

function modelNameOf(answer: AIMessageChunk): string {
  const { model_name, model } = answer.response_metadata
  return String(model_name ?? model ?? 'unknown')
}
