import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { createOfflineChatModel } from './offline-chat-model.ts'
import { createOpenAIChatModel } from './openai-chat-model.ts'
import { createResilientChatModel, type ModelHealth } from './resilient-chat-model.ts'

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

/** The configured model with its fallback and, behind both, the offline answers; or the offline answers alone. */
export function createChatModels(models: Config['models'], log: Log): ChatModels {
  const offline = createOfflineChatModel()
  if (!models) return { name: 'offline', answers: offline, routes: undefined, health: () => [] }
  const { apiKey, baseUrl, chat, fallback } = models
  const providers = [chat, ...(fallback ? [fallback] : [])].map((model) => ({
    name: model,
    kind: 'provider' as const,
    model: createOpenAIChatModel({ apiKey, baseUrl, model }),
  }))
  const onEvent = (event: { type: string; error?: unknown }) => {
    const { error, ...rest } = event
    if (event.type === 'answer-finished') log.debug(rest, 'a model answered')
    else log.warn({ ...rest, ...(error instanceof Error && { error: error.message }) }, 'a model call went wrong')
  }
  const answers = createResilientChatModel({
    candidates: [...providers, { name: 'offline', kind: 'offline', model: offline }],
    onEvent,
  })
  // Extracts cannot decide who answers: without a provider the local router's word stands.
  const routes = createResilientChatModel({ candidates: providers, onEvent })
  return { name: chat, answers, routes, health: () => answers.health() }
}
