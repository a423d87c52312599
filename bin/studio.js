#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

// LangGraph's dev server with the graph of langgraph.json: no key, no browser, nothing reported to anybody.
const cli = fileURLToPath(new URL('../node_modules/@langchain/langgraph-cli/dist/cli/cli.mjs', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))
const server = spawn(process.execPath, [cli, 'dev', '--no-browser', '--port', '2024', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { LANGSMITH_TRACING: 'false', LOG_LEVEL: 'warn', ...process.env, LANGGRAPH_CLI_NO_ANALYTICS: '1' },
  // A process group of its own: its children outlive a server that alone is told to stop.
  detached: true,
})

/** Threads are written to disk on the way out; whoever takes longer is ended. */
const GRACE_MS = 5_000

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    // Whoever signals twice does not want to wait.
    signalGroup(stopping ? 'SIGKILL' : signal)
    stopping = true
  })

server.on('exit', async (code) => {
  signalGroup('SIGTERM')
  for (const deadline = Date.now() + GRACE_MS; signalGroup(0) && Date.now() < deadline; ) await sleep(50)
  signalGroup('SIGKILL')
  process.exitCode = stopping ? 0 : (code ?? 1)
})

/** False when nobody is left in the group. */
function signalGroup(signal) {
  try {
    return process.kill(-server.pid, signal)
  } catch (error) {
    if (error.code === 'ESRCH') return false
    throw error
  }
}
