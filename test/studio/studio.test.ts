import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from '@langchain/langgraph-sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SupportStateValue } from '../../graphs/state.ts'

const START_MS = 60_000
const RUN_MS = 30_000

let folder: string
let studio: ChildProcess
let client: Client

beforeAll(async () => {
  // A project folder of its own: the server keeps its threads beside langgraph.json.
  folder = mkdtempSync(join(tmpdir(), 'baton-studio-'))
  cpSync('langgraph.json', join(folder, 'langgraph.json'))
  for (const part of ['src', 'graphs', 'knowledge', 'node_modules', 'package.json', 'tsconfig.json'])
    symlinkSync(resolve(part), join(folder, part))
  const port = await freePort()
  studio = spawn(process.execPath, ['bin/studio.js', '--port', String(port), '--config', folder, '--no-reload'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LOG_LEVEL: 'error',
      // Whatever would leave the machine runs into a closed port.
      HTTPS_PROXY: 'http://127.0.0.1:9',
    },
  })
  client = new Client({ apiUrl: `http://localhost:${port}`, apiKey: null, callerOptions: { maxRetries: 0 } })
  await until(() => fetch(`http://localhost:${port}/ok`).then(({ ok }) => ok))
}, START_MS)

afterAll(async () => {
  const exited = studio.exitCode === null && once(studio, 'exit')
  if (exited && studio.kill('SIGTERM')) await exited
  rmSync(folder, { recursive: true, force: true })
})

test('the graph draws every specialist between the supervisor and the reply gate', { timeout: RUN_MS }, async () => {
  const { nodes, edges } = await client.assistants.getGraph('support')
  const drawn = edges.map(({ source, target }) => `${source} → ${target}`)
  expect(nodes.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['supervisor', 'billing', 'returns', 'tech-support', 'reply-gate', 'human']),
  )
  for (const name of ['billing', 'returns', 'tech-support'])
    expect(drawn).toEqual(expect.arrayContaining([`supervisor → ${name}`, `${name} → reply-gate`]))
  expect(drawn).toEqual(expect.arrayContaining(['reply-gate → human', 'human → supervisor']))
})

test('a run without a key, a context or a turn id is answered with a source', { timeout: RUN_MS }, async () => {
  const { thread_id: thread } = await client.threads.create()
  const state = await say(thread, 'which payment methods do you accept')
  expect(state).toMatchObject({ specialist: 'billing', reply: { author: { name: 'billing' }, model: 'offline' } })
  expect(state.reply?.citations.length).toBeGreaterThan(0)
  await say(thread, 'my router keeps dropping the wifi')
  const { values } = await client.threads.getState<SupportStateValue>(thread)
  expect(values.messages).toHaveLength(4)
  expect(values.specialist).toBe('tech-support')
})

test('the fixed demo customer can have something done', { timeout: RUN_MS }, async () => {
  const { thread_id: thread } = await client.threads.create()
  const asked = await say(thread, 'I was charged twice for my subscription this month')
  expect(asked.reply?.action).toMatchObject({ kind: 'confirm', items: [{ tool: 'refund_charge' }] })
  const done = await say(thread, 'yes')
  expect(done.trail.map(({ type }) => type)).toContain('effect-done')
})

test('a request for a person waits, and its resume by interrupt id goes on', { timeout: RUN_MS }, async () => {
  const { thread_id: thread } = await client.threads.create()
  await say(thread, 'let me talk to a human')
  const interrupt = await pending(thread)
  expect(interrupt.value).toMatchObject({ type: 'with-human', escalation: { reason: 'customer_request' } })

  await resume(thread, { type: 'agent-reply', agent: 'Ada', text: 'Hello, this is Ada.' })
  const answered = await client.threads.getState<SupportStateValue>(thread)
  expect(answered.values.messages.at(-1)).toMatchObject({ content: 'Hello, this is Ada.', name: 'Ada' })
  expect(await pending(thread)).toMatchObject({ value: { type: 'with-human' } })

  await resume(thread, { type: 'hand-back', agent: 'Ada', note: 'all done' })
  const { values, next } = await client.threads.getState<SupportStateValue>(thread)
  expect(next).toEqual([])
  expect(values.escalation).toBeNull()
})

test('it stops on a signal and leaves no process behind', { timeout: RUN_MS }, async () => {
  expect(processes()).not.toEqual([])
  const exited = once(studio, 'exit')
  studio.kill('SIGTERM')
  expect((await exited)[0]).toBe(0)
  expect(processes()).toEqual([])
})

async function say(thread: string, content: string): Promise<SupportStateValue> {
  const input = { messages: [{ type: 'human', content }] }
  return (await client.runs.wait(thread, 'support', { input })) as unknown as SupportStateValue
}

async function pending(thread: string) {
  const { tasks } = await client.threads.getState(thread)
  const interrupt = tasks.flatMap(({ interrupts }) => interrupts)[0]
  if (!interrupt?.id) throw new Error('nothing waits on this thread')
  return { id: interrupt.id, value: interrupt.value }
}

async function resume(thread: string, event: Record<string, unknown>): Promise<void> {
  const { id } = await pending(thread)
  const command = { resume: { [id]: { turnId: crypto.randomUUID(), inboxIds: [], ...event } } }
  await client.runs.wait(thread, 'support', { command })
}

/** The server's processes name its folder in their arguments. */
function processes(): string[] {
  const lines = execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(folder))
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check().catch(() => false))) {
    if (studio.exitCode !== null) throw new Error(`the server ended with ${studio.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
