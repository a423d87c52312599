import { readdir, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { loadJsonl } from './jsonl.ts'
import type { Loader } from './loader.ts'
import { loadMarkdown } from './markdown.ts'

const LOADERS: Record<string, Loader> = {
  '.md': loadMarkdown,
  '.markdown': loadMarkdown,
  '.jsonl': loadJsonl,
}

/** The loader for a file's ending; undefined where nothing reads it. */
export function loaderOf(path: string): Loader | undefined {
  return LOADERS[extname(path).toLowerCase()]
}

/** The endings that are read, for people. */
export const READABLE = Object.keys(LOADERS).join(', ')

/** The files at a path, in order: itself, or every file below it except hidden ones and READMEs. */
export async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new Error(`There is no file or folder at ${path}.`)
  if (!found.isDirectory()) return [path]
  const names = (await readdir(path)).filter((name) => !name.startsWith('.') && !/^readme(\.|$)/i.test(name))
  const files: string[] = []
  for (const name of names.sort()) files.push(...(await filesAt(join(path, name))))
  return files
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
