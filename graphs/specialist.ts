import type { StructuredToolInterface } from '@langchain/core/tools'
import { z } from 'zod'

/** What a specialist's tools are made from: the business systems of the installation. */
// biome-ignore lint/suspicious/noEmptyInterface: the systems arrive with the effect ledger; a tool that only reads needs none.
export interface Systems {}

const manifest = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'kebab-case, such as tech-support'),
  description: z.string().min(20, 'say in a sentence what it handles: the router reads it'),
  examples: z.array(z.string().min(1)).min(2, 'at least two requests in customers’ words: they teach the router'),
  knowledge: z.array(z.string().min(1)).min(1, 'at least one scope of the knowledge store'),
  systemPrompt: z.string().min(20),
  tools: z
    .custom<(systems: Systems) => StructuredToolInterface[]>((value) => typeof value === 'function', 'a function')
    .optional(),
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
