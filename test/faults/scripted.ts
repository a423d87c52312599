import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import type { Runnable } from '@langchain/core/runnables'
import type { LocalRouter, RouteDecision } from '../../graphs/routing/route.ts'
import { defineSpecialist } from '../../graphs/specialist.ts'
import type { Channel } from '../../src/channels/channel.ts'

/** What a call of the scripted model was about. */
export interface Call {
  /** The customer's messages since the last reply, oldest first. */
  asked: string[]
}

/** A model that takes a while and answers with what it was asked, so that a test can see which reply answers what. */
export class ScriptedModel extends BaseChatModel {
  readonly #options: ScriptedModelOptions

  constructor(options: ScriptedModelOptions = {}) {
    super({})
    this.#options = options
  }

  override _llmType(): string {
    return 'scripted'
  }

  override bindTools(): Runnable<BaseLanguageModelInput, AIMessageChunk> {
    return this.withConfig({})
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    const text = await this.#answer(messages, options.signal)
    return { generations: [{ text, message: new AIMessage({ content: text, response_metadata: METADATA }) }] }
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
  ): AsyncGenerator<ChatGenerationChunk> {
    const text = await this.#answer(messages, options.signal)
    yield new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, response_metadata: METADATA }) })
  }

  async #answer(messages: BaseMessage[], signal: AbortSignal | undefined): Promise<string> {
    const { least = 0, most = 0, around = (_call, work) => work() } = this.#options
    const last = messages.findLastIndex((message) => message.getType() === 'ai')
    const asked = messages.slice(last + 1).flatMap((message) => (message.getType() === 'human' ? [message.text] : []))
    return around({ asked }, async () => {
      await sleep(least + Math.random() * (most - least), undefined, signal ? { signal } : {})
      // Another text each time: the same turn answered twice cannot pass for once. In letters: a number is a claim.
      const mark = Math.random()
        .toString(36)
        .slice(2)
        .replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)))
      return `${ARTICLE_SENTENCE} Asked: ${asked.join(' | ')}. Try ${mark}.`
    })
  }
}

/** How long a call takes, in milliseconds, and what happens around it. */
export interface ScriptedModelOptions {
  least?: number
  most?: number
  around?(call: Call, work: () => Promise<string>): Promise<string>
}

const METADATA = { model_name: 'scripted' }
const ARTICLE_SENTENCE = 'Both payments of a subscription show when a card is charged twice.'

/** Billing, unless a person is asked for. */
export const scriptedRouter: LocalRouter = {
  route(text): RouteDecision {
    const to = /talk to a person/.test(text) ? 'human' : 'billing'
    return { to, by: 'local', confidence: 1, reason: 'scripted', alternatives: [], asks: [] }
  },
}

export const scriptedSpecialist = defineSpecialist({
  name: 'billing',
  description: 'Everything that a fault campaign asks about.',
  examples: ['I was charged twice for my subscription', 'a payment is missing'],
  knowledge: ['billing'],
  systemPrompt: 'You answer questions about payments from the passages.',
})

/** A folder with one article, so that a server starts in an instant. */
export function scriptedArticles(folder: string): string {
  const path = join(folder, 'articles')
  mkdirSync(path, { recursive: true })
  const lines = [
    '---',
    'title: Charged twice',
    'scope: billing',
    '---',
    `A subscription was charged twice. ${ARTICLE_SENTENCE}`,
  ]
  writeFileSync(join(path, 'charged-twice.md'), `${lines.join('\n')}\n`)
  return path
}

/** Something that a channel's own server took. */
export interface Delivered {
  /** The reply's id. */
  id: string
  conversationId: string
  text: string
}

/** The channel `web` as one with a server of its own, which is a file: what was handed over survives whoever handed it over. */
export function recordingChannel(
  path: string,
  { find = true, most = 0 }: { find?: boolean; most?: number } = {},
): Channel {
  return {
    name: 'web',
    delivery: {
      async send({ id, conversationId, text }) {
        appendFileSync(path, `${JSON.stringify({ id, conversationId, text } satisfies Delivered)}\n`)
        if (existsSync(fuse(path))) {
          rmSync(fuse(path))
          process.kill(process.pid, 'SIGKILL')
        }
        // Between the server's having it and our knowing it: where a crash hurts.
        await sleep(Math.random() * most)
        return { externalId: `at-the-channel-${id}` }
      },
      ...(find && {
        find: async (id: string) =>
          delivered(path).some((message) => message.id === id) ? { externalId: `at-the-channel-${id}` } : null,
      }),
    },
  }
}

/** Makes the process that sends next die as soon as the recording channel's server has taken the reply. */
export function dieAfterNextSend(path: string): void {
  writeFileSync(fuse(path), '')
}

const fuse = (path: string) => `${path}.fuse`

/** What the recording channel's server took, in its order. */
export function delivered(path: string): Delivered[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}
