import { inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const ENTRY = 0x02014b50
const STORED = 0
const DEFLATED = 8
const ENTRIES = 5000

/**
 * The XML parts of an Office document, each unpacked once to see that it fits: what a file says about its own size may
 * be a lie.
 * @throws {Error} in words for people when it is no archive, is damaged, or unpacks to more than `limit` bytes
 */
export function xmlParts(bytes: Uint8Array, limit: number): Map<string, Buffer> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts = new Map<string, Buffer>()
  let left = limit
  try {
    for (const { name, method, start, length } of entriesOf(file)) {
      if (!/\.(xml|rels)$/i.test(name)) continue
      const packed = file.subarray(start, start + length)
      if (method === STORED && packed.length > left) throw new RangeError()
      const part = method === DEFLATED ? inflateRawSync(packed, { maxOutputLength: Math.max(1, left) }) : packed
      left -= part.length
      parts.set(name, part)
    }
  } catch (error) {
    const tooLarge = error instanceof RangeError && (error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE'
    if (tooLarge) throw new Error(`it unpacks to more than ${limit / 2 ** 20} MB`)
    throw new Error('the file is damaged: its archive cannot be read')
  }
  return parts
}

function* entriesOf(file: Buffer) {
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || file.readUInt32LE(end) !== END) throw new Error('no directory')
  const count = file.readUInt16LE(end + 10)
  if (count > ENTRIES) throw new Error('too many parts')
  let at = file.readUInt32LE(end + 16)
  for (let index = 0; index < count; index += 1) {
    if (file.readUInt32LE(at) !== ENTRY) throw new Error('no entry')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => file.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    const local = file.readUInt32LE(at + 42)
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28)
    const method = file.readUInt16LE(at + 10)
    if (method !== STORED && method !== DEFLATED) throw new Error('packed in another way')
    yield {
      name: file.toString('utf8', at + 46, at + 46 + nameLength),
      method,
      start,
      length: file.readUInt32LE(at + 20),
    }
    at += 46 + nameLength + extraLength + commentLength
  }
}
