import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Counts the fsyncs of one turn with strace, as the difference between a longer and a shorter run of `script`, which
 * gets the number of turns as its argument. Undefined where strace is missing or may not trace.
 */
export function countFsyncs(script: string): number | undefined {
  const [few, many] = [10, 40].map((turns) => fsyncsOf([script, '--system-turns', `${turns}`]))
  return few === undefined || many === undefined ? undefined : (many - few) / 30
}

function fsyncsOf(script: string[]): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'baton-strace-'))
  const log = join(folder, 'strace.log')
  try {
    const options = ['-f', '-c', '-o', log, '-e', 'trace=fsync,fdatasync']
    const { status } = spawnSync('strace', [...options, process.execPath, '--import', 'tsx', ...script])
    if (status !== 0) return undefined
    const rows = readFileSync(log, 'utf8').matchAll(/^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s.*(?:fsync|fdatasync)$/gm)
    return [...rows].reduce((sum, [, calls]) => sum + Number(calls), 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
