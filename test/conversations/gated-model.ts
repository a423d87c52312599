import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager'
import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import { eventually } from './small-shop.ts'

/** One question to the model, open until the test answers it. */
export interface HeldCall {
  prompt: BaseMessage[]
  write(text: string): void
  end(): void
  /** Writes the whole answer and ends. */
  answer(text: string): void
  fail(message: string): void
}

/** A chat model that answers nothing by itself: the test holds each turn open for as long as it needs. */
export class GatedModel extends BaseChatModel {
  readonly calls: HeldCall[] = []

  constructor() {
    super({})
  }

  _llmType(): string {
    return 'gated'
  }

  override bindTools(): this {
    return this
  }

  /** The nth question, counted from 1, once it is asked. */
  asked(n: number): Promise<HeldCall> {
    return eventually(() => this.calls[n - 1])
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    let text = ''
    for await (const piece of this.hold(messages)) text += piece
    return { generations: [{ text, message: new AIMessage(text) }] }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    _options: this['ParsedCallOptions'],
    _runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    for await (const text of this.hold(messages))
      yield new ChatGenerationChunk({
        text,
        message: new AIMessageChunk({ content: text, response_metadata: { model_name: 'gated' } }),
      })
  }

  private hold(prompt: BaseMessage[]): ReadableStream<string> {
    return new ReadableStream<string>({
      start: (controller) => {
        const write = (text: string) => controller.enqueue(text)
        const end = () => controller.close()
        this.calls.push({
          prompt,
          write,
          end,
          answer(text) {
            write(text)
            end()
          },
          fail: (message) => controller.error(new Error(message)),
        })
      },
    })
  }
}
