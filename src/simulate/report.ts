import junit, { type Builder } from 'junit-report-builder'
import type { Miss } from './check.ts'
import type { Result } from './simulate.ts'
import type { Line } from './transcript.ts'

/** A result for people: a line where it came as expected; else what was expected, what was seen, and the conversation. */
export function resultText({ test, file, line, ok, runs }: Result): string {
  const ms = runs.reduce((sum, run) => sum + run.ms, 0)
  const good = runs.filter((run) => run.ok).length
  const times = runs.length > 1 ? ` ${good} of ${runs.length}` : ''
  if (ok) return `✓ ${test}${times} (${ms} ms)\n`
  const bad = runs.find((run) => !run.ok)
  return `✗ ${test}${times}  ${file}:${line}\n${indent(missText(bad?.misses ?? [], bad?.conversation ?? []))}\n`
}

function missText(misses: Miss[], conversation: Line[]): string {
  const differences = misses.map(
    ({ where, what, expected, seen }) =>
      `${where}: ${what}\n  expected  ${oneLine(expected)}\n  seen      ${oneLine(seen)}`,
  )
  return [...differences, 'The conversation so far:', ...conversation.map((line) => `  ${lineText(line)}`)].join('\n')
}

function lineText({ by, text }: Line): string {
  return by === '' ? `    · ${oneLine(text)}` : `${by}: ${oneLine(text)}`
}

function oneLine(text: string): string {
  return text.replaceAll('\n', ' ⏎ ')
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ')
}

/** The results as JUnit's XML, a suite a file. */
export function junitXml(results: Result[]): string {
  // Its types speak of a module with a default export; what there is at run time is the builder itself.
  const builder = (junit as unknown as Builder).newBuilder()
  for (const file of new Set(results.map((result) => result.file))) {
    const suite = builder.testSuite().name(file)
    for (const { test, runs, ok } of results.filter((result) => result.file === file)) {
      const seconds = runs.reduce((sum, run) => sum + run.ms, 0) / 1_000
      const one = suite.testCase().className(file).name(test).time(seconds)
      const bad = runs.find((run) => !run.ok)
      if (!ok && bad)
        one
          .failure(bad.misses.map(({ where, what }) => `${where}: ${what}`).join('; '))
          .stacktrace(missText(bad.misses, bad.conversation))
    }
  }
  return builder.build()
}
