import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Weights } from './classifier.ts'
import type { Utterance } from './corpus.ts'
import { width } from './features.ts'

/** What training leaves behind: the weights, the words that are no slips, and the digest of the texts. */
export interface Model {
  weights: Weights
  known: ReadonlySet<string>
  /** SHA-256 of the training texts: proves that the weights were made from them. */
  digest: string
}

const file = new URL('./model.bin', import.meta.url)

/** SHA-256 of labelled texts in their order, as hexadecimal. */
export function digestOf(texts: readonly Utterance[]): string {
  const hash = createHash('sha256')
  for (const { label, text } of texts) hash.update(`${label}\t${text}\n`)
  return hash.digest('hex')
}

/**
 * The trained model as bytes: the length of the header (4 bytes, little-endian), the header (JSON), then the weights,
 * one signed byte each, to be multiplied by the header's scale.
 */
export function packModel({ weights, known, digest }: Model): Buffer {
  const top = weights.table.reduce((most, one) => Math.max(most, Math.abs(one)), 0) || 1
  const scale = top / 127
  const header = Buffer.from(
    JSON.stringify({
      classes: weights.classes,
      bias: [...weights.bias],
      scale,
      digest,
      known: [...known].sort().join(' '),
    }),
  )
  const size = Buffer.alloc(4)
  size.writeUInt32LE(header.length)
  return Buffer.concat([
    size,
    header,
    Buffer.from(Int8Array.from(weights.table, (one) => Math.round(one / scale)).buffer),
  ])
}

/**
 * The trained model that stands beside this file, made by `graphs/routing/train.ts`.
 * @throws when the file is missing or of another width.
 */
export function loadModel(): Model {
  const bytes = readFileSync(file)
  const size = bytes.readUInt32LE(0)
  const header = JSON.parse(bytes.toString('utf8', 4, 4 + size)) as {
    classes: string[]
    bias: number[]
    scale: number
    digest: string
    known: string
  }
  const table = Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset + 4 + size), (one) => one * header.scale)
  if (table.length !== width * header.classes.length)
    throw new Error('model.bin does not fit: run graphs/routing/train.ts')
  return {
    weights: { classes: header.classes, bias: Float32Array.from(header.bias), table },
    known: new Set(header.known.split(' ')),
    digest: header.digest,
  }
}
