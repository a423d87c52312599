import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { Config } from '../config.ts'
import type { ChatModels } from '../models/chat-model.ts'
import { createOfflineChatModel } from '../models/offline-chat-model.ts'
import { createOpenAIChatModel } from '../models/openai-chat-model.ts'
import { createResilientChatModel } from '../models/resilient-chat-model.ts'
import type { Faults } from './faults.ts'
import { type Recorded, recordedFrom } from './recorded-model.ts'
import type { RecordedAnswer } from './scenario.ts'
import { WatchedModel } from './watched-model.ts'

/** Which model a test is played with. */
export interface StageModelsOptions {
  faults: Faults
  /** Plays recorded answers. */
  recorded: Recorded | undefined
  /** Whether recorded answers decide on routes, too: the model that gave them was asked. */
  routes: boolean
  /** The installation's own model, where the test is played with it. */
  live: Config['models']
  /** Whether a fault of the model comes: then the offline answers stand behind it, as they would behind a provider. */
  fails: boolean
  onAnswer?: ((answer: RecordedAnswer) => void) | undefined
}

/** What a simulated provider has for its first token; a real one gets ten seconds. */
const IMPATIENT_MS = 300

/** The chat models of one test. */
export function stageModels({ faults, recorded, routes, live, fails, onAnswer }: StageModelsOptions): ChatModels {
  const offline = createOfflineChatModel()
  const before = (signal: AbortSignal | undefined) => faults.beforeModel(signal)
  const watched = (model: BaseChatModel) =>
    new WatchedModel(model, { before, ...(onAnswer && { answered: (answer) => onAnswer(recordedFrom(answer)) }) })
  const named = (model: BaseChatModel, name: string) => ({ name, kind: 'provider' as const, model: watched(model) })
  const provider = live
    ? named(createOpenAIChatModel({ apiKey: live.apiKey, baseUrl: live.baseUrl, model: live.chat }), live.chat)
    : recorded
      ? named(recorded.model, 'recorded')
      : named(offline, 'offline')
  const lastResort = new WatchedModel(offline, { before: () => faults.beforeLastResort() })
  const last = { name: 'offline', kind: 'offline' as const, model: lastResort }
  if (!live && !fails)
    return {
      name: provider.name,
      answers: provider.model,
      routes: recorded && routes ? createResilientChatModel({ candidates: [provider] }) : undefined,
      health: () => [],
    }
  const timeouts = fails ? { firstTokenMs: IMPATIENT_MS, idleMs: IMPATIENT_MS } : undefined
  const retry = fails ? { backoffMs: { min: 10, max: 20 } } : undefined
  const answers = createResilientChatModel({ candidates: [provider, last], timeouts, retry })
  return {
    name: provider.name,
    answers,
    routes: live || routes ? createResilientChatModel({ candidates: [provider], timeouts, retry }) : undefined,
    health: () => answers.health(),
  }
}

/** Whether a list of recorded answers has decisions on routes in it. */
export function hasRoutes(answers: RecordedAnswer[]): boolean {
  return answers.some((answer) => typeof answer !== 'string' && 'call' in answer && answer.call === 'route')
}
