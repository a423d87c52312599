import { z } from 'zod'
import type { Systems } from './systems.ts'
import { checkTool, type Tool } from './tool.ts'

const manifest = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'kebab-case, such as tech-support'),
  description: z.string().min(20, 'say in a sentence what it handles: the router reads it'),
  examples: z.array(z.string().min(1)).min(2, 'at least two requests in customers’ words: they teach the router'),
  knowledge: z.array(z.string().min(1)).min(1, 'at least one scope of the knowledge store'),
  systemPrompt: z.string().min(20),
  tools: z.custom<(systems: Systems) => Tool[]>((value) => typeof value === 'function', 'a function').optional(),
})

/** An AI that answers one kind of request: one file in `graphs/specialists/`, named as `name`. */
export type Specialist = z.output<typeof manifest>

/**
 * Checks a manifest and types it.
 * @throws {z.ZodError} naming every field that is wrong.
 */
export function defineSpecialist(definition: Specialist): Specialist {
  return manifest.parse(definition)
}

/**
 * The specialist's tools on these systems, by name.
 * @throws {Error} that names the specialist and the tool whose manifest is wrong
 */
export function toolsOf({ name, tools }: Specialist, systems: Systems): Map<string, Tool> {
  const found = new Map<string, Tool>()
  for (const tool of tools?.(systems) ?? []) {
    const called = String((tool as { name?: unknown }).name)
    if (found.has(called)) throw new Error(`${name}: it has two tools ${called}`)
    try {
      found.set(called, checkTool(tool))
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error
      const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'manifest'}: ${message}`)
      throw new Error(`${name}: the tool ${called} declares too little: ${problems.join('; ')}`)
    }
  }
  return found
}
