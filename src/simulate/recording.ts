import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { parse, stringify } from 'yaml'
import type { RecordedAnswer } from './scenario.ts'

/** What a model answered in tests, on its way into a file: a map of tests to answers, others' entries left as they are. */
export function createRecording(path: string) {
  const tests = new Map<string, RecordedAnswer[]>()
  return {
    add: (test: string, answer: RecordedAnswer) => void tests.set(test, [...(tests.get(test) ?? []), answer]),

    async write(): Promise<void> {
      const before: Record<string, unknown> = existsSync(path) ? (parse(await readFile(path, 'utf8')) ?? {}) : {}
      await writeFile(path, stringify({ ...before, ...Object.fromEntries(tests) }, { lineWidth: 100 }))
    },
  }
}
