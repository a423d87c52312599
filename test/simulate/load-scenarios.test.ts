import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadScenarios, readScenarios } from '../../src/simulate/load-scenarios.ts'
import { scratch } from '../app.ts'

const GOOD = '- test: one\n  steps:\n    - say: hello\n'

test('every mistake of a file is named with its line', () => {
  const text = `- test: one
  custmer: nora
  steps:
    - say: hello
      expect:
        route: billing
        efects: []
    - approve: Mara
      say: hello
- test: two
  customer: nobody
  steps: []
`
  const { scenarios, problems } = readScenarios('a.yaml', text)
  expect(scenarios).toEqual([])
  expect(problems).toEqual([
    'a.yaml:2: custmer: there is no such key',
    'a.yaml:7: steps.0.expect.efects: there is no such key',
    expect.stringMatching(/^a\.yaml:8: steps\.1: one of say, .*; there are say and approve$/),
    expect.stringMatching(/^a\.yaml:11: customer: anonymous, or one of the demo's customers: nora, tomas/),
    expect.stringMatching(/^a\.yaml:12: steps: /),
  ])
})

test.each([
  ['- test: one\n  steps: [', /^a\.yaml:\d+: /],
  ['test: one\n', /^a\.yaml:1: a list of tests/],
  ['- test: one\n  steps:\n    - say: hello\n      expect: { contains: "/(/" }\n', /^a\.yaml:4: .*regular expression/i],
])('what is no list of tests is refused: %j', (text, problem) => {
  expect(readScenarios('a.yaml', text).problems[0]).toMatch(problem)
})

test('folders and globs are read in the order of their names, recordings left out', async () => {
  const folder = scratch()
  mkdirSync(join(folder, 'deep'))
  writeFileSync(join(folder, 'b.yaml'), GOOD)
  writeFileSync(join(folder, 'deep', 'a.yml'), GOOD.replace('one', 'two'))
  writeFileSync(join(folder, 'b.answers.yaml'), 'one: [hello]\n')
  const names = (paths: string[]) => loadScenarios(paths).then((loaded) => loaded.map(({ test }) => test))
  expect(await names([folder])).toEqual(['one', 'two'])
  expect(await names([join(folder, '*.yaml')])).toEqual(['one'])
  expect(await names([join(folder, '**/*.{yml,yaml}')])).toEqual(['one', 'two'])
  await expect(names([join(folder, 'nothing*.yaml')])).rejects.toThrow(/there is no such file/)
})

test('two tests of one name are refused', async () => {
  const path = join(scratch(), 'a.yaml')
  writeFileSync(path, GOOD + GOOD)
  await expect(loadScenarios([path])).rejects.toThrow(/a\.yaml:4: .*a\.yaml:1 has a test of this name/)
})
