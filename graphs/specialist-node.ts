import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { type AIMessageChunk, type BaseMessage, SystemMessage, ToolMessage } from '@langchain/core/messages'
import { type StructuredToolInterface, tool } from '@langchain/core/tools'
import { Command, isGraphBubbleUp, type LangGraphRunnableConfig } from '@langchain/langgraph'
import { z } from 'zod'
import type { Knowledge, ScoredPassage } from '../knowledge/passage.ts'
import { bindCitations } from './citations.ts'
import { type AskWithPassages, specialistPrompt } from './prompt.ts'
import type { ReplyGate } from './reply-gate.ts'
import { HUMAN } from './routing/route.ts'
import { createSentenceStream } from './sentence-stream.ts'
import type { Specialist, Systems } from './specialist.ts'
import type { Draft, SupportStateUpdate, SupportStateValue, TrailEntry } from './state.ts'
import { escalate } from './supervisor.ts'
import { unanswered, unansweredText } from './thread.ts'

/** What every specialist's node is made with. */
export interface SpecialistNodeOptions {
  specialists: Specialist[]
  knowledge: Knowledge
  model: BaseChatModel
  gate: ReplyGate
  systems: Systems
}

/** Messages of the thread before this turn that a model is shown; the thread itself stays complete. */
const WINDOW = 8
const PASSAGES_PER_ASK = 4
/** Rounds of tool calls in one turn; after them the model has to answer. */
const MAX_TOOL_ROUNDS = 4
/** Below it no passage is about the question. */
const MIN_SUPPORT = 0.3
/** Turns in a row without a supported answer before a person is asked. */
const MAX_UNSUPPORTED = 2
/** A message this short is read together with the one before it when passages are looked up. */
const SHORT_WORDS = 6

/**
 * The node made from a specialist: fetches the passages first, so that a plain question costs one model call; streams
 * released sentences as `token` events; leaves a draft for the reply gate. Tool calls and their results stay in the
 * turn and never enter the thread.
 */
export function createSpecialistNode(specialist: Specialist, options: SpecialistNodeOptions) {
  const others = options.specialists.map(({ name }) => name).filter((name) => name !== specialist.name)
  const tools = [...(specialist.tools?.(options.systems) ?? []), handOffTool([...others, HUMAN])]
  const model = options.model.bindTools?.(tools) ?? options.model

  return async function answer(state: SupportStateValue, config: LangGraphRunnableConfig) {
    const asks = await lookUp(state, specialist, options)
    const passages = asks.flatMap((ask) => ask.passages)
    const trail: TrailEntry[] = [...state.trail, passagesUsed(specialist, passages)]
    const prompt = [new SystemMessage(specialistPrompt(specialist, asks)), ...windowOf(state)]

    const { text, answer, handoff, called } = await converse(model, prompt, tools, options.gate, config)
    trail.push(...called.map((call) => ({ type: 'tool-called' as const, specialist: specialist.name, ...call })))
    if (handoff) {
      config.writer?.({ type: 'restart' })
      const update: SupportStateUpdate = { trail, handoff: { from: specialist.name, ...handoff } }
      return new Command({ update, goto: 'supervisor' })
    }
    const bound = bindCitations(text, passages)
    const draft: Draft = {
      text: bound.text,
      author: { kind: 'specialist', name: specialist.name },
      citations: bound.citations,
      model: modelNameOf(answer),
      ...(answer.response_metadata.degraded === true && { degraded: true }),
    }
    for (const citation of bound.citations) config.writer?.({ type: 'citation', citation })
    return new Command({ update: { ...judged(state, draft, passages), draft, trail }, goto: 'reply-gate' })
  }
}

/** An answer that rests on nothing counts; the second in a row asks for a person, with the answer still sent. */
function judged(state: SupportStateValue, draft: Draft, passages: ScoredPassage[]): SupportStateUpdate {
  if (draft.citations.length > 0 || passages.length > 0) return state.unsure === 0 ? {} : { unsure: 0 }
  const unsure = state.unsure + 1
  if (unsure < MAX_UNSUPPORTED) return { unsure }
  const detail = `${unsure} turns in a row without an answer that an article supports.`
  return { unsure: 0, escalation: escalate(state, 'missing_knowledge', detail, 'specialist') }
}

