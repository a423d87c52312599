import type { LangGraphRunnableConfig } from '@langchain/langgraph'
import { z } from 'zod'

/** Who the customer is, built by the server from a verified session or signature; never from what anybody wrote. */
export const principalSchema = z.object({
  customerId: z.string().min(1),
  assurance: z.enum(['anonymous', 'claimed', 'verified']),
  channel: z.string().min(1),
  /** The session that became this customer, where one did; who it is can be looked up again. */
  sessionId: z.string().min(1).optional(),
})
export type Principal = z.infer<typeof principalSchema>

/** What a run is told besides the conversation. */
export const runContextSchema = z.object({ principal: principalSchema })

/**
 * The key of a run's `configurable` that says under which epoch the process took the conversation. A saver that several
 * processes share refuses the writes of an older one, and so does the effect ledger. LangGraph keeps keys with two
 * underscores out of its metadata.
 */
export const EPOCH = '__epoch'

/** Who the customer of a run was when it began; `Identity.current` tells who they are by now. */
export function principalOf({ context }: LangGraphRunnableConfig): Principal {
  return (context as z.infer<typeof runContextSchema>).principal
}
