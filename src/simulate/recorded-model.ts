import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import type { RecordedAnswer } from './scenario.ts'

/** Answers in their order, whatever is asked; what was asked too often or not at all shows afterwards. */
export interface Recorded {
  model: BaseChatModel
  /** What the model answers next, after what it has still to say. */
  add(answers: RecordedAnswer[]): void
  /** Why the answers and the questions do not fit, since the last look. */
  misfits(): string[]
}

/** A chat model that plays what another one once answered. */
export function createRecordedModel(): Recorded {
  const left: RecordedAnswer[] = []
  let tooMany = 0
  const model = new RecordedModel(() => {
    const next = left.shift()
    if (next === undefined) tooMany += 1
    return next
  })
  return {
    model,
    add: (answers) => void left.push(...answers),
    misfits() {
      const misfits = [
        ...(tooMany > 0 ? [`the model was asked ${tooMany} more time(s) than there are answers`] : []),
        ...(left.length > 0
          ? [`${left.length} answer(s) were not asked for, the first: ${JSON.stringify(left[0])}`]
          : []),
      ]
      tooMany = 0
      left.length = 0
      return misfits
    },
  }
}

const METADATA = { model_name: 'recorded' }

class RecordedModel extends BaseChatModel {
  readonly #next: () => RecordedAnswer | undefined
  #calls = 0

  constructor(next: () => RecordedAnswer | undefined) {
    super({})
    this.#next = next
  }

  override _llmType(): string {
    return 'recorded'
  }

  override bindTools() {
    return this.withConfig({})
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const { text, calls } = this.#answer(messages)
    const tool_calls = calls.map((call) => ({ type: 'tool_call' as const, ...call }))
    return {
      generations: [{ text, message: new AIMessage({ content: text, tool_calls, response_metadata: METADATA }) }],
    }
  }

  override async *_streamResponseChunks(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    const { text, calls } = this.#answer(messages)
    const tool_call_chunks = calls.map(({ id, name, args }, index) => {
      return { type: 'tool_call_chunk' as const, id, name, args: JSON.stringify(args), index }
    })
    yield new ChatGenerationChunk({
      text,
      message: new AIMessageChunk({ content: text, tool_call_chunks, response_metadata: METADATA }),
    })
  }

  #answer(_messages: BaseMessage[]) {
    const answer = this.#next()
    if (answer === undefined) throw new Error('nothing more was recorded')
    if (typeof answer === 'string') return { text: answer, calls: [] }
    const calls = 'calls' in answer ? answer.calls : [answer]
    return {
      text: '',
      calls: calls.map(({ call, args }) => {
        this.#calls += 1
        return { id: `recorded-${this.#calls}`, name: call, args }
      }),
    }
  }
}

/** A model's answer as a recording holds it. */
export function recordedFrom({ text, tool_calls = [] }: AIMessage | AIMessageChunk): RecordedAnswer {
  const calls = tool_calls.map(({ name, args }) => ({ call: name, args }))
  const [only] = calls
  if (!only) return text
  return calls.length === 1 ? only : { calls }
}
