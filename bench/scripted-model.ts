import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import {
  AIMessage,
  AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'
import { convertToOpenAITool } from '@langchain/core/utils/function_calling'
import type { Conversation, Turn } from './conversation.ts'

interface CallOptions extends BaseChatModelCallOptions {
  tools?: WireTool[]
}

interface WireTool {
  function: { name: string }
}

/** The tool by which peers search the knowledge. */
export const SEARCH_TOOL = 'search_knowledge'

/**
 * A chat model without latency that plays whatever part a design gives it, by reading the conversation and the tools
 * it was bound to, as a real model would: hand over to the specialist in charge if there is a tool for that, else
 * search once if there is a tool for that, else answer (with passage numbers where the prompt numbers its passages).
 * It knows no design by name.
 *
 * `calls` counts requests. `characters` counts, for each request, the content of every message in it and the JSON of
 * every tool definition in OpenAI's format, once; the arguments of earlier tool calls are left out.
 */
export class ScriptedModel extends BaseChatModel<CallOptions> {
  calls = 0
  characters = 0
  readonly #conversation: Conversation
  readonly #closing: string | undefined
  readonly #converted = new WeakMap<object, WireTool>()
  readonly #lengths = new WeakMap<object, number>()

  /**
   * @param closing what a supervisor says after its specialist has answered; without it the supervisor repeats the
   * answer, because the last message is the one that the customer reads.
   */
  constructor(conversation: Conversation, closing?: string) {
    super({})
    this.#conversation = conversation
    this.#closing = closing
  }

  override _llmType() {
    return 'scripted'
  }

  override bindTools(tools: BindToolsInput[], kwargs?: Partial<CallOptions>) {
    return this.withConfig({ ...kwargs, tools: tools.map((tool) => this.#wireTool(tool)) } as Partial<CallOptions>)
  }

  override async _generate(messages: BaseMessage[], options: CallOptions): Promise<ChatResult> {
    const tools = options.tools ?? []
    this.calls++
    for (const message of messages) this.characters += lengthOf(message)
    for (const tool of tools) this.characters += this.#lengthOfTool(tool)
    const message = this.#reply(
      messages,
      tools.map((tool) => tool.function.name),
    )
    return { generations: [{ text: message.text, message }] }
  }

  #reply(messages: BaseMessage[], tools: string[]): AIMessage {
    const { turn, at } = this.#lastQuestion(messages)
    if (tools.includes('route')) return this.#route(turn)
    const done = new Set(
      messages.slice(at + 1).flatMap((message) => (ToolMessage.isInstance(message) ? message.name : [])),
    )
    const delegate = tools.find((tool) => tool === turn.to || tool === `transfer_to_${turn.to}`)
    if (delegate && !done.has(delegate)) return this.#call(delegate, delegate === turn.to ? { query: turn.text } : {})
    if (delegate) return new AIMessage(this.#closing ?? turn.answer)
    if (tools.includes(SEARCH_TOOL) && !done.has(SEARCH_TOOL)) return this.#call(SEARCH_TOOL, { query: turn.text })
    return new AIMessage(asksForNumbers(messages) ? turn.citedAnswer : turn.answer)
  }

  /** The structured answer of a model that is asked who should answer. */
  #route(turn: Turn): AIMessage {
    const args = { to: turn.to, confidence: 0.9, reason: turn.text }
    const tool_calls = [{ type: 'tool_call' as const, id: `call_${this.calls}`, name: 'route', args }]
    return new AIMessageChunk({ content: '', tool_calls }) as AIMessage
  }

  #lastQuestion(messages: BaseMessage[]): { turn: Turn; at: number } {
    for (let at = messages.length - 1; at >= 0; at--) {
      const message = messages[at]
      const turn = HumanMessage.isInstance(message) ? this.#conversation.turnIn(message.text) : undefined
      if (turn) return { turn, at }
    }
    throw new Error('bench: the model was asked something that is not in the script')
  }

  #call(name: string, args: Record<string, string>): AIMessage {
    return new AIMessage({ content: '', tool_calls: [{ type: 'tool_call', id: `call_${this.calls}`, name, args }] })
  }

  /** Once a tool: a real model converts on every binding, but here no design should pay for the model's own work. */
  #wireTool(tool: BindToolsInput): WireTool {
    const converted = this.#converted.get(tool) ?? (convertToOpenAITool(tool as never) as WireTool)
    this.#converted.set(tool, converted)
    return converted
  }

  #lengthOfTool(tool: WireTool): number {
    const length = this.#lengths.get(tool) ?? JSON.stringify(tool).length
    this.#lengths.set(tool, length)
    return length
  }
}

function asksForNumbers(messages: BaseMessage[]): boolean {
  return messages.some((message) => SystemMessage.isInstance(message) && message.text.includes('<passage id="1"'))
}

function lengthOf({ content }: BaseMessage): number {
  return typeof content === 'string' ? content.length : JSON.stringify(content).length
}
