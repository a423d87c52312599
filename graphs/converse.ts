import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type AIMessageChunk, type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { type StructuredToolInterface, tool } from '@langchain/core/tools'
import type { LangGraphRunnableConfig } from '@langchain/langgraph'
import { z } from 'zod'
import { type CallingTurn, type CallOutcome, callTool, type ToolCall, type ToolCallerOptions } from './call-tool.ts'
import type { PlannedEffect } from './effects.ts'
import type { GateContext, ReplyGate } from './reply-gate.ts'
import { createSentenceStream } from './sentence-stream.ts'
import type { Tool } from './tool.ts'

/** Rounds of tool calls in one turn; after them the model has to answer. */
const MAX_TOOL_ROUNDS = 6
/** Effects that one reply may ask the customer to agree to. */
const MAX_PLANNED = 5

/** What a specialist and its tools came to. */
export interface Conversed {
  /** Empty where there is nothing to say beside what was planned. */
  text: string
  /** Undefined where no model was asked. */
  answer: AIMessageChunk | undefined
  handoff?: { to: string; reason: string }
  called: { call: ToolCall; outcome: CallOutcome }[]
  planned: PlannedEffect[]
  /** What the tools found that led to what was planned, in their words for the customer. */
  found: string[]
  /** The first call that has to wait until the customer has proved who they are. */
  unverified?: { tool: string; args: Record<string, unknown> }
  /**
   * Has the model write its answer once more, told what is wrong with it; undefined where it did not answer in words.
   * There where a model answered.
   */
  again?: (problems: string[]) => Promise<AIMessageChunk | undefined>
}

/** The turn in which a model and its tools converse. */
export interface ConversingTurn extends Omit<CallingTurn, 'signal'> {
  /** Made before the model is asked: it had to wait for the customer to be verified. */
  resume: { tool: string; args: Record<string, unknown> } | null
  /** The customer asks several things: the model goes on after it has planned one. */
  several: boolean
  /** What the words of the model are held against, with what its tools found so far. */
  contextOf(called: Conversed['called']): GateContext
  config: LangGraphRunnableConfig
}

/** Model and tools in turns until the model answers, hands off or has planned what the customer must agree to. */
export function createConverse(options: {
  model: Pick<BaseChatModel, 'stream'>
  tools: Map<string, Tool>
  gate: ReplyGate
  caller: ToolCallerOptions
}) {
  const { model, tools, gate, caller } = options

  return async function converse(prompt: BaseMessage[], turn: ConversingTurn): Promise<Conversed> {
    const { config } = turn
    const messages = [...prompt]
    const calling: CallingTurn = { ...turn, signal: config.signal }
    const came: Conversed = { text: '', answer: undefined, called: [], planned: [], found: [] }

    async function makeCalls(calls: (ToolCall & { id: string })[]): Promise<void> {
      for (const { id, ...call } of calls) {
        const full = came.planned.length >= MAX_PLANNED && tools.get(call.name)?.effect !== 'read'
        const { outcome, planned } = full ? { outcome: TOO_MANY } : await callTool(tools, call, calling, caller)
        came.called.push({ call, outcome })
        if (planned) came.planned = [...came.planned.filter(({ key }) => key !== planned.key), planned]
        if (outcome.status === 'verification_needed') came.unverified ??= { tool: call.name, args: call.args }
        config.writer?.({ type: 'tool', tool: call.name, ok: outcome.status !== 'error' })
        messages.push(new ToolMessage({ tool_call_id: id, content: JSON.stringify(outcome) }))
      }
      came.found = foundFor(came)
    }

    const allowed = () => caller.budgets.modelCall(turn, charactersOf(messages))
    async function speak(): Promise<AIMessageChunk> {
      const context = turn.contextOf(came.called)
      return streamOne(model, messages, { releases: (sentence) => gate.releases(sentence, context) }, config)
    }
    async function spent({ text, usage_metadata }: AIMessageChunk): Promise<void> {
      const tokens = usage_metadata?.total_tokens
      const characters = text.length
      await caller.budgets.modelAnswered(turn, { characters, ...(tokens !== undefined && { tokens }) })
    }

    async function again(first: AIMessageChunk, problems: string[]): Promise<AIMessageChunk | undefined> {
      // Another system message in the middle is refused by some servers.
      messages.push(first, new HumanMessage(notSent(problems)))
      await allowed()
      // Whatever fails now, the first answer has its verdict.
      const answer = await speak().catch((error: unknown) => {
        if (config.signal?.aborted) throw error
        return undefined
      })
      if (!answer) return undefined
      await spent(answer)
      return (answer.tool_calls ?? []).length > 0 ? undefined : answer
    }

    if (turn.resume) {
      const call = { id: 'resumed', name: turn.resume.tool, args: turn.resume.args }
      messages.push(new AIMessage({ content: '', tool_calls: [{ type: 'tool_call', ...call }] }))
      await makeCalls([call])
      if (came.planned.length > 0) return came
    }
    for (let round = 0; round <= MAX_TOOL_ROUNDS; round += 1) {
      await allowed()
      const answer = await speak()
      await spent(answer)
      came.answer = answer
      const calls = (answer.tool_calls ?? []).map(({ id, name, args }) => ({ id: id ?? name, name, args }))
      const handoff = calls.find(({ name }) => name === HAND_OFF)
      if (handoff) return { ...came, handoff: handOffSchema.parse(handoff.args) }
      if (calls.length === 0) return { ...came, text: answer.text, again: (problems) => again(answer, problems) }
      config.writer?.({ type: 'restart' })
      messages.push(answer)
      await makeCalls(calls)
      if (came.planned.length > 0 && !turn.several) return came
    }
    throw new Error(`the model was still calling tools after ${MAX_TOOL_ROUNDS} rounds`)
  }
}

function notSent(problems: string[]): string {
  return `This is from the system, not from the customer. Your answer was not sent:
${problems.map((problem) => `- ${problem}`).join('\n')}
Write it again for the customer, in their language, and leave out what the passages and results do not say. Promise
nothing. If too little is left, say in one sentence that you cannot confirm it and offer a person.`
}

const TOO_MANY: CallOutcome = { status: 'error', message: `At most ${MAX_PLANNED} actions can be planned at once.` }

/** A look belongs to the plan if it pointed to it. */
function foundFor({ called, planned }: Conversed): string[] {
  const tools = new Set(planned.map(({ tool }) => tool))
  return called.flatMap(({ outcome }) =>
    outcome.status === 'ok' && outcome.next && tools.has(outcome.next.tool) ? [outcome.say] : [],
  )
}

async function streamOne(
  model: Pick<BaseChatModel, 'stream'>,
  messages: BaseMessage[],
  gate: Pick<ReplyGate, 'releases'>,
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

function charactersOf(messages: BaseMessage[]): number {
  return messages.reduce((sum, { text }) => sum + text.length, 0)
}

const HAND_OFF = 'hand_off'
const handOffSchema = z.object({
  to: z.string().describe('Who must act.'),
  reason: z.string().min(1).describe('What they have to do, in one line.'),
})

/** The tool with which a specialist gives a turn away; it is never run. */
export function handOffTool(targets: string[]): StructuredToolInterface {
  return tool(() => '', {
    name: HAND_OFF,
    description: 'Give this turn to another desk, or to a person with "human", when only they can act on it.',
    schema: handOffSchema.extend({ to: z.enum(targets as [string, ...string[]]) }),
  })
}
