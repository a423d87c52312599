import type { SSEStreamingApi } from 'hono/streaming'

/** One server-sent event, with an id that a client may resume from. */
export interface ServerEvent {
  event: string
  data: unknown
  id?: string
}

/** Between two events the line is kept open with a comment this often. */
const HEARTBEAT_MS = 15_000

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
