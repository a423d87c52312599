import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import type { Runnable } from '@langchain/core/runnables'
import type { OfflineHints } from '../../graphs/tool.ts'
import type { OfflineCall } from './offline-results.ts'
import type { OfflineTool } from './offline-tool-choice.ts'
import { nextStep } from './offline-turn.ts'

const metadata = { model_name: 'offline' }

interface CallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[]
}

/** Code in the place of a language model: same prompt in, same answer out. */
class OfflineChatModel extends BaseChatModel<CallOptions> {
  constructor() {
    super({})
  }

  override _llmType(): string {
    return 'offline'
  }

  /** A tool is called if its `metadata.offline` says how it is asked for, or another tool's result names it. */
  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<CallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
    return this.withConfig({ tools, ...kwargs })
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    options.signal?.throwIfAborted()
    const step = nextStep(messages, offlineTools(options.tools))
    const text = 'text' in step ? step.text : ''
    const tool_calls = 'call' in step ? [{ type: 'tool_call' as const, ...step.call }] : []
    return {
      generations: [{ text, message: new AIMessage({ content: text, tool_calls, response_metadata: metadata }) }],
    }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: Parameters<BaseChatModel['_streamResponseChunks']>[2],
  ): AsyncGenerator<ChatGenerationChunk> {
    const step = nextStep(messages, offlineTools(options.tools))
    options.signal?.throwIfAborted()
    if ('call' in step) {
      yield callChunk(step.call)
      return
    }
    const words = step.text.match(/\s*\S+/g) ?? []
    for (const [index, text] of words.entries()) {
      options.signal?.throwIfAborted()
      // Once, because metadata is added up over the chunks.
      const response_metadata = index === words.length - 1 ? metadata : {}
      const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, response_metadata }) })
      yield chunk
      await runManager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk })
    }
  }
}

/**
 * A chat model without a language model. It calls a bound tool where the customer's words are like the tool's examples,
 * one call at a time, and follows what results say comes next; else it answers from the `<ask>` blocks of the last
 * system message (`parseAsks`) with sentences taken from their passages and `[id]` citations, or with `NO_ANSWER`.
 * Deterministic, needs no key and no network, streams word by word, and says `model_name: 'offline'` in
 * `response_metadata`.
 */
export function createOfflineChatModel(): BaseChatModel {
  return new OfflineChatModel()
}

function callChunk({ name, args, id }: OfflineCall): ChatGenerationChunk {
  const tool_call_chunks = [{ type: 'tool_call_chunk' as const, name, args: JSON.stringify(args), id, index: 0 }]
  const message = new AIMessageChunk({ content: '', tool_call_chunks, response_metadata: metadata })
  return new ChatGenerationChunk({ text: '', message })
}

/** Tools in whatever form they are bound; only those of our own bring hints. */
function offlineTools(bound: BindToolsInput[] = []): OfflineTool[] {
  return bound.flatMap((each) => {
    const {
      name,
      schema,
      metadata,
      function: described,
    } = each as {
      name?: unknown
      schema?: unknown
      metadata?: { offline?: OfflineHints }
      function?: { name?: unknown; parameters?: unknown }
    }
    const called = name ?? described?.name
    if (typeof called !== 'string') return []
    return [{ name: called, schema: schema ?? described?.parameters, hints: metadata?.offline }]
  })
}
