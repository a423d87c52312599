import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as z from 'zod'

/** Bump when files are written in another way: older ones are then built anew. */
const FORMAT = 1
const PIECE = 1 << 20
const FILE = 'manifest.json'
const BUILT = /^built-\d{12}-[0-9a-f]+$/

const manifest = z.object({
  format: z.literal(FORMAT),
  /** The store's revision that it was built from. */
  revision: z.number(),
  embedding: z.string(),
  dimensions: z.number(),
  space: z.literal('cosine'),
  articles: z.number(),
  passages: z.number(),
  labels: z.number(),
  /** The vector indexes; scope null is the index of everything. */
  indexes: z.array(z.object({ scope: z.string().nullable(), file: z.string(), size: z.number() })),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: z.string() })),
})

/** What the files of a built segment are, checked before they are used. */
export type Manifest = z.infer<typeof manifest>
/** A file's length and checksum. */
export type FileCheck = Manifest['files'][string]

/** The manifest of a folder. @throws if it is missing, broken or of another format */
export async function readManifest(folder: string): Promise<Manifest> {
  return manifest.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')))
}

/** Writes the manifest, which makes the folder complete. */
export async function writeManifest(folder: string, content: Omit<Manifest, 'format' | 'space'>): Promise<void> {
  const bytes = Buffer.from(JSON.stringify({ ...content, format: FORMAT, space: 'cosine' } satisfies Manifest))
  await writeChecked(join(folder, FILE), [bytes])
  await flushFolder(folder)
}

/** The folders of complete segments below a folder, newest first; what is being built has another name. */
export async function builtFolders(below: string): Promise<string[]> {
  const names = await readdir(below).catch(() => [])
  return names
    .filter((name) => BUILT.test(name))
    .sort()
    .reverse()
    .map((name) => join(below, name))
}

/** The name of a segment's folder: sorts by revision, and no two processes choose the same. */
export function builtName(revision: number): string {
  return `built-${String(revision).padStart(12, '0')}-${crypto.randomUUID().slice(0, 8)}`
}

/** Removes the segments of this revision and before. Whoever has one open keeps what it read. */
export async function removeOthers(built: string, below: string): Promise<void> {
  const revision = (folder: string) => basename(folder).split('-')[1] ?? ''
  for (const folder of await builtFolders(below))
    if (folder !== built && revision(folder) <= revision(built)) await rm(folder, { recursive: true, force: true })
}

/** Writes a file and waits until it is on the disk. */
export async function writeChecked(path: string, parts: Iterable<Uint8Array>): Promise<FileCheck> {
  const hash = createHash('sha256')
  const file = await open(path, 'w')
  let bytes = 0
  try {
    for (const part of parts) {
      for (let start = 0; start < part.length; start += PIECE) {
        const piece = part.subarray(start, start + PIECE)
        hash.update(piece)
        await file.appendFile(piece)
      }
      bytes += part.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

/** Puts what a folder lists on the disk. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The check of a file that others wrote, which is put on the disk first. */
export async function checkOf(path: string): Promise<FileCheck> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
    const { size } = await file.stat()
    return { bytes: size, sha256: await hashOf(file, size) }
  } finally {
    await file.close()
  }
}

/**
 * Reads a file a piece at a time, so that the event loop goes on.
 * @throws if it is not what the check says
 */
export async function readChecked(path: string, check: FileCheck | undefined): Promise<ArrayBuffer> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const content = new ArrayBuffer(size)
    demand(path, check, { bytes: size, sha256: await hashOf(file, size, new Uint8Array(content)) })
    return content
  } finally {
    await file.close()
  }
}

/** Checks a file without keeping it. @throws if it is not what the check says */
export async function verify(path: string, check: FileCheck | undefined): Promise<void> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    demand(path, check, { bytes: size, sha256: await hashOf(file, size) })
  } finally {
    await file.close()
  }
}

function demand(path: string, expected: FileCheck | undefined, found: FileCheck): void {
  if (expected?.bytes !== found.bytes || expected.sha256 !== found.sha256) throw new Error(`${path} is damaged.`)
}

async function hashOf(file: FileHandle, size: number, into?: Uint8Array): Promise<string> {
  const hash = createHash('sha256')
  const buffer = into ?? new Uint8Array(Math.min(size, PIECE))
  for (let at = 0; at < size; ) {
    const length = Math.min(PIECE, size - at)
    const { bytesRead } = await file.read(buffer, into ? at : 0, length, at)
    if (bytesRead === 0) break
    hash.update(buffer.subarray(into ? at : 0, (into ? at : 0) + bytesRead))
    at += bytesRead
  }
  return hash.digest('hex')
}
