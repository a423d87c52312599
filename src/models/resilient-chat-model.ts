import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from '@langchain/core/language_models/base'
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models'
import { convertChunksToEvents } from '@langchain/core/language_models/compat'
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'
import type { Runnable } from '@langchain/core/runnables'
import { type Clock, systemClock } from '../clock.ts'
import { AppError } from '../errors.ts'
import {
  type BreakerState,
  type GuardedCandidate,
  guardCandidate,
  type ModelCandidate,
  type ModelEvent,
  type ModelRetryPolicy,
} from './guarded-candidate.ts'
import { ModelStreamCut } from './model-failure.ts'
import { isRestart, RestartableChunk, restartChunk } from './restartable-chunk.ts'
import { type OutputSchema, structuredOutput } from './structured-output.ts'
import { followSignal, type ModelTimeouts, watchStream } from './watched-stream.ts'

const defaultModelTimeouts: ModelTimeouts = { firstTokenMs: 10_000, idleMs: 10_000, totalMs: 45_000 }

const defaultModelRetryPolicy: ModelRetryPolicy = {
  backoffMs: { min: 250, max: 4_000 },
  maxRetryAfterMs: 10_000,
  budget: { share: 0.1, floor: 3, windowMs: 60_000 },
  breaker: { failures: 5, openMs: 30_000 },
}

/** What `createResilientChatModel` is made from. */
export interface ResilientChatModelOptions {
  /** In the order in which they are asked. */
  candidates: ModelCandidate[]
  /** Unless told: first token 10 s, idle 10 s, 45 s in all. */
  timeouts?: Partial<ModelTimeouts> | undefined
  /** Unless told: one retry after 250 ms to 4 s, Retry-After up to 10 s, ≤ 10 % of calls, breaker 5 failures for 30 s. */
  retry?: Partial<ModelRetryPolicy> | undefined
  clock?: Clock | undefined
  /** Called synchronously; must not throw. */
  onEvent?: ((event: ModelEvent) => void) | undefined
}

/** One line of the readiness page. */
export interface ModelHealth {
  name: string
  kind: ModelCandidate['kind']
  breaker: BreakerState
  /** The last failure, such as `HTTP 503`, until the next success. */
  lastError?: string | undefined
}

interface CallOptions extends BaseChatModelCallOptions {
  tools?: BindToolsInput[] | undefined
}

/**
 * One chat model out of several: the first candidate that can, answers.
 *
 * A failure before the first token is not seen. After it, the stream carries one chunk with empty content and
 * `response_metadata.restarted`: discard what you have, the answer begins again (`invoke` does so by itself).
 * The final message's `response_metadata` has `model_name`, and `degraded: true` when an offline candidate answered
 * although a provider is configured.
 *
 * Throws `models.unavailable` (503, `cause` an AggregateError with each candidate's error) when no candidate answers,
 * and the signal's reason on an abort.
 */
export class ResilientChatModel extends BaseChatModel<CallOptions> {
  readonly #candidates: GuardedCandidate[]
  readonly #timeouts: ModelTimeouts
  readonly #clock: Clock
  readonly #onEvent: (event: ModelEvent) => void

  constructor(options: ResilientChatModelOptions) {
    super({})
    this.#timeouts = { ...defaultModelTimeouts, ...options.timeouts }
    this.#clock = options.clock ?? systemClock
    this.#onEvent = options.onEvent ?? (() => {})
    const policy = { ...defaultModelRetryPolicy, ...options.retry }
    this.#candidates = options.candidates.map((each) => guardCandidate(each, policy, this.#clock, this.#onEvent))
  }

  override _llmType(): string {
    return 'resilient'
  }

