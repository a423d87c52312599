import { parentPort } from 'node:worker_threads'
import type { DocumentKind } from './document.ts'
import { readDocx } from './docx.ts'
import { readHtml } from './html.ts'
import { readPdf } from './pdf.ts'

/** Reads documents that are sent to it, one answer each; runs in a thread that may be ended at any moment. */
parentPort?.on('message', async ({ kind, bytes }: { kind: DocumentKind; bytes: Uint8Array }) => {
  try {
    parentPort?.postMessage({ document: await read(kind, bytes) })
  } catch (error) {
    const deep = error instanceof RangeError
    parentPort?.postMessage({ problem: deep ? 'it is nested too deeply' : (error as Error).message })
  }
})

function read(kind: DocumentKind, bytes: Uint8Array) {
  if (kind === 'pdf') return readPdf(bytes)
  if (kind === 'docx') return readDocx(bytes)
  return readHtml(new TextDecoder().decode(bytes))
}
