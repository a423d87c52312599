import { ContextOverflowError } from '@langchain/core/errors'
import { classifyRateLimitError, parseRetryAfterMs } from '@langchain/core/utils/async_caller'

/** A provider that was too slow: `first-token`, `idle` between two chunks, or `total` for the whole call. */
export class ModelTimeout extends Error {
  readonly phase: 'first-token' | 'idle' | 'total'

  constructor(phase: ModelTimeout['phase'], ms: number) {
    super(
      `no ${phase === 'total' ? 'complete answer' : phase === 'idle' ? 'further token' : 'first token'} in ${ms} ms`,
    )
    this.name = 'ModelTimeout'
    this.phase = phase
  }
}

/** A stream that ended without saying that it is finished, or finished without an answer. */
export class ModelStreamCut extends Error {
  override name = 'ModelStreamCut'
}

/** What an error of a provider means for the next step. */
export interface FailureKind {
  /** The same request may succeed at the same provider: 408, 409, 429, 5xx, network, slow, cut. */
  retryable: boolean
  /** Says something about the provider (down, slow, wrong key), not about this one request. */
  countsAgainstProvider: boolean
  /** How long the provider asked to wait, in milliseconds. */
  retryAfterMs?: number | undefined
  /** HTTP status, when there was an answer. */
  status?: number | undefined
}

const wrongKeyOrModel = [401, 403, 404]

/** Sorts an error of a provider's call; never throws. An abort by the caller is not a failure: ask the signal first. */
export function classifyFailure(error: unknown): FailureKind {
  if (ContextOverflowError.isInstance(error)) return { retryable: false, countsAgainstProvider: false }
  if (error instanceof ModelTimeout && error.phase === 'total') {
    // The time may have gone to the providers before this one.
    return { retryable: false, countsAgainstProvider: false }
  }
  const status = statusOf(error)
  if (status === undefined) return { retryable: true, countsAgainstProvider: true }
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    const limit = classifyRateLimitError(error)
    const retryAfterMs = limit?.retryAfterMs ?? parseRetryAfterMs(headerOf(error, 'retry-after'))
    return { retryable: limit?.action !== 'stop', countsAgainstProvider: true, retryAfterMs, status }
  }
  return { retryable: false, countsAgainstProvider: wrongKeyOrModel.includes(status), status }
}

function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | null)?.status
  return typeof status === 'number' ? status : undefined
}

function headerOf(error: unknown, name: string): string | undefined {
  const headers = (error as { headers?: unknown } | null)?.headers
  return headers instanceof Headers ? (headers.get(name) ?? undefined) : undefined
}
