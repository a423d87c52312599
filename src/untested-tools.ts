import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A test in code, or a conversation in YAML. */
const TEST = /\.test\.[jt]sx?$|\.ya?ml$/

/**
 * The tools that no test in a folder names.
 * @returns none where there is no such folder, as in an installation without its tests
 */
export async function untestedTools(names: Iterable<string>, folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!files) return []
  const tests = files.filter((file) => TEST.test(file))
  const words = new Set<string>()
  for (const text of await Promise.all(tests.map((file) => readFile(join(folder, file), 'utf8'))))
    for (const [word] of text.matchAll(/[a-z][a-z0-9_]+/g)) words.add(word)
  return [...new Set(names)].filter((name) => !words.has(name))
}