  /** Each candidate's breaker, in the order in which they are asked. */
  health(): ModelHealth[] {
    return this.#candidates.map((each) => ({
      name: each.name,
      kind: each.kind,
      breaker: each.state(),
      lastError: each.lastError(),
    }))
  }

  /** The tools are bound to whichever candidate answers. */
  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<CallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, CallOptions> {
    return this.withConfig({ tools, ...kwargs })
  }

  /** By one forced tool call, validated when the schema is zod's; throws `models.invalid_output` after a second try. */
  override withStructuredOutput<Output extends Record<string, unknown>>(
    schema: OutputSchema<Output>,
    config?: StructuredOutputMethodOptions<boolean>,
    // biome-ignore lint/suspicious/noExplicitAny: LangChain's overloads return the output or { raw, parsed }
  ): Runnable<BaseLanguageModelInput, any> {
    return structuredOutput(this, schema, config)
  }

  /** Streams underneath too, so that a provider that hangs in the middle is noticed. */
  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    let answer: RestartableChunk | undefined
    for await (const chunk of this._streamResponseChunks(messages, options)) {
      answer = answer ? answer.concat(chunk) : chunk
    }
    if (!answer) throw new ModelStreamCut('no chunk')
    return { generations: [{ text: answer.text, message: answer.message }] }
  }

  /** LangChain's event protocol cannot take back what it has said, so it gets the answer once it is complete. */
  override async *_streamChatModelEvents(messages: BaseMessage[], options: this['ParsedCallOptions']) {
    let chunks: RestartableChunk[] = []
    for await (const chunk of this._streamResponseChunks(messages, options)) {
      if (isRestart(chunk.message)) chunks = []
      else chunks.push(chunk)
    }
    async function* settled() {
      yield* chunks
    }
    yield* convertChunksToEvents(settled(), options.signal ? { signal: options.signal } : {})
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    runManager?: Parameters<BaseChatModel['_streamResponseChunks']>[2],
  ): AsyncGenerator<RestartableChunk> {
    const call = new AbortController()
    const unfollow = followSignal(options.signal, call)
    // The retry and the breaker enclose a whole stream, so they push and this generator pulls.
    const answer = new ReadableStream<RestartableChunk>({
      start: (sink) => {
        this.#answer(messages, options, call.signal, (chunk) => sink.enqueue(chunk))
          .then(() => sink.close())
          .catch((error) => sink.error(error))
      },
    })
    try {
      for await (const chunk of answer) {
        yield chunk
        await runManager?.handleLLMNewToken(chunk.text, undefined, undefined, undefined, undefined, { chunk })
      }
    } finally {
      unfollow()
      call.abort()
    }
  }

  async #answer(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    signal: AbortSignal,
    emit: (chunk: RestartableChunk) => void,
  ): Promise<void> {
    const deadline = this.#clock.now() + this.#timeouts.totalMs
    const errors: unknown[] = []
    let shown = false
    for (const candidate of this.#candidates) {
      if (candidate.kind === 'offline' && mustCallTool(options)) continue
      let modelName = candidate.name
      try {
        await candidate.run(async () => {
          if (shown) {
            emit(restartChunk())
            this.#onEvent({ type: 'stream-restarted', candidate: candidate.name })
            shown = false
          }
          const remainingMs = deadline - this.#clock.now()
          const open = (request: AbortSignal) => openStream(candidate.model, messages, options, request)
          const timeouts = candidate.kind === 'offline' ? offlineTimeouts : this.#timeouts
          const limit = candidate.kind === 'offline' ? offlineTimeouts.totalMs : remainingMs
          let held: RestartableChunk[] = []
          for await (const message of watchStream(open, timeouts, limit, signal)) {
            modelName = (message.response_metadata.model_name as string | undefined) ?? modelName
            held.push(toChunk(message))
            shown ||= saysSomething(message)
            // Until something is said there is nothing to take back.
            if (!shown) continue
            held.forEach(emit)
            held = []
          }
          if (!shown) throw new ModelStreamCut('the answer is empty')
        }, signal)
      } catch (error) {
        signal.throwIfAborted()
        errors.push(error)
        continue
      }
      const degraded = candidate.kind === 'offline' && this.#candidates.some((each) => each.kind === 'provider')
      emit(lastChunk(modelName, degraded))
      this.#onEvent({ type: 'answer-finished', candidate: candidate.name, degraded })
      return
    }
    throw unavailable(errors)
  }
}

/** A `ResilientChatModel` over the candidates; see there for what it promises. */
export function createResilientChatModel(options: ResilientChatModelOptions): ResilientChatModel {
  return new ResilientChatModel(options)
}

// The last resort answers even when the providers have used up the time.
const offlineTimeouts: ModelTimeouts = { firstTokenMs: 5_000, idleMs: 5_000, totalMs: 10_000 }

async function openStream(
  model: BaseChatModel,
  messages: BaseMessage[],
  options: CallOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<AIMessageChunk>> {
  const { tools, ...rest } = options
  const target = tools?.length && model.bindTools ? model.bindTools(tools) : model
  // Without `callbacks: []` a surrounding graph run would hear every token twice, from here and from the wrapper.
  return target.stream(messages, { ...rest, signal, callbacks: [] })
}

/** A copy without what must not be added up over the chunks (`model_name`) or over the attempts (`id`). */
function toChunk(message: AIMessageChunk): RestartableChunk {
  const { model_name: _, ...metadata } = message.response_metadata
  const toolCallChunks = message.tool_call_chunks ?? []
  const copy = new AIMessageChunk({
    content: message.content,
    additional_kwargs: message.additional_kwargs,
    response_metadata: metadata,
    ...(message.usage_metadata ? { usage_metadata: message.usage_metadata } : {}),
    ...(toolCallChunks.length > 0 ? { tool_call_chunks: toolCallChunks } : { tool_calls: message.tool_calls ?? [] }),
  })
  return new RestartableChunk({ text: message.text, message: copy })
}

function saysSomething(message: AIMessageChunk): boolean {
  return message.text !== '' || Boolean(message.tool_call_chunks?.length) || Boolean(message.tool_calls?.length)
}

function lastChunk(modelName: string, degraded: boolean): RestartableChunk {
  const metadata = { model_name: modelName, ...(degraded ? { degraded } : {}) }
  return new RestartableChunk({ text: '', message: new AIMessageChunk({ content: '', response_metadata: metadata }) })
}

function mustCallTool(options: CallOptions): boolean {
  const choice = options.tool_choice
  return choice !== undefined && choice !== 'auto' && choice !== 'none'
}

function unavailable(errors: unknown[]): AppError {
  const error = new AppError('models.unavailable', 503, 'No model could answer.')
  error.cause = new AggregateError(errors, 'every candidate failed')
  return error
}
