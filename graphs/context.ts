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
