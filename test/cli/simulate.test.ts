import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { installation } from './baton.ts'

describe('baton simulate', { timeout: 60_000 }, () => {
  const GOOD =
    '- test: an invoice\n  steps:\n    - say: where is my lost invoice\n      expect: { route: billing, contains: under Account }\n'

  test('exits 0 when all is as expected and 1 on a miss, with JUnit and JSON beside it', async () => {
    const { folder, run } = installation()
    writeFileSync(join(folder, 'good.yaml'), GOOD)
    const good = await run(['simulate', 'good.yaml', '--repeat', '2'])
    expect(good).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/✓ an invoice 2 of 2.*pass\^1 1\.000 {2}pass\^2 1\.000\n1 passed, 0 failed\n$/s),
    })
    writeFileSync(join(folder, 'bad.yaml'), GOOD.replace('an invoice', 'a dog').replace('under Account', 'a dog'))
    const bad = await run(['simulate', '*.yaml', '--json', '--junit', 'out.xml'])
    expect(bad.code).toBe(1)
    expect(JSON.parse(bad.stdout)).toMatchObject({ n: 2, passed: 1, failed: 1, passHatK: [0.5] })
    expect(readFileSync(join(folder, 'out.xml'), 'utf8')).toMatch(/failures="1".*what|failures="1"/s)
    expect(existsSync(join(folder, 'baton.db'))).toBe(false)
  })

  test('a wrong file is named with its line, a wrong call is told how it goes', async () => {
    const { folder, run } = installation()
    writeFileSync(join(folder, 'wrong.yaml'), GOOD.replace('expect', 'expct'))
    expect(await run(['simulate', 'wrong.yaml'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/wrong\.yaml:4: steps\.0\.expct: there is no such key/),
    })
    expect((await run(['simulate'])).code).toBe(2)
    expect((await run(['simulate', 'wrong.yaml', '--without', 'brakes'])).code).toBe(2)
    expect(await run(['simulate', 'wrong.yaml', '--record', 'a.yaml'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/OPENAI_API_KEY/),
    })
  })

  test('test-from needs a database and a conversation that are there', async () => {
    const { run } = installation()
    expect(await run(['test-from', 'nobody'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/there is no such database/),
    })
    expect((await run(['test-from'])).code).toBe(2)
  })
})
