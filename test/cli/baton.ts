import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import type { MessageResult } from '../../src/conversations/conversations.ts'
import { scratch } from '../app.ts'

const BATON = fileURLToPath(new URL('../../bin/baton.js', import.meta.url))
/** A process that takes longer than this hangs. */
const LIMIT_MS = 45_000

/** What a command left behind. */
export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

/** A folder of its own with a small shop's articles, and the environment that names only what lies in it. */
export function installation(more: Record<string, string> = {}) {
  const folder = scratch()
  const articles = join(folder, 'articles')
  article(articles, 'billing/lost-invoice', 'Lost invoice', 'Every invoice is under Account, for ten years.')
  article(
    articles,
    'tech-support/kettle',
    'The kettle does not boil',
    'Descale the kettle with vinegar, then rinse it twice.',
  )
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    DATABASE_URL: `file:${join(folder, 'baton.db')}`,
    ARTICLES_DIR: articles,
    PORT: '0',
    LOG_LEVEL: 'warn',
    ...more,
  }
  return {
    folder,
    articles,
    env,
    run: (args: string[], options: RunOptions = {}) => run(args, { cwd: folder, env, ...options }),
    serve: () => startServer({ cwd: folder, env }),
    file(name: string, lines: unknown[]): string {
      const path = join(folder, name)
      writeFileSync(
        path,
        `${lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}\n`,
      )
      return path
    },
  }
}

/** Writes an article of the folder that its id names. */
export function article(folder: string, id: string, title: string, text: string): string {
  const path = join(folder, `${id}.md`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `---\ntitle: ${title}\nscope: ${id.split('/')[0]}\n---\n${text}\n`)
  return path
}

interface RunOptions {
  cwd?: string
  env?: Record<string, string>
  /** What stands on standard input, which then ends. */
  input?: string
}

/** Runs `baton …` to its end. */
export async function run(args: string[], options: RunOptions = {}): Promise<Finished> {
  const child = start(args, options)
  const output = collect(child)
  child.stdin?.end(options.input ?? '')
  const [code] = await once(child, 'close')
  return { code, stdout: output.stdout(), stderr: output.stderr() }
}

/** Starts `baton serve` and waits until it says where it is. */
async function startServer(options: RunOptions) {
  const child = start(['serve'], options)
  const { stdout, stderr } = collect(child)
  const closed = once(child, 'close')
  const ended = closed.then(([code]) => {
    throw new Error(`baton serve ended with ${code}: ${stderr()}`)
  })
  ended.catch(() => {})
  const ready = expect.poll(stderr, { timeout: LIMIT_MS, interval: 100 }).toContain('Stop       Ctrl+C')
  await Promise.race([ready, ended])
  const url = stderr().match(/Chat +(http:\S+?)\/\n/)?.[1] ?? ''
  return {
    url,
    stdout,
    stderr,
    ask: async (text: string): Promise<MessageResult> => {
      const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) }
      return (await (await fetch(`${url}/v1/chat`, init)).json()) as MessageResult
    },
    async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
      child.kill(signal)
      await closed
      return child.exitCode
    },
  }
}

function start(args: string[], { cwd, env }: RunOptions): ChildProcess {
  const child = spawn(process.execPath, [BATON, ...args], { ...(cwd && { cwd }), ...(env && { env }) })
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  child.once('close', () => clearTimeout(limit))
  // A child that ends before it has read everything is not this test's failure.
  child.stdin.on('error', () => {})
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

function collect(child: ChildProcess) {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  return { stdout: () => stdout, stderr: () => stderr }
}
