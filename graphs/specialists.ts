import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import { HUMAN, OUT_OF_SCOPE } from './routing/route.ts'
import { defineSpecialist, type Specialist } from './specialist.ts'
import { SupportState } from './state.ts'

const FOLDER = fileURLToPath(new URL('./specialists', import.meta.url))
/** Nodes, keys of the state (LangGraph has one namespace for both), labels of the router, authors and scopes of our own. */
const TAKEN = new Set([
  ...['supervisor', 'act', 'reply-gate', HUMAN, OUT_OF_SCOPE, 'continuation', 'baton', 'shared'],
  ...Object.keys(SupportState.fields),
])

/** Whether a name means something else here. */
export function isTaken(name: string): boolean {
  return TAKEN.has(name)
}

/**
 * Reads every specialist of the folder, by name.
 * @throws {Error} that lists every file with what is wrong in it
 */
export async function loadSpecialists(folder: string = FOLDER): Promise<Specialist[]> {
  const files = (await readdir(folder)).filter((file) => /^\.(ts|js|mts|mjs)$/.test(extname(file))).sort()
  const problems: string[] = []
  const specialists: Specialist[] = []
  for (const file of files) {
    try {
      const specialist = await loadOne(join(folder, file))
      if (specialists.some(({ name }) => name === specialist.name)) throw new Error('another file has this name too')
      specialists.push(specialist)
    } catch (error) {
      problems.push(`${file}: ${explain(error)}`)
    }
  }
  if (specialists.length === 0 && problems.length === 0) problems.push('there is no specialist in it')
  if (problems.length > 0) throw new Error(`Specialists in ${folder}:\n  ${problems.join('\n  ')}`)
  return specialists
}

async function loadOne(path: string): Promise<Specialist> {
  const module = (await import(pathToFileURL(path).href)) as { default?: unknown }
  if (!module.default) throw new Error('export default defineSpecialist({ … }) is missing')
  const specialist = defineSpecialist(module.default as Specialist)
  const expected = basename(path, extname(path))
  if (specialist.name !== expected) throw new Error(`its name is "${specialist.name}", but the file says "${expected}"`)
  if (isTaken(specialist.name)) throw new Error(`the name "${specialist.name}" has a meaning of its own`)
  return specialist
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`).join('; ')
  return error instanceof Error ? error.message : String(error)
}
