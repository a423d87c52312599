import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import type { Explain } from './errors.ts'

/** One server-sent event, with an id that a client may resume from. */
export interface ServerEvent {
  event: string
  data: unknown
  id?: string
}

/** Between two events the line is kept open with a comment this often. */
const HEARTBEAT_MS = 15_000
/** How soon a client that was cut off comes back. */
const RETRY_MS = 1_000

/** A response of server-sent events. What fails on the way is one last `error` event, as it would be as a response. */
export function respondWithEvents(
  c: Context,
  explain: Explain,
  write: (stream: SSEStreamingApi) => Promise<void>,
): Response {
  const { path } = c.req
  return streamSSE(c, async (stream) => {
    try {
      await stream.write(`retry: ${RETRY_MS}\n\n`)
      await write(stream)
    } catch (error) {
      // Not the stream helper's own handler: it would send the error's text to the client.
      if (stream.aborted) return
      const { code, message } = explain(error as Error, path)
      await stream.writeSSE({ event: 'error', data: JSON.stringify({ code, message }) })
    }
  })
}

/**
 * Writes what `pull` returns until it returns null or the client goes. Nothing is queued for a slow client: the next
 * look happens only when what was written has left.
 */
export async function follow(
  stream: SSEStreamingApi,
  pull: () => Promise<ServerEvent[] | null>,
  onChange: (wake: () => void) => () => void,
): Promise<void> {
  let wake = () => {}
  let woken = false
  const unsubscribe = onChange(() => {
    woken = true
    wake()
  })
  stream.onAbort(() => wake())
  try {
    while (!stream.aborted) {
      woken = false
      const events = await pull()
      if (events === null) return
      for (const event of events) {
        if (stream.aborted) return
        await stream.writeSSE({ ...event, data: JSON.stringify(event.data) })
      }
      if (events.length > 0 || woken || stream.aborted) continue
      const beat = await rest((resolve) => {
        wake = resolve
      })
      if (beat) await stream.write(': still here\n\n')
    }
  } finally {
    unsubscribe()
  }
}

/** @returns true when nothing happened for a heartbeat */
function rest(arm: (resolve: () => void) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), HEARTBEAT_MS)
    arm(() => {
      clearTimeout(timer)
      resolve(false)
    })
  })
}
