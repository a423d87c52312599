import { ModelTimeout } from './model-failure.ts'

/** How slow a provider may be, in milliseconds. */
export interface ModelTimeouts {
  /** Until the first chunk. */
  firstTokenMs: number
  /** Between two chunks. */
  idleMs: number
  /** The whole call over all attempts at all providers. */
  totalMs: number
}

/**
 * Yields what `open` streams and gives up when it is too slow: throws `ModelTimeout`, or the caller's own abort reason.
 * `open` gets a signal that ends the request; a stream that ignores the signal is left behind, not waited for.
 * `remainingMs` is what is left of the total time.
 */
export async function* watchStream<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  timeouts: ModelTimeouts,
  remainingMs: number,
  callerSignal: AbortSignal,
): AsyncGenerator<T> {
  const request = new AbortController()
  const unfollow = followSignal(callerSignal, request)
  const giveUpAfter = (ms: number, phase: ModelTimeout['phase'], shown = ms) =>
    setTimeout(() => request.abort(new ModelTimeout(phase, shown)), Math.max(0, ms))
  const total = giveUpAfter(remainingMs, 'total', timeouts.totalMs)
  let next = giveUpAfter(timeouts.firstTokenMs, 'first-token')
  try {
    const stream = await unlessAborted(open(request.signal), request.signal)
    const iterator = stream[Symbol.asyncIterator]()
    for (;;) {
      const step = await unlessAborted(iterator.next(), request.signal)
      clearTimeout(next)
      if (step.done) return
      yield step.value
      next = giveUpAfter(timeouts.idleMs, 'idle')
    }
  } finally {
    clearTimeout(total)
    clearTimeout(next)
    unfollow()
    request.abort()
  }
}

/**
 * Aborts `follower` when `signal` aborts; returns how to stop following.
 * `AbortSignal.any` would keep an entry on a long-lived signal for as long as that signal lives.
 */
export function followSignal(signal: AbortSignal | undefined, follower: AbortController): () => void {
  if (!signal) return () => {}
  const abort = () => follower.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}

/** The promise's outcome, or the signal's reason when that comes first; a late rejection stays handled. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
  try {
    return await Promise.race([promise, aborted])
  } catch (error) {
    // What the client library makes of an abort differs; the reason is what happened.
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
