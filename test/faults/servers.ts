import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { ServerOrder } from './server-process.ts'

/** A server in a process of its own. */
export interface ServerProcess {
  url: string
  /** Ends the process as a power cut would, and waits until it is gone. */
  kill(): Promise<void>
  /** Sends a signal. */
  signal(name: NodeJS.Signals): void
  /** Its exit code, or the signal that ended it. */
  exited: Promise<number | NodeJS.Signals>
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Starts server processes. The real server is bundled once, and one process more than needed always stands by with
 * the code loaded: fifty restarts would otherwise spend minutes on loading modules.
 */
export async function createServers() {
  const folder = join(ROOT, 'node_modules', '.cache', `baton-faults-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  await bundle(folder)
  const children = new Set<ChildProcess>()
  let spare = load()

  function load(): { child: ChildProcess; loaded: Promise<void> } {
    const child = fork(join(folder, 'server.js'), [], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    children.add(child)
    child.once('exit', () => children.delete(child))
    const loaded = new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', () => reject(new Error('a server process ended while it was loading')))
    })
    loaded.catch(() => {})
    return { child, loaded }
  }

  return {
    /**
     * Starts a server.
     * @param interrupt given the process as soon as it has begun to start, for those who want to kill it there
     * @throws when it does not start: the reason, or that it was killed
     */
    async start(order: ServerOrder, interrupt?: (server: Pick<ServerProcess, 'kill'>) => void): Promise<ServerProcess> {
      const { child, loaded } = spare
      spare = load()
      await loaded
      const exited = new Promise<number | NodeJS.Signals>((resolve) =>
        child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)),
      )
      const kill = async () => {
        child.kill('SIGKILL')
        await exited
      }
      const url = new Promise<string>((resolve, reject) => {
        child.once('message', (message: { url?: string; failed?: string }) =>
          message.url ? resolve(message.url) : reject(new Error(message.failed)),
        )
        exited.then((how) => reject(new Error(`the server ended while it was starting: ${how}`)))
      })
      // The bundle has no data files beside it.
      const POLICIES_DIR = join(ROOT, 'src', 'effects', 'policies')
      child.send({ ...order, env: { POLICIES_DIR, ...order.env } } satisfies ServerOrder)
      interrupt?.({ kill })
      return { url: await url, kill, exited, signal: (name) => void child.kill(name) }
    },

    /** Ends every process that is left. */
    async close(): Promise<void> {
      spare.loaded.catch(() => {})
      const gone = [...children].map((child) => new Promise((resolve) => child.once('exit', resolve)))
      for (const child of children) child.kill('SIGKILL')
      await Promise.all(gone)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Servers = Awaited<ReturnType<typeof createServers>>

async function bundle(folder: string): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, external: ['better-sqlite3', 'hnswlib-node', 'pg-native', 'vite'] },
    build: {
      ssr: join(dirname(fileURLToPath(import.meta.url)), 'server-process.ts'),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rolldownOptions: { output: { entryFileNames: 'server.js', format: 'es' } },
    },
  })
}
