import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { installation, run } from './baton.ts'

const commands = [
  [],
  ['serve'],
  ['chat'],
  ['ingest'],
  ['search'],
  ['route'],
  ['eval'],
  ['eval', 'routing'],
  ['eval', 'dialogues'],
  ['eval', 'retrieval'],
  ['eval', 'escalation'],
  ['new'],
  ['new', 'specialist'],
  ['demo'],
  ['demo', 'reseed'],
]

describe('the command line', { timeout: 60_000 }, () => {
  test.each(commands.map((words) => [words]))('says what there is: %s --help', async (words) => {
    const { code, stdout, stderr } = await run([...words, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Usage: ${['baton', ...words].join(' ')}`)
  })

  test.each([
    [['shout']],
    [['serve', '--loud']],
    [['search']],
    [['search', 'x', '--limit', '0']],
    [['search', 'x', '--limit', 'many']],
    [['ingest']],
    [['chat', '--url', 'nowhere']],
    [['eval']],
    [['eval', 'manners', 'x.jsonl']],
    [['eval', 'routing']],
    [['eval', 'retrieval', '--corpus', 'x.jsonl']],
    [['eval', 'routing', 'x.jsonl', '--min', 'accuracy']],
    [['eval', 'routing', 'x.jsonl', '--min', 'accuracy=high']],
  ])('exits 2 with words on stderr and nothing on stdout: %s', async (args) => {
    const { code, stdout, stderr } = await installation().run(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).not.toBe('')
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test('is there as npx baton in the checkout', async () => {
    const cwd = new URL('../..', import.meta.url)
    const { stdout } = await promisify(execFile)('npx', ['--no-install', 'baton', '--help'], { cwd, timeout: 45_000 })
    expect(stdout).toContain('Usage: baton')
  })
})
