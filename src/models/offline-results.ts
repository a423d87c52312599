import { z } from 'zod'
import type { PromptAsk } from './ask-prompt.ts'

const outcome = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('ok'),
    say: z.string(),
    data: z.unknown().optional(),
    next: z.object({ tool: z.string(), args: z.record(z.string(), z.unknown()) }).optional(),
  }),
  z.object({ status: z.enum(['refused', 'repeated']), message: z.string() }),
  z.object({ status: z.literal('planned') }),
  z.object({ status: z.literal('verification_needed') }),
  z.object({ status: z.literal('error') }),
])

/** What a tool's result says; `unknown` where it says nothing that this model can read. */
export type ToolOutcome = z.output<typeof outcome> | { status: 'unknown' }

/** Reads the content of a tool message; never throws. */
export function readResult(content: string): ToolOutcome {
  try {
    return outcome.parse(JSON.parse(content))
  } catch {
    return { status: 'unknown' }
  }
}

export interface OfflineCall {
  name: string
  args: Record<string, unknown>
  id: string
}

/** One thing that is asked, with the call that serves it and, once there is one, what came of it. */
export interface HandledAsk {
  ask: PromptAsk
  call?: Omit<OfflineCall, 'id'> | undefined
  outcome?: ToolOutcome | undefined
}
