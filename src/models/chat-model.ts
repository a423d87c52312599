import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { createOfflineChatModel } from './offline-chat-model.ts'
import { createOpenAIChatModel } from './openai-chat-model.ts'
import { createResilientChatModel, type ModelHealth, type ResilientChatModelOptions } from './resilient-chat-model.ts'

/** What writes replies, and what is asked where to route. */
export interface ChatModels {
  /** For people: the model's name, or `offline`. */
  name: string
  /** Writes the replies. */
  answers: BaseChatModel
  /** Undefined where no language model is connected. */
  routes: BaseChatModel | undefined
  health(): ModelHealth[]
}

/** How patient the calls are; as {@link createResilientChatModel} unless told. */
export type ChatModelPatience = Pick<ResilientChatModelOptions, 'timeouts' | 'retry' | 'clock'>

/** The configured model with its fallback and, behind both, the offline answers; or the offline answers alone. */
export function createChatModels(models: Config['models'], log: Log, patience: ChatModelPatience = {}): ChatModels {
  const offline = createOfflineChatModel()
  if (!models) return { name: 'offline', answers: offline, routes: undefined, health: () => [] }
  const { apiKey, baseUrl, chat, fallback } = models
  const providers = [chat, ...(fallback ? [fallback] : [])].map((model) => ({
    name: model,
    kind: 'provider' as const,
    model: createOpenAIChatModel({ apiKey, baseUrl, model }),
  }))
  // A server's refusal may quote the key.
  const withoutKey = (text: string) => (apiKey ? text.replaceAll(apiKey, '[key]') : text)
  const onEvent = (event: { type: string; error?: unknown }) => {
    const { error, ...rest } = event
    const reason = error instanceof Error && { error: withoutKey(error.message) }
    if (event.type === 'answer-finished') log.debug(rest, 'a model answered')
    else log.warn({ ...rest, ...reason }, 'a model call went wrong')
  }
  const answers = createResilientChatModel({
    ...patience,
    candidates: [...providers, { name: 'offline', kind: 'offline', model: offline }],
    onEvent,
  })
  // Extracts cannot decide who answers: without a provider the local router's word stands.
  const routes = createResilientChatModel({ ...patience, candidates: providers, onEvent })
  const health = () =>
    answers.health().map(({ lastError, ...rest }) => ({ ...rest, lastError: lastError && withoutKey(lastError) }))
  return { name: chat, answers, routes, health }
}
