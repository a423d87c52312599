import { z } from '@hono/zod-openapi'

const uuid = z.uuid()
const instant = z.iso.datetime()

/** Characters that PostgreSQL cannot store or that no person types. */
const storable = (text: string) => !text.includes('\u0000') && text.isWellFormed()

export const author = z.object({ kind: z.enum(['customer', 'specialist', 'agent', 'system']), name: z.string() })
const citation = z
  .object({ articleId: z.string(), title: z.string(), quote: z.string(), version: z.number().int() })
  .meta({ id: 'Citation' })

export const messageId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\x21-\x7e]+$/, 'printable characters without spaces')

/** @param most characters of a text */
export function textOf(most: number) {
  return z
    .string()
    .max(most, `at most ${most} characters`)
    .refine((text) => text.trim() !== '', 'must not be empty')
    .refine(storable, 'must not hold null bytes or broken characters')
}

export function chatRequest(most: number) {
  return z
    .strictObject({ conversationId: uuid.optional(), messageId: messageId.optional(), text: textOf(most) })
    .meta({ id: 'ChatRequest' })
}

const money = z.object({ minor: z.number().int(), currency: z.string() }).meta({ id: 'Money' })

const action = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('confirm'),
      items: z.array(
        z.object({
          key: z.string(),
          tool: z.string(),
          summary: z.string(),
          amount: money.nullable(),
          approvals: z.number().int().describe('How many people have to agree first.'),
        }),
      ),
    }),
    z.object({ kind: z.literal('verify-email') }),
    z.object({ kind: z.literal('verify-code') }),
  ])
  .meta({ id: 'ReplyAction' })

export const effect = z
  .object({
    key: z.string(),
    tool: z.string(),
    summary: z.string(),
    amount: money.nullable(),
    state: z.enum(['planned', 'awaiting', 'in_flight', 'done', 'failed', 'in_doubt']),
    message: z.string().nullable(),
    code: z.string().nullable().describe('Why it was not done, such as effect.denied.'),
    at: instant,
  })
  .meta({ id: 'Effect' })

export const reply = z
  .object({
    id: uuid,
    text: z.string(),
    author,
    citations: z.array(citation),
    model: z.string().nullable().describe('Who wrote it; `offline`: extracts, no language model.'),
    degraded: z.boolean().optional().describe('A model was wanted and none could be reached.'),
    action: action.optional().describe('What the reply asks of the customer.'),
  })
  .meta({ id: 'Reply' })

const route = z
  .object({
    to: z.string(),
    by: z.enum(['local', 'model']),
    confidence: z.number(),
    reason: z.string(),
    alternatives: z.array(z.object({ to: z.string(), confidence: z.number() })),
    asks: z.array(z.object({ text: z.string(), to: z.string() })),
    courtesy: z.enum(['greeting', 'thanks', 'farewell']).optional(),
    needsClarification: z.boolean().optional(),
  })
  .meta({ id: 'Route' })

const escalation = z
  .object({ id: uuid, reason: z.string(), status: z.enum(['open', 'claimed', 'closed']) })
  .meta({ id: 'Escalation' })

export const chatResponse = z
  .object({
    conversationId: uuid,
    messageId: z.string(),
    turnId: uuid,
    status: z.enum(['answered', 'with_human', 'awaiting_approval', 'merged']),
    reply: reply.nullable(),
    route: route.nullable(),
    escalation: escalation.optional(),
  })
  .meta({ id: 'ChatResponse' })

export const message = z
  .object({
    id: z.string(),
    role: z.enum(['customer', 'specialist', 'agent', 'system']),
    author,
    text: z.string(),
    at: instant,
    citations: z.array(citation),
    route: route.nullable(),
    model: z.string().nullable(),
    degraded: z.boolean().optional(),
    action: action.optional(),
  })
  .meta({ id: 'Message' })

export const conversation = z
  .object({
    id: uuid,
    status: z.enum(['open', 'with_human', 'closed']),
    customer: z.object({ id: z.string() }),
    specialist: z.string().nullable(),
    messages: z.array(message),
    effects: z.array(effect),
    escalations: z.array(
      z.object({
        id: uuid,
        reason: z.string(),
        status: z.string(),
        openedAt: instant,
        closedAt: instant.nullable(),
      }),
    ),
  })
  .meta({ id: 'Conversation' })

export const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) }).meta({ id: 'Error' })

export const conversationParams = z.object({ id: uuid })

export const agentName = z.string().trim().min(1).max(60).refine(storable, 'must not hold null bytes')

/** A whole number in a query. */
export function wholeNumber(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least, `at least ${least}`).max(most, `at most ${most}`))
    .optional()
}
