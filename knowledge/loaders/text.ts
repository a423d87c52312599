const SIGNATURES: [string, string][] = [
  ['%PDF-', 'a PDF'],
  ['PK\u0003\u0004', 'an archive (a Word document is one)'],
  ['\u00d0\u00cf\u0011\u00e0', 'an old or an encrypted Office document'],
  ['\u0089PNG', 'a picture'],
  ['\u00ff\u00d8\u00ff', 'a picture'],
  ['GIF8', 'a picture'],
  ['{\\rtf', 'a rich text file'],
]

/** What a file is by its first bytes, in words; undefined where they do not tell. */
export function kindOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 8)).toString('latin1')
  const [, kind] = SIGNATURES.find(([signature]) => start.startsWith(signature)) ?? []
  if (kind) return kind
  const opening = Buffer.from(bytes.subarray(0, 512)).toString('latin1').trimStart().toLowerCase()
  return /^(<!doctype html|<html)/.test(opening) ? 'an HTML page' : undefined
}

/**
 * The text of a file: UTF-8, or UTF-16 with a byte order mark, or what `charset` names.
 * @throws {Error} in words for people when it is no text in that encoding
 */
export function decodeText(bytes: Uint8Array, charset?: string): string {
  const mark =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : undefined
  const kind = mark ? undefined : kindOf(bytes)
  if (kind && kind !== 'an HTML page') throw new Error(`it is not a text but ${kind}`)
  if (!mark && bytes.includes(0)) throw new Error('it is not a text: it has zero bytes')
  const encoding = mark ?? charset ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new Error(`it is not a text in ${encoding.toUpperCase()}`)
  }
}
