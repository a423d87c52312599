import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { answers, type RecordedAnswer, type Scenario, scenario } from './scenario.ts'

/** A test with where it stands and the answers that were recorded for it. */
export interface LoadedScenario extends Scenario {
  file: string
  line: number
  recorded: RecordedAnswer[] | undefined
}

const recordingFile = z.record(z.string(), answers)

/**
 * Reads every test of files, folders and globs, in the order of their names.
 * @throws {AppError} that names the file and line of every mistake at once
 */
export async function loadScenarios(paths: string[]): Promise<LoadedScenario[]> {
  const files = await filesOf(paths)
  const problems: string[] = []
  const loaded: LoadedScenario[] = []
  const known = new Map<string, string>()
  for (const file of files) {
    const found = readScenarios(file, await readFile(file, 'utf8'))
    problems.push(...found.problems)
    for (const { line, ...one } of found.scenarios) {
      const before = known.get(one.test)
      if (before) problems.push(`${file}:${line}: ${before} has a test of this name, too: ${one.test}`)
      known.set(one.test, `${file}:${line}`)
      const recording = one.recording && (await readRecording(join(dirname(file), one.recording), one.test))
      if (typeof recording === 'string') problems.push(`${file}:${line}: ${recording}`)
      else loaded.push({ ...one, file, line, recorded: recording || undefined })
    }
  }
  if (problems.length > 0)
    throw new AppError('simulate.bad_file', 400, `Tests that cannot be run:\n  ${problems.join('\n  ')}`)
  return loaded
}

async function filesOf(paths: string[]): Promise<string[]> {
  const files = new Set<string>()
  for (const path of paths) {
    const kind = await stat(path).catch(() => undefined)
    const found = kind?.isFile() ? [path] : await matching(kind?.isDirectory() ? join(path, '**/*.{yaml,yml}') : path)
    if (found.length === 0)
      throw new AppError('simulate.no_file', 400, `${path}: there is no such file, and no test in such a folder`)
    for (const file of found) files.add(file)
  }
  return [...files]
}

/** Files that a pattern with `*`, `**`, `?` and `{a,b}` names, in the order of their names; recordings are no tests. */
async function matching(pattern: string): Promise<string[]> {
  const parts = pattern.split('/')
  const folder = parts
    .slice(
      0,
      Math.max(
        0,
        parts.findIndex((part) => /[*?{]/.test(part)),
      ),
    )
    .join('/')
  if (!/[*?{]/.test(pattern)) return []
  const source = pattern.replace(/\*\*\/|[*?{},.+^$()|[\]\\]/g, (found) => GLOB[found] ?? `\\${found}`)
  const files = await readdir(folder || '.', { recursive: true }).catch(() => [])
  return files
    .map((file) => join(folder, file))
    .filter((file) => new RegExp(`^${source}$`).test(file) && !file.includes('.answers.'))
    .sort()
}

const GLOB: Record<string, string> = {
  '**/': '(?:[^/]+/)*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(?:',
  ',': '|',
  '}': ')',
}

/** The tests of one file's text, and what is wrong with it, each with its line. */
export function readScenarios(
  file: string,
  text: string,
): { scenarios: (Scenario & { line: number })[]; problems: string[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const at = (offset: number | undefined) => `${file}:${lines.linePos(offset ?? 0).line}`
  if (document.errors.length > 0)
    return {
      scenarios: [],
      problems: document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message.split('\n')[0]}`),
    }
  const value: unknown = document.toJS()
  if (!Array.isArray(value) || value.length === 0)
    return { scenarios: [], problems: [`${file}:1: a list of tests, each beginning with “- test: its name”`] }
  const problems: string[] = []
  const scenarios: (Scenario & { line: number })[] = []
  for (const [i, each] of value.entries()) {
    const parsed = scenario.safeParse(each)
    if (parsed.success) scenarios.push({ ...parsed.data, line: lines.linePos(offsetOf(document, [i]) ?? 0).line })
    else
      problems.push(
        ...issuesOf(parsed.error.issues)
          .map(({ path, key, message }) => {
            const offset = offsetOf(document, [i, ...path], key) ?? 0
            return { offset, text: `${at(offset)}: ${[...path, ...(key ? [key] : [])].join('.')}: ${message}` }
          })
          .sort((left, right) => left.offset - right.offset)
          .map(({ text }) => text),
      )
  }
  return { scenarios, problems }
}

interface Problem {
  path: PropertyKey[]
  /** A key that is not known. */
  key?: string
  message: string
}

/** One line a mistake: unknown keys each by itself, and of alternatives the one that came closest. */
function issuesOf(issues: z.core.$ZodIssue[], before: PropertyKey[] = []): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    const path = [...before, ...issue.path]
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path, key, message: 'there is no such key' }))
    if (issue.code === 'invalid_union') {
      const closest = issue.errors.filter((errors) =>
        errors.every(({ path: inner, code }) => inner.length > 0 || code === 'unrecognized_keys'),
      )
      if (closest[0]) return issuesOf(closest[0], path)
    }
    return [{ path, message: issue.message }]
  })
}

/** Where a value stands in the text: the value itself, or whatever of its path is there; of a key, the key. */
function offsetOf(document: Document, path: PropertyKey[], key?: string): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined
    if (!node?.range) continue
    if (key !== undefined && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0]
    }
    return node.range[0]
  }
  return undefined
}

async function readRecording(path: string, test: string): Promise<RecordedAnswer[] | string> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return `there is no recording ${path}`
  const document = parseDocument(text)
  const parsed = recordingFile.safeParse(document.errors.length > 0 ? undefined : document.toJS())
  if (!parsed.success) return `${resolve(path)} is no recording: a map of tests to lists of answers`
  return parsed.data[test] ?? `${path} has no answers for “${test}”`
}
