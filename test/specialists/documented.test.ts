import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const PAGE = readFileSync('docs/adding-a-specialist.md', 'utf8')
/** What a copy of the project shares with it. */
const SHARED = ['node_modules', 'dist', 'bin']

/** The page's blocks that name their file, in order. */
function documented(): { path: string; text: string }[] {
  return [...PAGE.matchAll(/^`([\w/.-]+)`\n\n```\w+\n(.*?)^```$/gms)].map(([, path = '', text = '']) => ({
    path,
    text,
  }))
}

test('the page on adding a specialist is true, block by block', { timeout: 120_000 }, () => {
  // Beside the project: its modules are found from there.
  const copy = resolve('node_modules', '.cache', `baton-documented-${process.pid}`)
  mkdirSync(copy, { recursive: true })
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }))
  for (const name of readdirSync('.').filter((one) => !SHARED.includes(one) && !one.startsWith('.') && one !== 'data'))
    cpSync(name, join(copy, name), { recursive: true })
  for (const name of SHARED) symlinkSync(resolve(name), join(copy, name))
  const baton = (...args: string[]) => execFileSync(process.execPath, ['bin/baton.js', ...args, '--into', copy])

  expect(baton('new', 'specialist', 'warranty').toString().split('\n').slice(0, 3)).toEqual([
    ...['graphs/specialists/warranty.ts', 'knowledge/articles/warranty/about-warranty.md'],
    'test/specialists/warranty.test.ts',
  ])
  const runTest = () =>
    execFileSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/specialists/warranty.test.ts'], {
      cwd: copy,
      stdio: 'pipe',
      env: { ...process.env, LOG_LEVEL: 'silent' },
    }).toString()
  expect(runTest, 'the test that was written must fail until it is filled in').toThrow(/only a filled-in article/)

  const blocks = documented()
  expect(blocks.map(({ path }) => path)).toHaveLength(4)
  for (const { path, text } of blocks) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), text)
  }
  const policy = PAGE.match(/```yaml\n(.*?)^```$/ms)?.[1] ?? ''
  const policies = join(copy, 'src/effects/policies/shop.yaml')
  writeFileSync(policies, `${readFileSync(policies, 'utf8').trimEnd()}\n${policy}`)
  expect(runTest()).toMatch(/1 passed/)
})
