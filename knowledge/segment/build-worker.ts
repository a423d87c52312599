import { parentPort, workerData } from 'node:worker_threads'
import type { VersionedArticle } from '../passage-store.ts'
import type { BuildTask, FromBuilder, ToBuilder } from './build-messages.ts'
import { buildOnDisk } from './on-disk.ts'

const port = parentPort
if (!port) throw new Error('This runs in a thread of its own.')
const say = (message: FromBuilder) => port.postMessage(message)

/** Asks for some at a time, so that what waits to be built never fills the memory. */
async function* articles(): AsyncIterable<VersionedArticle[]> {
  for (;;) {
    const message = await ask()
    if (message === 'end') return
    yield message.articles
  }
}

function ask(): Promise<ToBuilder> {
  return new Promise((resolve) => {
    port?.once('message', resolve)
    say({ kind: 'next' })
  })
}

const folder = await buildOnDisk(workerData as BuildTask, articles())
say({ kind: 'built', folder })
port.close()
