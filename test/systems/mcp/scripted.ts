import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type BaseMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'
import { z } from 'zod'

/** What the chat endpoint answers, as far as a test reads it. */
export const answer = z.object({ conversationId: z.string(), reply: z.object({ text: z.string() }).nullable() })

/** Makes one call a turn, in order, and then repeats what the call came to. */
export function scripted(calls: { tool: string; args: Record<string, unknown> }[]): BaseChatModel {
  return new CallingModel(calls)
}

class CallingModel extends BaseChatModel {
  readonly #calls: { tool: string; args: Record<string, unknown> }[]

  constructor(calls: { tool: string; args: Record<string, unknown> }[]) {
    super({})
    this.#calls = [...calls]
  }

  override _llmType() {
    return 'scripted'
  }

  override bindTools() {
    return this.withConfig({})
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const last = messages.at(-1)
    const call = last?.getType() === 'tool' ? undefined : this.#calls.shift()
    const text = last?.getType() === 'tool' ? String(JSON.parse(last.text).status) : 'Is there anything else?'
    const message = call
      ? new AIMessage({
          content: '',
          tool_calls: [{ type: 'tool_call', id: 'call', name: call.tool, args: call.args }],
        })
      : new AIMessage(text)
    return { generations: [{ text: message.text, message }] }
  }
}