async function lookUp(
  state: SupportStateValue,
  specialist: Specialist,
  { specialists, knowledge }: SpecialistNodeOptions,
): Promise<AskWithPassages[]> {
  const asks = state.route?.asks.length ? state.route.asks : [{ text: unansweredText(state), to: specialist.name }]
  const seen = new Set<string>()
  const found: AskWithPassages[] = []
  for (const { text, to } of asks) {
    const scopes = (specialists.find(({ name }) => name === to) ?? specialist).knowledge
    const passages = await knowledge.search(queryFor(text, state), {
      scopes,
      limit: PASSAGES_PER_ASK,
      withOpening: true,
    })
    const relevant = aboutTheQuestion(passages)
    found.push({ text, passages: relevant.filter(({ id }) => !seen.has(id) && seen.add(id)) })
  }
  return found
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

interface Conversed {
  text: string
  answer: AIMessageChunk
  handoff?: { to: string; reason: string }
  called: { tool: string; ok: boolean }[]
}

/** Model and tools in turns until the model answers or hands off. */
async function converse(
  model: Pick<BaseChatModel, 'stream'>,
  prompt: BaseMessage[],
  tools: StructuredToolInterface[],
  gate: ReplyGate,
  config: LangGraphRunnableConfig,
): Promise<Conversed> {
  const messages = [...prompt]
  const called: Conversed['called'] = []
  for (let round = 0; round <= MAX_TOOL_ROUNDS; round += 1) {
    const answer = await streamOne(model, messages, gate, config)
    const calls = answer.tool_calls ?? []
    const handoff = calls.find(({ name }) => name === 'hand_off')
    if (handoff) return { text: '', answer, called, handoff: handOffSchema.parse(handoff.args) }
    if (calls.length === 0) return { text: answer.text, answer, called }
    config.writer?.({ type: 'restart' })
    messages.push(answer)
    for (const call of calls) {
      const result = await callTool(tools, call, config)
      called.push({ tool: call.name, ok: result.ok })
      config.writer?.({ type: 'tool', tool: call.name, ok: result.ok })
      messages.push(new ToolMessage({ tool_call_id: call.id ?? call.name, content: result.text }))
    }
  }
  throw new Error(`the model was still calling tools after ${MAX_TOOL_ROUNDS} rounds`)
}

async function streamOne(
  model: Pick<BaseChatModel, 'stream'>,
  messages: BaseMessage[],
  gate: ReplyGate,
  config: LangGraphRunnableConfig,
): Promise<AIMessageChunk> {
  let answer: AIMessageChunk | undefined
  const shown = createSentenceStream(gate, (text) => config.writer?.({ type: 'token', text }))
  for await (const chunk of await model.stream(messages, config.signal ? { signal: config.signal } : {})) {
    if (chunk.response_metadata.restarted === true) {
      answer = undefined
      shown.restart()
      config.writer?.({ type: 'restart' })
      continue
    }
    answer = answer ? answer.concat(chunk) : chunk
    shown.write(chunk.text)
  }
  if (!answer) throw new Error('the model answered nothing')
  shown.end()
  return answer
}

async function callTool(
  tools: StructuredToolInterface[],
  call: { name: string; args: Record<string, unknown>; id?: string },
  config: LangGraphRunnableConfig,
): Promise<{ ok: boolean; text: string }> {
  const found = tools.find(({ name }) => name === call.name)
  if (!found) return { ok: false, text: `There is no tool ${call.name}.` }
  try {
    const result = await found.invoke(call.args, config)
    return { ok: true, text: typeof result === 'string' ? result : JSON.stringify(result) }
  } catch (error) {
    if (isGraphBubbleUp(error) || config.signal?.aborted) throw error
    // An exception's own text may hold what no model should read.
    return { ok: false, text: `${call.name} failed. Check its arguments, or answer without it.` }
  }
}

const handOffSchema = z.object({
  to: z.string().describe('Who must act.'),
  reason: z.string().min(1).describe('What they have to do, in one line.'),
})

function handOffTool(targets: string[]): StructuredToolInterface {
  return tool(() => '', {
    name: 'hand_off',
    description: 'Give this turn to another desk, or to a person with "human", when only they can act on it.',
    schema: handOffSchema.extend({ to: z.enum(targets as [string, ...string[]]) }),
  })
}

function modelNameOf(answer: AIMessageChunk): string {
  const { model_name, model } = answer.response_metadata
  return String(model_name ?? model ?? 'unknown')
}
