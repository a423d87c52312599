import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import type { Runnable } from '@langchain/core/runnables'

/** What happens around the calls of a model. */
export interface ModelWatch {
  before(signal: AbortSignal | undefined): Promise<void>
  answered?(answer: AIMessageChunk): void
}

interface CallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[]
}

/** The model that is asked, with what a test does to its calls. */
export class WatchedModel extends BaseChatModel<CallOptions> {
  readonly #model: BaseChatModel
  readonly #watch: ModelWatch

  constructor(model: BaseChatModel, watch: ModelWatch) {
    super({})
    this.#model = model
    this.#watch = watch
  }

  override _llmType(): string {
    return 'watched'
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<CallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
    return this.withConfig({ tools, ...kwargs })
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    let answer: AIMessageChunk | undefined
    for await (const { message } of this._streamResponseChunks(messages, options)) {
      const chunk = message as AIMessageChunk
      answer = answer ? answer.concat(chunk) : chunk
    }
    if (!answer) throw new Error('the model answered nothing')
    return { generations: [{ text: answer.text, message: answer }] }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
  ): AsyncGenerator<ChatGenerationChunk> {
    await this.#watch.before(options.signal)
    const { tools, ...rest } = options
    const target = tools?.length && this.#model.bindTools ? this.#model.bindTools(tools) : this.#model
    let answer: AIMessageChunk | undefined
    // Without `callbacks: []` the graph's run would hear every token twice.
    for await (const chunk of await target.stream(messages, { ...rest, callbacks: [] })) {
      answer = answer ? answer.concat(chunk) : chunk
      yield new ChatGenerationChunk({ text: chunk.text, message: chunk })
    }
    if (answer) this.#watch.answered?.(answer)
  }
}
