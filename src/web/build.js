import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = dirname(fileURLToPath(import.meta.url))
const root = join(sources, '..', '..')
const stampName = '.built-from'
const unfinished = '.web-'

/** Where the built pages are; the server serves this folder. */
export const pagesDir = join(root, 'dist', 'web')

/**
 * Builds the pages into `pagesDir` unless they already are what the sources and the installed packages make.
 * The build runs in a process of its own, so that neither its memory nor the `NODE_ENV` it sets stays in the server.
 * Rejects with an Error whose message says what to do; the pages built before stay in place then.
 */
export async function buildPagesIfStale({ log } = {}) {
  const wanted = await fingerprint()
  if ((await builtFrom()) === wanted) return { built: false }
  log?.('Building the pages…')
  const started = Date.now()
  await runBuild()
  log?.(`Pages built in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
  return { built: true }
}

/** A hash over everything that decides what the built pages look like. */
async function fingerprint() {
  const hash = createHash('sha256')
  for (const file of await filesUnder(sources)) {
    hash.update(relative(sources, file).split(sep).join('/')).update('\0')
    hash.update(await readFile(file)).update('\0')
  }
  hash.update(await readFile(join(root, 'package-lock.json')).catch(() => ''))
  for (const name of ['vite', '@vitejs/plugin-react', 'react', 'react-dom']) {
    hash.update(`${name}@${await installedVersion(name)}\0`)
  }
  return hash.digest('hex')
}

async function installedVersion(name) {
  try {
    return JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
  } catch {
    throw new Error(`The pages cannot be built: the package ${name} is not installed. Run "npm ci" and start again.`)
  }
}

async function builtFrom() {
  return readFile(join(pagesDir, stampName), 'utf8').catch(() => null)
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

function runBuild() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let words = ''
    child.stderr.on('data', (chunk) => {
      words = (words + chunk).slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`The pages could not be built (exit ${code}). ${words.trim()}`)),
    )
  })
}

async function build() {
  const wanted = await fingerprint()
  if ((await builtFrom()) === wanted) return false
  // React's development build is chosen by this variable; a test run or a shell may have set it to something else.
  process.env.NODE_ENV = 'production'
  await removeLeftovers()
  const fresh = join(root, 'dist', `${unfinished}${randomUUID()}`)
  try {
    const vite = await import('vite')
    await vite.build({
      configFile: join(sources, 'vite.config.ts'),
      configLoader: 'runner',
      envFile: false,
      logLevel: 'error',
      build: { outDir: fresh, emptyOutDir: true },
    })
    await writeFile(join(fresh, stampName), wanted)
    await publish(fresh)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return true
}

/** A build that was killed leaves its folder behind; one that is an hour old is nobody's any more. */
async function removeLeftovers() {
  const folder = join(root, 'dist')
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    if (name.startsWith(unfinished) && (await stat(path)).mtimeMs < Date.now() - 3_600_000) {
      await rm(path, { recursive: true, force: true })
    }
  }
}

/**
 * Moves the fresh files over the old ones in the order that keeps every moment servable: first the assets (their names
 * carry a hash, so none is overwritten with other content), then the pages that point at them, then the stamp. Only
 * then what nothing points at any more goes. A crash between two steps leaves whole pages, old or new.
 */
async function publish(fresh) {
  const names = (await filesUnder(fresh)).map((file) => relative(fresh, file))
  await rm(join(pagesDir, stampName), { force: true })
  const order = (name) => (name.endsWith('.html') ? 1 : 0)
  for (const name of [...names.sort((a, b) => order(a) - order(b)), stampName]) {
    await mkdir(dirname(join(pagesDir, name)), { recursive: true })
    await rename(join(fresh, name), join(pagesDir, name))
  }
  const kept = new Set(names)
  for (const file of await filesUnder(pagesDir)) {
    if (!kept.has(relative(pagesDir, file))) await rm(file, { force: true })
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    console.log((await build()) ? 'Pages built.' : 'Pages are current.')
  } catch (problem) {
    console.error(problem instanceof Error ? problem.message : problem)
    process.exitCode = 1
  }
}
