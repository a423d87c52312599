import { parse } from './api.ts'
import { backoff } from './delivery.ts'
import { readEvent, type TurnEvent } from './protocol.ts'

const names = ['message', 'route', 'escalation', 'status', 'effect'] as const

/**
 * Listens to a conversation for as long as it is open. The browser reconnects a broken stream itself, with
 * `Last-Event-ID`; a stream that it gives up on (an error status, a proxy's page) is opened anew here. `onOpen` is
 * called at every connection, so that the caller can fetch what a new stream does not repeat; `onDown` at every loss.
 */
export function listen(
  url: string,
  on: { onEvent: (event: TurnEvent) => void; onOpen: () => void; onDown: () => void },
): { reconnect(): void; close(): void } {
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let source = open()

  function open(): EventSource {
    const next = new EventSource(url)
    next.addEventListener('open', () => {
      failures = 0
      on.onOpen()
    })
    for (const name of names) {
      next.addEventListener(name, (event: MessageEvent<unknown>) => {
        const turn = typeof event.data === 'string' ? readEvent(name, parse(event.data)) : null
        if (turn) on.onEvent(turn)
      })
    }
    next.addEventListener('error', () => {
      on.onDown()
      if (next.readyState !== EventSource.CLOSED) return
      timer = setTimeout(reconnect, backoff(failures++))
    })
    return next
  }

  function reconnect() {
    clearTimeout(timer)
    source.close()
    source = open()
  }

  return {
    reconnect() {
      if (source.readyState !== EventSource.OPEN) reconnect()
    },
    close() {
      clearTimeout(timer)
      source.close()
    },
  }
}
