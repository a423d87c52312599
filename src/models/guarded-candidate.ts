import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  handleType,
  handleWhen,
  retry,
} from 'cockatiel'
import type { Clock } from '../clock.ts'
import { classifyFailure } from './model-failure.ts'
import { createRetryBudget } from './retry-budget.ts'

/** One model that may answer. `offline` marks deterministic code that answers when no provider does. */
export interface ModelCandidate {
  name: string
  model: BaseChatModel
  kind: 'provider' | 'offline'
}

/** When a call is tried again and when a provider is left alone. Times in milliseconds. */
export interface ModelRetryPolicy {
  /** The wait before the one retry is uniform between these two (full jitter). */
  backoffMs: { min: number; max: number }
  /** A provider that asks to wait longer than this is not waited for. */
  maxRetryAfterMs: number
  /** Retries ≤ `share` of the calls in `windowMs`, and at least `floor`. */
  budget: { share: number; floor: number; windowMs: number }
  /** So many calls that failed in a row open the breaker for `openMs`; then one call probes. */
  breaker: { failures: number; openMs: number }
}

/** What happened on the way to an answer, for logs and metrics. */
export type ModelEvent =
  | { type: 'attempt-failed'; candidate: string; attempt: number; status?: number | undefined; error: unknown }
  | { type: 'retry-scheduled'; candidate: string; delayMs: number }
  | { type: 'stream-restarted'; candidate: string }
  | { type: 'breaker-changed'; candidate: string; state: BreakerState }
  | { type: 'answer-finished'; candidate: string; degraded: boolean }

/** `closed`: in use. `open`: left alone. `half-open`: one call is trying it out. */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** A candidate with its retry inside its breaker. */
export interface GuardedCandidate extends ModelCandidate {
  state(): BreakerState
  /** The last failure, such as `HTTP 503`; undefined after a success. */
  lastError(): string | undefined
  /**
   * Runs `attempt`, a second time if that is worthwhile and the budget allows it. Throws the last error, the
   * signal's reason (never retried, never counted), or cockatiel's `BrokenCircuitError` at once while the breaker is open.
   */
  run(attempt: () => Promise<void>, signal: AbortSignal): Promise<void>
}

class WorthRetrying extends Error {}
class CallerAborted extends Error {}

const stateNames: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
}

/** Puts a candidate behind its own retry, retry budget and breaker. */
export function guardCandidate(
  candidate: ModelCandidate,
  policy: ModelRetryPolicy,
  clock: Clock,
  onEvent: (event: ModelEvent) => void,
): GuardedCandidate {
  const { name } = candidate
  const budget = createRetryBudget({ ...policy.budget, clock })
  const retrying = retry(handleType(WorthRetrying), { maxAttempts: 1, backoff: new ConstantBackoff(0) })
  const breaker = circuitBreaker(
    handleWhen((error) => !(error instanceof CallerAborted) && classifyFailure(error).countsAgainstProvider),
    { halfOpenAfter: policy.breaker.openMs, breaker: new ConsecutiveBreaker(policy.breaker.failures) },
  )
  breaker.onStateChange((state) => onEvent({ type: 'breaker-changed', candidate: name, state: stateNames[state] }))
  let lastError: string | undefined

  async function once(attempt: () => Promise<void>, tries: number, signal: AbortSignal): Promise<number> {
    try {
      await attempt()
      lastError = undefined
      return -1
    } catch (error) {
      if (signal.aborted) throw new CallerAborted()
      const failure = classifyFailure(error)
      // A provider's own words may quote the key, and this is shown on the readiness page.
      lastError = failure.status ? `HTTP ${failure.status}` : error instanceof Error ? error.message : String(error)
      onEvent({ type: 'attempt-failed', candidate: name, attempt: tries, status: failure.status, error })
      const { min, max } = policy.backoffMs
      const delayMs = Math.round(failure.retryAfterMs ?? min + Math.random() * (max - min))
      const tooLong = (failure.retryAfterMs ?? 0) > policy.maxRetryAfterMs
      if (tries > 1 || !failure.retryable || tooLong || !budget.take()) throw error
      return delayMs
    }
  }

  async function waitForRetry(delayMs: number, signal: AbortSignal): Promise<void> {
    onEvent({ type: 'retry-scheduled', candidate: name, delayMs })
    await clock.sleep(delayMs, signal).catch((error) => {
      throw signal.aborted ? new CallerAborted() : error
    })
    throw new WorthRetrying()
  }

  return {
    ...candidate,
    state: () => stateNames[breaker.state],
    lastError: () => lastError,
    async run(attempt, signal) {
      // cockatiel would queue this call behind the probe, which may stream for a minute.
      if (breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError()
      budget.call()
      try {
        await breaker.execute(() =>
          retrying.execute(async (context) => {
            const delayMs = await once(attempt, context.attempt + 1, signal)
            if (delayMs >= 0) await waitForRetry(delayMs, signal)
          }),
        )
      } catch (error) {
        throw error instanceof CallerAborted ? signal.reason : error
      }
    },
  }
}
