/** One server-sent event: its name (`message` when none was given) and its data lines joined. */
export interface ServerSentEvent {
  event: string
  data: string
}

/**
 * Reads server-sent events from text chunks cut anywhere, as the HTML standard lays the format down (section
 * "Server-sent events"). An event that the stream's end cuts off is dropped, as the standard asks.
 */
export function createEventReader(onEvent: (event: ServerSentEvent) => void): (chunk: string) => void {
  let rest = ''
  let event = ''
  let data: string[] = []

  function readLine(line: string) {
    if (line === '') {
      if (data.length > 0) onEvent({ event: event || 'message', data: data.join('\n') })
      event = ''
      data = []
      return
    }
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
  }

  return (chunk) => {
    rest += chunk
    // A carriage return at the very end may be the first half of a line break; it waits for the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) readLine(line)
  }
}
