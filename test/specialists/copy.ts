import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { scratch } from '../app.ts'

/** A copy of the specialists' folder in which a test may add files; what stands beside it is the project's own. */
export function copyOfSpecialists(): { folder: string; specialistsDir: string } {
  const folder = scratch()
  const specialistsDir = join(folder, 'specialists')
  cpSync('graphs/specialists', specialistsDir, { recursive: true })
  for (const beside of ['graphs', 'graphs/tools']) {
    const into = beside === 'graphs' ? folder : join(folder, 'tools')
    mkdirSync(into, { recursive: true })
    for (const file of readdirSync(beside).filter((name) => name.endsWith('.ts')))
      writeFileSync(join(into, file), `export * from '${pathToFileURL(resolve(beside, file)).href}'\n`)
  }
  return { folder, specialistsDir }
}
