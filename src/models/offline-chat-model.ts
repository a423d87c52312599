import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import type { Runnable } from '@langchain/core/runnables'
import { parseAsks } from './ask-prompt.ts'
import { extractiveAnswer } from './extractive-answer.ts'

const metadata = { model_name: 'offline' }

/** Code in the place of a language model: same prompt in, same answer out. */
class OfflineChatModel extends BaseChatModel {
  constructor() {
    super({})
  }

  override _llmType(): string {
    return 'offline'
  }

  /** Accepted and ignored: this model only answers from passages. */
  override bindTools(): Runnable<BaseLanguageModelInput, AIMessageChunk> {
    return this.withConfig({})
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    options.signal?.throwIfAborted()
    const text = answerTo(messages)
    return { generations: [{ text, message: new AIMessage({ content: text, response_metadata: metadata }) }] }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: Parameters<BaseChatModel['_streamResponseChunks']>[2],
  ): AsyncGenerator<ChatGenerationChunk> {
    const words = answerTo(messages).match(/\s*\S+/g) ?? []
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
 * A chat model without a language model: it answers from the `<ask>` blocks of the last system message (`parseAsks`)
 * with sentences taken from their passages and `[id]` citations, or with `NO_ANSWER`. Deterministic, needs no key and
 * no network, streams word by word, ignores tools, and says `model_name: 'offline'` in `response_metadata`.
 */
export function createOfflineChatModel(): BaseChatModel {
  return new OfflineChatModel()
}

function answerTo(messages: BaseMessage[]): string {
  const system = messages.findLast((message) => message.getType() === 'system')
  return extractiveAnswer(parseAsks(system?.text ?? ''))
}
