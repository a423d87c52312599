import { Worker } from 'node:worker_threads'
import type { VersionedArticle } from '../passage-store.ts'
import type { BuildTask, FromBuilder, ToBuilder } from './build-messages.ts'

/** Builds a segment into files; answers their folder. */
export type BuildSegment = (task: BuildTask, articles: AsyncIterator<VersionedArticle[]>) => Promise<string>

/**
 * Builds in a thread of its own, so that no request waits.
 * @throws what the articles throw, or that the thread ended; nothing of an unfinished segment is ever found
 */
export function createBuildInWorker({ signal }: { signal: AbortSignal }): BuildSegment {
  return (task, articles) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const worker = new Worker(new URL('./build-worker.js', import.meta.url), { workerData: task, execArgv: [] })
      const stop = () => void worker.terminate()
      signal.addEventListener('abort', stop)
      const fail = (error: unknown) => {
        stop()
        reject(error)
      }
      const feed = async () => {
        const { value, done } = await articles.next()
        worker.postMessage((done ? 'end' : { articles: value }) satisfies ToBuilder)
      }
      worker.on('message', (message: FromBuilder) => {
        if (message.kind === 'built') resolve(message.folder)
        else feed().catch(fail)
      })
      worker.on('error', fail)
      worker.on('exit', () => {
        signal.removeEventListener('abort', stop)
        reject(new Error('The thread that built the index ended before it was done.'))
      })
    })
}
