import type { BaseMessage } from '@langchain/core/messages'
import type { ChatGenerationChunk } from '@langchain/core/outputs'
import { ChatOpenAI, ChatOpenAICompletions, type ChatOpenAIFields } from '@langchain/openai'
import { ModelStreamCut } from './model-failure.ts'

/** Where an OpenAI-compatible server is and what to ask of it. */
export interface OpenAIChatModelOptions {
  /** Undefined for servers that want none. */
  apiKey?: string | undefined
  /** Such as `http://localhost:11434/v1`; OpenAI's own unless told. */
  baseUrl?: string | undefined
  /** The model's name as the server knows it. */
  model: string
  timeouts?: { totalMs: number } | undefined
}

/**
 * A chat model on any server that speaks OpenAI's chat completions: streams, calls tools, reports usage.
 * It does not retry (`createResilientChatModel` does). Throws the `openai` package's errors with their HTTP `status`,
 * and `ModelStreamCut` when the stream ends before the server said that the answer is finished.
 */
export function createOpenAIChatModel(options: OpenAIChatModelOptions): ChatOpenAI {
  const fields: ChatOpenAIFields = {
    model: options.model,
    apiKey: options.apiKey ?? 'none', // the client refuses to start without one
    maxRetries: 0,
    timeout: options.timeouts?.totalMs ?? 45_000,
    // `streaming: true` would stream `invoke` too and then download a tokenizer to count its tokens.
    streamUsage: true,
    useResponsesApi: false,
    // The client would print what it cannot read, a customer's words among it.
    configuration: { logLevel: 'off', ...(options.baseUrl && { baseURL: options.baseUrl }) },
  }
  // Handed over, not subclassed: `bindTools` and `withConfig` make a new ChatOpenAI from these fields.
  return new ChatOpenAI({ ...fields, completions: new CutAwareCompletions(fields) })
}

/** A server that closes the connection cleanly in the middle looks like one that has finished, but for `finish_reason`. */
class CutAwareCompletions extends ChatOpenAICompletions {
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: Parameters<ChatOpenAICompletions['_streamResponseChunks']>[2],
  ): AsyncGenerator<ChatGenerationChunk> {
    let finished = false
    for await (const chunk of super._streamResponseChunks(messages, options, runManager)) {
      finished ||= chunk.generationInfo?.finish_reason != null
      yield chunk
    }
    if (!finished) throw new ModelStreamCut('the stream ended without a finish_reason')
  }
}
