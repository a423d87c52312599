/** Work on an outside system took longer than it may; whether it was done is open. */
export class TimeLimitError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms} ms`)
    this.name = 'TimeLimitError'
  }
}

/**
 * Runs work that is given up after `ms`, or when `signal` aborts, also if the work itself does not listen.
 * @throws {TimeLimitError} after `ms`
 */
export async function withinTime<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(new TimeLimitError(ms)), ms)
  const stop = () => limit.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const given = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', () => reject(limit.signal.reason), { once: true })
    })
    return await Promise.race([work(limit.signal), given])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
