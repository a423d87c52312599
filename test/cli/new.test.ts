import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { scratch } from '../app.ts'
import { run } from './baton.ts'

const limit = { timeout: 60_000 }

function project(): string {
  const folder = scratch()
  mkdirSync(join(folder, 'graphs', 'specialists'), { recursive: true })
  return folder
}

test('a new specialist is three files, named on stdout', limit, async () => {
  const into = project()
  const { code, stdout, stderr } = await run(['new', 'specialist', 'store-pickup', '--into', into, '--json'])
  const files = ['graphs/specialists/store-pickup.ts', 'knowledge/articles/store-pickup/about-store-pickup.md']
  expect({ code, files: JSON.parse(stdout) }).toEqual({
    code: 0,
    files: [...files, 'test/specialists/store-pickup.test.ts'],
  })
  expect(stderr).toContain('npx vitest run test/specialists/store-pickup.test.ts')
  expect(readFileSync(join(into, files[0] ?? ''), 'utf8')).toContain("name: 'store-pickup'")
})

test('nothing is written over, and then nothing is written at all', limit, async () => {
  const into = project()
  writeFileSync(join(into, 'graphs', 'specialists', 'pickup.ts'), 'mine')
  const { code, stderr } = await run(['new', 'specialist', 'pickup', '--into', into])
  expect(code).toBe(1)
  expect(stderr).toContain('There already: graphs/specialists/pickup.ts. Nothing was written.')
  expect(readFileSync(join(into, 'graphs', 'specialists', 'pickup.ts'), 'utf8')).toBe('mine')
})

test.each(['Pickup', 'store_pickup', '../../etc', 'human', 'supervisor', 'act', ''])(
  'the name “%s” is refused',
  limit,
  async (name) => {
    const { code, stdout } = await run(['new', 'specialist', name, '--into', project()])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  },
)

test('a folder that is no project is refused', limit, async () => {
  const { code, stderr } = await run(['new', 'specialist', 'pickup', '--into', scratch()])
  expect(code).toBe(1)
  expect(stderr).toContain('There is no graphs/specialists')
})
