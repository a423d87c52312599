import { type BaseMessage, isAIMessage, isToolMessage } from '@langchain/core/messages'
import { parseAsks } from './ask-prompt.ts'
import { extractiveAnswer } from './extractive-answer.ts'
import { readClause } from './offline-clauses.ts'
import { followUp, type Said } from './offline-follow-up.ts'
import { replyTo } from './offline-reply.ts'
import { type HandledAsk, type OfflineCall, readResult, type ToolOutcome } from './offline-results.ts'
import { argumentsFrom } from './offline-slots.ts'
import { createToolChoice, type OfflineTool } from './offline-tool-choice.ts'

/** The offline model's next step: words for the customer, or one call. */
export type OfflineStep = { text: string } | { call: OfflineCall }

type NewCall = Omit<OfflineCall, 'id'>

/** More calls in a turn than any request needs. */
const MOST_CALLS = 4

/**
 * What to do next in a prompt: call the tool that an ask wants, follow what a result says comes next, or answer from
 * results and passages. The same prompt gives the same step.
 */
export function nextStep(messages: BaseMessage[], tools: OfflineTool[]): OfflineStep {
  const system = messages.findLast((message) => message.getType() === 'system')
  const asks = parseAsks(system?.text ?? '')
  if (tools.length === 0) return { text: extractiveAnswer(asks) }
  const { thread, now, turn } = readPrompt(messages)
  const asked = asks.length > 0 ? asks : [{ text: now, passages: [] }]
  const callFor = createCaller(tools, thread, asked.length === 1)
  const handled = asked.map((ask): HandledAsk => ({ ask, call: callFor(ask.text) }))
  // A call that waited until the customer was known is there already, whatever was said in between.
  const [waited] = turn
  if (waited && handled[0] && handled.every(({ call }) => !call)) handled[0].call = waited

  const done: NewCall[] = []
  const results = [...turn]
  for (const one of handled) {
    let call = one.call
    while (call) {
      const result = results.shift()
      if (!result)
        return done.length < MOST_CALLS
          ? { call: { ...call, id: `offline-${done.length + 1}` } }
          : { text: replyTo(handled) }
      one.outcome = readResult(result.text)
      done.push({ name: result.name, args: result.args })
      call = nextCall(one.outcome, tools, done)
    }
  }
  return { text: replyTo(handled) }
}

/** What a result says comes next, if there is such a tool and it was not called with the same before. */
function nextCall(outcome: ToolOutcome, tools: OfflineTool[], done: NewCall[]) {
  if (outcome.status !== 'ok' || !outcome.next) return undefined
  const { tool: name, args } = outcome.next
  const again = done.some((call) => call.name === name && JSON.stringify(call.args) === JSON.stringify(args))
  return again || !tools.some((tool) => tool.name === name) ? undefined : { name, args }
}

const leaning = /\b(?:it|them|(?:this|that|these|those)(?! (?:month|week|year|morning|evening|time))|ones?)\b/i
/** So few words say little by themselves. */
const SHORT_WORDS = 3

/** @param alone whether it is all that is asked: only then is it taken for the answer to a question of ours */
function createCaller(tools: OfflineTool[], thread: Said[], alone: boolean) {
  const choose = createToolChoice(tools)
  const earlier = thread.filter(({ by }) => by === 'customer').map((said) => said.text)
  earlier.reverse()
  return (text: string): NewCall | undefined => {
    const tool = choose(text)
    if (tool) {
      // What stands by itself must not pick up the order of an earlier request.
      const leans = leaning.test(text) || text.split(/\s+/).length <= SHORT_WORDS
      const before = leans ? earlier.filter(tellsSomething).slice(0, 1) : []
      return { name: tool.name, args: argumentsFrom(tool, text, [[text, ...before].join('\n'), ...before]) }
    }
    const answered = alone ? followUp(text, thread, choose) : undefined
    if (!answered) return undefined
    const { tool: asked, text: said } = answered
    return { name: asked.name, args: argumentsFrom(asked, said, [said, ...earlier]) }
  }
}

/** "Yes", a code or an address says nothing about what is wanted. */
function tellsSomething(text: string): boolean {
  return !text.trim().match(/^\S+@\S+$/) && [...readClause(text).terms.values()].some((weight) => weight === 1)
}

interface Prompt {
  thread: Said[]
  /** What the customer wrote since the last reply. */
  now: string
  /** The calls of this turn with their results. */
  turn: { name: string; args: Record<string, unknown>; text: string }[]
}

function readPrompt(messages: BaseMessage[]): Prompt {
  const spoken = messages.filter((message) => message.getType() !== 'system')
  const last = spoken.findLastIndex((message) => message.getType() === 'human')
  const before = spoken.slice(0, last + 1)
  const lastReply = before.findLastIndex((message) => message.getType() === 'ai')
  const calls = spoken.slice(last + 1).flatMap((message) => (isAIMessage(message) ? (message.tool_calls ?? []) : []))
  const results = spoken.slice(last + 1).filter((message) => isToolMessage(message))
  return {
    thread: before
      .slice(0, lastReply + 1)
      .filter((message) => message.text !== '' && !isToolMessage(message))
      .map((message) => ({
        by: message.getType() === 'ai' ? ('us' as const) : ('customer' as const),
        text: message.text,
      })),
    now: before
      .slice(lastReply + 1)
      .map((message) => message.text)
      .join('\n'),
    turn: results.map((result, index) => {
      const call = calls.find(({ id }) => id === result.tool_call_id) ?? calls[index]
      return { name: call?.name ?? '', args: call?.args ?? {}, text: result.text }
    }),
  }
}
