import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Runs every test and ends with one line that says how many passed. A skip is a failure where everything that a test
// may need is there: on continuous integration, and wherever a PostgreSQL server was named.
const folder = mkdtempSync(join(tmpdir(), 'baton-results-'))
const file = join(folder, 'results.json')
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)
let results
try {
  results = JSON.parse(readFileSync(file, 'utf8'))
} catch {
  console.error('The test run left no results.')
  process.exit(status || 1)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = results
const complete = process.env.CI === 'true' || process.env.TEST_DATABASE_URL !== undefined
if (complete && skipped > 0) console.error(`${skipped} skipped: a failure where everything they need is there`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(status !== 0 || failed > 0 || passed === 0 || (complete && skipped > 0) ? 1 : 0)
