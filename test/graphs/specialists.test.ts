import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { loadSpecialists } from '../../graphs/specialists.ts'
import { scratch } from '../app.ts'

const DEFINE = pathToFileURL(resolve('graphs/specialist.ts')).href

/** A folder with these files; `{…}` is the inside of a manifest that differs from a good one. */
function folderOf(files: Record<string, string>): string {
  const folder = join(scratch(), 'specialists')
  mkdirSync(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

function manifest(name: string, more = ''): string {
  return `import { defineSpecialist } from '${DEFINE}'
export default defineSpecialist({
  name: '${name}',
  description: 'Answers questions about ${name} and nothing else.',
  examples: ['one ${name} request', 'another ${name} request'],
  knowledge: ['${name}'],
  systemPrompt: 'You answer questions about ${name}.',
  ${more}
})
`
}

test('the folder’s specialists are loaded by name, in order', async () => {
  const names = (await loadSpecialists()).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['billing', 'returns', 'tech-support']))
  expect(names).toEqual(names.toSorted())
})

test('files that are no modules are left alone', async () => {
  const folder = folderOf({ 'alpha.ts': manifest('alpha'), 'README.md': '# about', '.DS_Store': '' })
  expect((await loadSpecialists(folder)).map(({ name }) => name)).toEqual(['alpha'])
})

test.each([
  ['a name that is not the file’s', manifest('beta'), /its name is "beta", but the file says "alpha"/],
  ['a name that is not kebab-case', manifest('Alpha'), /name: kebab-case/],
  ['a field too many', manifest('alpha', 'model: "gpt"'), /model/],
  ['a field too few', `export default { name: 'alpha' }`, /description: .*examples: .*knowledge: .*systemPrompt: /],
  ['too few examples', manifest('alpha', "examples: ['one']"), /examples: at least two/],
  ['no knowledge', manifest('alpha', 'knowledge: []'), /knowledge: at least one scope/],
  ['tools that are no function', manifest('alpha', 'tools: []'), /tools: a function/],
  ['no default export', 'export const alpha = 1', /export default defineSpecialist/],
  ['a default export of null', 'export default null', /export default defineSpecialist/],
  ['a module that throws', "throw new Error('no connection')", /no connection/],
  ['a module that throws no error', "throw 'just words'", /just words/],
  ['a syntax error', 'export default {', /alpha\.ts/],
])('%s stops the start and names the file', async (_what, text, problem) => {
  const loading = loadSpecialists(folderOf({ 'alpha.ts': text }))
  await expect(loading).rejects.toThrow(/alpha\.ts: /)
  await expect(loading).rejects.toThrow(problem)
})

test.each(['supervisor', 'reply-gate', 'human', 'shared', 'continuation', 'baton'])(
  'the name %s is taken',
  async (name) => {
    const loading = loadSpecialists(folderOf({ [`${name}.ts`]: manifest(name) }))
    await expect(loading).rejects.toThrow(`${name}.ts: the name "${name}" has a meaning of its own`)
  },
)

// LangGraph refuses a node that is named like a key of the state, with a message that names no file.
test.each([
  'messages',
  'route',
  'specialist',
  'handoff',
  'draft',
  'reply',
  'escalation',
  'takeover',
  'trail',
  'unsure',
  'hops',
])('the name %s is a key of the state and taken', async (name) => {
  const loading = loadSpecialists(folderOf({ [`${name}.ts`]: manifest(name) }))
  await expect(loading).rejects.toThrow(`${name}.ts: the name "${name}" has a meaning of its own`)
})

test('every problem of every file is named at once, and good files are not', async () => {
  const folder = folderOf({
    'alpha.ts': manifest('alpha'),
    'beta.ts': manifest('gamma'),
    'delta.ts': 'export const x = 1',
    'human.ts': manifest('human'),
  })
  const error = await loadSpecialists(folder).catch((error: Error) => error)
  expect((error as Error).message.split('\n')).toEqual([
    expect.stringContaining(folder),
    expect.stringContaining('beta.ts: '),
    expect.stringContaining('delta.ts: '),
    expect.stringContaining('human.ts: '),
  ])
})

test('two files that bring the same name are refused', async () => {
  const folder = folderOf({ 'alpha.ts': manifest('alpha'), 'alpha.mts': manifest('alpha') })
  await expect(loadSpecialists(folder)).rejects.toThrow('alpha.ts: another file has this name too')
})

test('an empty folder and a missing one stop the start', async () => {
  const empty = folderOf({})
  await expect(loadSpecialists(empty)).rejects.toThrow(/there is no specialist in it/)
  await expect(loadSpecialists(join(empty, 'nowhere'))).rejects.toThrow(/nowhere/)
})
