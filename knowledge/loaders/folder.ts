import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, relative, sep } from 'node:path'
import type { DocumentReader } from './document-reader.ts'
import { loadDocx, loadHtml, loadPdf } from './documents.ts'
import { loadJsonl } from './jsonl.ts'
import type { LoadedFile, Loader } from './loader.ts'
import { loadMarkdown, readYaml } from './markdown.ts'

const MB = 2 ** 20
/** Each ending with its loader and the most bytes it takes: far more than an article needs. */
const LOADERS: Record<string, [Loader, number]> = {
  '.md': [loadMarkdown, 4 * MB],
  '.markdown': [loadMarkdown, 4 * MB],
  '.html': [loadHtml, 4 * MB],
  '.htm': [loadHtml, 4 * MB],
  '.pdf': [loadPdf, 64 * MB],
  '.docx': [loadDocx, 32 * MB],
  '.jsonl': [loadJsonl, 256 * MB],
}
const READABLE = Object.keys(LOADERS).join(', ')
const NOTES = '.yaml'
const LARGEST_NOTES = MB

/** The files at a path, in order: itself, or every file below it except hidden ones, READMEs and notes beside files. */
export async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new Error(`There is no file or folder at ${path}.`)
  return found.isDirectory() ? filesBelow(path, new Set()) : [path]
}

async function filesBelow(folder: string, above: Set<string>): Promise<string[]> {
  const real = await realpath(folder)
  // A link to a folder above would never end.
  if (above.has(real)) return []
  const within = new Set([...above, real])
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && !/^readme(\.|$)/i.test(name))
  const files: string[] = []
  for (const name of names.sort()) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory()) files.push(...(await filesBelow(path, within)))
    else if (!isNotes(name)) files.push(path)
  }
  return files
}

/** `policy.pdf.yaml` says about `policy.pdf` what its format has no place for. */
function isNotes(name: string): boolean {
  return name.endsWith(NOTES) && extname(name.slice(0, -NOTES.length)).toLowerCase() in LOADERS
}

/** Reads a file with the loader for its ending. Does not throw: what is wrong is in `problems`. */
export async function loadFile(
  path: string,
  { id, source, documents }: { id: string; source: string; documents: DocumentReader },
): Promise<LoadedFile> {
  try {
    const [load, limit] = LOADERS[extname(path).toLowerCase()] ?? []
    if (!load || !limit) {
      throw new Error(`no loader reads ${extname(path) || 'a file without an ending'}; these are read: ${READABLE}`)
    }
    const bytes = await readUpTo(path, limit)
    const notes = await notesOf(path)
    return await load({ bytes, id, source, notes }, documents)
  } catch (error) {
    return { articles: [], problems: [{ source, problem: (error as Error).message }] }
  }
}

/**
 * The bytes of a file.
 * @throws {Error} in words for people when it is empty, larger than `limit`, or no file
 */
export async function readUpTo(path: string, limit: number): Promise<Buffer> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new Error('there is no such file')
  if (!found.isFile()) throw new Error('it is not a file')
  if (found.size === 0) throw new Error('the file is empty')
  if (found.size > limit) {
    throw new Error(`it has ${Math.ceil(found.size / MB)} MB; files of this kind are read up to ${limit / MB} MB`)
  }
  return readFile(path)
}

async function notesOf(path: string): Promise<Record<string, unknown> | undefined> {
  const beside = `${path}${NOTES}`
  const found = await stat(beside).catch(() => undefined)
  if (!found) return undefined
  const notes = readYaml((await readUpTo(beside, LARGEST_NOTES)).toString('utf8'), basename(beside))
  return notes as Record<string, unknown>
}

/** A path as it is kept in the store: from the working folder where it lies below it, with forward slashes. */
export function sourceOf(path: string): string {
  const below = relative(process.cwd(), path)
  return (below === '' || below.startsWith('..') ? path : below).split(sep).join('/')
}

/** The id of the article in a file: its path below `root` without its ending. */
export function articleIdOf(root: string, path: string): string {
  const below = relative(root, path).split(sep).join('/')
  return below.slice(0, below.length - extname(below).length)
}
