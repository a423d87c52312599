import { Worker } from 'node:worker_threads'
import type { DocumentKind, DocumentText } from './document.ts'

/** Turns documents into text, one after the other. */
export interface DocumentReader {
  /**
   * @throws {Error} in words for people: what is wrong with the document, or that it takes too much time or memory
   */
  read(kind: DocumentKind, bytes: Uint8Array): Promise<DocumentText>
  close(): Promise<void>
}

/** What one document may take. */
export interface DocumentLimits {
  ms: number
  /** Of the thread's heap. */
  heapMb: number
  /** By which the whole process may grow meanwhile: what is unpacked lies outside of the heap. */
  growthMb: number
}

const LIMITS: DocumentLimits = { ms: 60_000, heapMb: 768, growthMb: 1536 }
const LOOK_MS = 25
const TSX = import.meta.resolve('tsx/esm/api')
// A thread does not inherit what lets this one read TypeScript.
const START = `const { workerData } = require('node:worker_threads')
import(workerData.tsx).then(({ register }) => { register(); return import(workerData.module) })`

/**
 * Reads in a thread of its own, so that a document made to exhaust a machine costs that thread, and so that nobody
 * waits while a long one is read.
 */
export function openDocumentReader(limits: DocumentLimits = LIMITS): DocumentReader {
  let worker: Worker | undefined
  let last: Promise<unknown> = Promise.resolve()

  const start = () => {
    const started = new Worker(START, {
      eval: true,
      workerData: { tsx: TSX, module: new URL('./document-worker.ts', import.meta.url).href },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
      stdout: true,
      stderr: true,
    })
    started.unref()
    return started
  }

  const readNow = (kind: DocumentKind, bytes: Uint8Array) =>
    new Promise<DocumentText>((resolve, reject) => {
      worker ??= start()
      const busy = worker
      const before = process.memoryUsage.rss()
      const until = performance.now() + limits.ms
      const end = () => {
        clearInterval(watch)
        // One by one: the thread's own wiring hangs on listeners too.
        busy.off('message', onMessage)
        busy.off('error', onError)
      }
      const giveUp = (problem: string) => {
        end()
        worker = undefined
        // Without a listener a late failure of the thread would end the process.
        busy.on('error', () => {})
        void busy.terminate().then(() => reject(new Error(problem)))
      }
      const watch = setInterval(() => {
        if (performance.now() > until) giveUp(`it could not be read within ${Math.ceil(limits.ms / 1000)} seconds`)
        else if (process.memoryUsage.rss() - before > limits.growthMb * 2 ** 20) giveUp(TOO_MUCH)
      }, LOOK_MS)
      const onMessage = (answer: { document: DocumentText } | { problem: string }) => {
        end()
        if ('document' in answer) resolve(answer.document)
        else reject(new Error(answer.problem))
      }
      const onError = (error: NodeJS.ErrnoException) => {
        giveUp(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? TOO_MUCH : `it could not be read: ${error.message}`)
      }
      busy.on('message', onMessage)
      busy.on('error', onError)
      busy.postMessage({ kind, bytes })
    })

  return {
    read(kind, bytes) {
      const document = last.then(() => readNow(kind, bytes))
      last = document.catch(() => {})
      return document
    },
    async close() {
      await last
      await worker?.terminate()
      worker = undefined
    },
  }
}

const TOO_MUCH = 'it needs more memory than a document may take'
