import { createEventReader } from './event-stream.ts'
import { readEvent, readThread, type Thread, type TurnEvent } from './protocol.ts'
import { type Demo, readDemo, readSession, type Session } from './session.ts'

/** The server will not take this message, now or later; `message` says why. */
export class Refused extends Error {}

/** The server asks to come back in `waitMilliseconds`. */
export class Busy extends Error {
  readonly waitMilliseconds: number
  constructor(waitMilliseconds: number) {
    super('The server is busy.')
    this.waitMilliseconds = waitMilliseconds
  }
}

/** The conversation does not exist (any more), or is not this customer's. */
export class Gone extends Error {}

/** No whole answer came: the network, a proxy or the server broke off. Sending again is safe. */
export class Unreachable extends Error {}

/** What the page asks of the server. */
export interface Api {
  chat(
    body: { conversationId?: string; messageId: string; text: string },
    onEvent: (event: TurnEvent) => void,
    signal: AbortSignal,
  ): Promise<void>
  thread(conversationId: string): Promise<Thread>
  eventsUrl(conversationId: string): string
  session(): Promise<Session>
  /** The demo's customers; null where there is no demo. */
  demo(): Promise<Demo | null>
  demoSignIn(customerId: string): Promise<void>
  demoSignOut(): Promise<void>
}

/** A stream that says nothing for this long is taken for broken; the same messageId then joins the same turn. */
const silence = 90_000

const fresh: RequestInit = { headers: { Accept: 'application/json' }, cache: 'no-store' }
const json: RequestInit = { method: 'POST', headers: { 'Content-Type': 'application/json' } }

/** Speaks Baton's HTTP interface on the page's own origin. */
export function createApi(): Api {
  return {
    async chat(body, onEvent, signal) {
      const abort = new AbortController()
      const stop = () => abort.abort()
      signal.addEventListener('abort', stop)
      let watchdog = setTimeout(stop, silence)
      try {
        const response = await ask('/v1/chat', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
          body: JSON.stringify(body),
          signal: abort.signal,
        })
        if (!response.headers.get('Content-Type')?.startsWith('text/event-stream') || !response.body) {
          const done = readEvent('done', await response.json())
          if (done) onEvent(done)
          return
        }
        await readTurn(response.body, onEvent, () => {
          clearTimeout(watchdog)
          watchdog = setTimeout(stop, silence)
        })
      } catch (problem) {
        throw asProblem(problem)
      } finally {
        clearTimeout(watchdog)
        signal.removeEventListener('abort', stop)
      }
    },

    async thread(conversationId) {
      try {
        const response = await ask(`/v1/conversations/${encodeURIComponent(conversationId)}`, {
          headers: { Accept: 'application/json' },
          cache: 'no-store',
        })
        return readThread(await response.json())
      } catch (problem) {
        throw asProblem(problem)
      }
    },

    eventsUrl: (conversationId) => `/v1/conversations/${encodeURIComponent(conversationId)}/events`,

    async session() {
      return readSession(await (await ask('/v1/session', fresh)).json())
    },

    async demo() {
      try {
        return readDemo(await (await ask('/v1/demo/customers', fresh)).json())
      } catch (problem) {
        if (problem instanceof Gone) return null
        throw problem
      }
    },

    async demoSignIn(customerId) {
      await ask('/v1/demo/sign-in', { ...json, body: JSON.stringify({ customerId }) })
    },

    async demoSignOut() {
      await ask('/v1/demo/sign-out', { ...json, body: '{}' })
    },
  }
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(path, { ...init, credentials: 'same-origin' })
  if (response.ok) return response
  const retryAfter = response.headers.get('Retry-After')
  if (response.status === 429 || (response.status === 503 && retryAfter)) throw new Busy(waitFrom(retryAfter))
  if (response.status === 404) throw new Gone('This conversation is not here.')
  if (response.status === 400 || response.status === 413 || response.status === 422) {
    const body: { error?: { message?: unknown } } | null = await response.json().catch(() => null)
    const words = body?.error?.message
    throw new Refused(typeof words === 'string' ? words : 'The server did not take this message.')
  }
  throw new Unreachable(`The server answered ${response.status}.`)
}

async function readTurn(body: ReadableStream<Uint8Array>, onEvent: (event: TurnEvent) => void, onBytes: () => void) {
  let finished = false
  let failure: string | null = null
  const read = createEventReader(({ event, data }) => {
    const turn = readEvent(event, parse(data))
    if (!turn) return
    if (turn.type === 'done') finished = true
    if (turn.type === 'error') failure = turn.message
    onEvent(turn)
  })
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    onBytes()
    read(decoder.decode(value, { stream: true }))
  }
  if (!finished) throw new Unreachable(failure ?? 'The reply broke off.')
}

/** JSON or null; a broken line of a stream is no reason to lose the rest of it. */
export function parse(data: string): unknown {
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}

function waitFrom(retryAfter: string | null): number {
  const seconds = Number(retryAfter)
  if (retryAfter && Number.isFinite(seconds)) return Math.min(Math.max(seconds, 1), 600) * 1000
  const until = retryAfter ? Date.parse(retryAfter) - Date.now() : Number.NaN
  return Number.isFinite(until) ? Math.min(Math.max(until, 1000), 600_000) : 5000
}

function asProblem(problem: unknown): Error {
  if (problem instanceof Refused || problem instanceof Busy || problem instanceof Gone) return problem
  return new Unreachable(problem instanceof Error ? problem.message : 'The server cannot be reached.')
}
