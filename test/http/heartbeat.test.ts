import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { afterEach, expect, test, vi } from 'vitest'
import { follow, type ServerEvent } from '../../src/http/sse.ts'
import { readEvents } from './event-reader.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('a quiet stream is kept open with comments that no reader takes for an event', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const waiting: ServerEvent[][] = []
  let wake = () => {}
  let pulls = 0
  const app = new Hono().get('/', (c) =>
    streamSSE(c, (stream) =>
      follow(
        stream,
        async () => {
          pulls += 1
          return waiting.shift() ?? []
        },
        (listener) => {
          wake = listener
          return () => {}
        },
      ),
    ),
  )
  waiting.push([{ event: 'message', data: { n: 1 }, id: '1' }])
  const stream = readEvents(await app.request('/'))
  await stream.until((events) => events.length === 1)
  while (pulls < 2) await Promise.resolve()
  await vi.advanceTimersByTimeAsync(15_000)
  waiting.push([{ event: 'message', data: { n: 2 }, id: '2' }])
  wake()
  const events = await stream.until((all) => all.length === 2)
  await stream.close()
  expect(stream.raw()).toContain('\n\n: still here\n\n')
  expect(events.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }])
})
