import { parseEvents } from '../app.ts'

type SentEvent = ReturnType<typeof parseEvents>[number]

/** Reads a live `text/event-stream` response. */
export function readEvents(response: Response) {
  if (!response.body) throw new Error('the response has no body')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let raw = ''
  return {
    /** Everything that has arrived. */
    raw: () => raw,
    /** Reads on until `enough` is true of all events so far, and returns them. */
    async until(enough: (events: SentEvent[]) => boolean): Promise<SentEvent[]> {
      for (;;) {
        const events = parseEvents(raw.slice(0, raw.lastIndexOf('\n\n') + 2))
        if (enough(events)) return events
        const { done, value } = await reader.read()
        if (done) throw new Error(`the stream ended after ${events.map(({ event }) => event).join(', ')}`)
        raw += value
      }
    },
    /** Reads to the end of the stream. */
    async rest(): Promise<SentEvent[]> {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return parseEvents(raw)
        raw += value
      }
    },
    close: () => reader.cancel(),
  }
}
