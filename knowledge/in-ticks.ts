import { setImmediate as nextTick } from 'node:timers/promises'

/** The items, with a turn of the event loop after every so many: whoever asks a question meanwhile must not wait. */
export async function* inTicks<T>(items: Iterable<T>, size: number): AsyncIterable<T> {
  let count = 0
  for (const item of items) {
    yield item
    count += 1
    if (count % size === 0) await nextTick()
  }
}
