import type { StructuredToolInterface } from '@langchain/core/tools'
import { tool as modelTool } from '@langchain/core/tools'
import { z } from 'zod'
import type { Principal } from './context.ts'
import type { Money } from './systems.ts'

/** How sure we have to be of who the customer is. */
export type Assurance = Principal['assurance']

/** What a tool's code is told besides its arguments; who the customer is comes from here and nowhere else. */
export interface ToolCallContext {
  principal: Principal
  /** Aborts at the tool's time limit, or when the turn is given up. */
  signal: AbortSignal
  /** The day of the call, `YYYY-MM-DD`, and the instant. */
  today: string
  now: Date
}

/** What a read tool found. */
export interface ToolResult {
  /** One or a few sentences that may be told to the customer as they are. */
  say: string
  /** For the model: names, ids, amounts and dates as data; null where nothing was found. */
  data?: unknown
  /** The call that follows from it, ready to be made. */
  next?: { tool: string; args: Record<string, unknown> }
}

/** How the offline model, which understands nothing, finds this tool and its arguments. */
export interface OfflineHints {
  /** Requests in customers' words that this tool serves. */
  examples: string[]
  /**
   * Where an argument stands in the customer's words: the first group that matched, or the whole match. For an argument
   * of few values, which words mean which value.
   */
  slots?: Record<string, RegExp | Record<string, RegExp>>
}

interface ToolBasics<Args> {
  /** snake_case, verb first. */
  name: string
  /** What the model reads: when to call it, and what it gives. */
  description: string
  /** The arguments that the model gives. Never a customer's id: see {@link ToolCallContext}. */
  schema: z.ZodType<Args>
  assurance: Assurance
  /** Milliseconds for one call. */
  timeoutMs: number
  /** The arguments that the event log may hold. */
  logs: string[]
  offline?: OfflineHints
}

/** A tool that only looks. */
export interface ReadTool<Args = Record<string, unknown>> extends ToolBasics<Args> {
  effect: 'read'
  run(args: Args, context: ToolCallContext): Promise<ToolResult>
}

/** Why an effect cannot be, in a sentence for the customer. */
export interface Precluded {
  /** `area.problem` */
  code: string
  message: string
}

/**
 * A tool that changes the world. It is never run because a model asked: the customer is told `proposal` and says yes,
 * the policy named by `policy` lets it, and the ledger performs it at most once.
 */
export interface EffectTool<Args = Record<string, unknown>, Facts = unknown, Result = unknown>
  extends ToolBasics<Args> {
  /** `money` where it moves some: then `amount` is there. */
  effect: 'write' | 'money'
  /** Loads by id what everything below rests on; null when it is not there or not this customer's. */
  facts(args: Args, context: ToolCallContext): Promise<Facts | null>
  /** Whether the facts allow it at all; null when they do. */
  precondition(facts: Facts, args: Args): Precluded | null
  /** The business object it is about, such as `charge:ch_1`. */
  object(args: Args, facts: Facts): string
  /** What can be only once, whatever turn asks for it, such as `refund:ch_1`. */
  businessKey(args: Args, facts: Facts): string
  /** The name of a policy; where there is none of that name, nothing is allowed. */
  policy: string
  amount?(args: Args, facts: Facts): Money
  /** What is left to move of the object; the ledger allows no more, whatever the policy says. */
  remainder?(facts: Facts): Money
  /** The exact action with its amount, as a phrase after “I can”: `refund EUR 7.90 for … to your Visa ending in 4242`. */
  proposal(args: Args, facts: Facts): string
  /** Does it. `key` is the same however often this effect is tried. @throws {Refusal} when it definitely was not done */
  run(args: Args, facts: Facts, context: ToolCallContext & { key: string }): Promise<Result>
  /** Whether an earlier try was done; null when it was not. */
  lookUp(key: string, context: ToolCallContext): Promise<Result | null>
  /** What the customer is told when it is done. */
  receipt(result: Result, args: Args): string
}

export type Tool = ReadTool | EffectTool

const basics = {
  name: z.string().regex(/^[a-z]+(_[a-z0-9]+)+$/, 'snake_case, verb first, such as refund_charge'),
  description: z.string().min(20, 'say when to call it and what it gives: the model reads it'),
  schema: z.custom<z.ZodType>((value) => value instanceof z.ZodType, 'a zod schema'),
  assurance: z.enum(['anonymous', 'claimed', 'verified']),
  timeoutMs: z.number().int().min(1).max(60_000),
  logs: z.array(z.string()),
  offline: z
    .strictObject({
      examples: z.array(z.string().min(1)).min(1),
      slots: z
        .record(z.string(), z.union([z.instanceof(RegExp), z.record(z.string(), z.instanceof(RegExp))]))
        .optional(),
    })
    .optional(),
}
const code = (what: string) => z.custom<never>((value) => typeof value === 'function', what)
const effectFields = {
  ...basics,
  facts: code('loads what the decision rests on, by id'),
  precondition: code('says whether the facts allow it'),
  object: code('names the business object'),
  businessKey: code('names what can be only once'),
  policy: z.string({ error: 'the name of a policy' }).min(1),
  remainder: code('a function').optional(),
  proposal: code('says the exact action'),
  run: code('does it'),
  lookUp: code('tells whether an earlier try was done'),
  receipt: code('tells the customer that it is done'),
}
const manifest = z.discriminatedUnion(
  'effect',
  [
    z.strictObject({ effect: z.literal('read'), ...basics, run: code('a function') }),
    z.strictObject({ effect: z.literal('write'), ...effectFields, amount: code('a function').optional() }),
    z.strictObject({ effect: z.literal('money'), ...effectFields, amount: code('says how much money moves') }),
  ],
  'effect: read, write or money',
)

/** Types a tool that only looks. @throws {z.ZodError} naming every field that is missing or wrong */
export function defineReadTool<Args>(tool: Omit<ReadTool<Args>, 'effect'>): Tool {
  return checkTool({ effect: 'read', ...tool })
}

/** Types a tool that changes the world. @throws {z.ZodError} naming every field that is missing or wrong */
export function defineEffectTool<Args, Facts, Result>(tool: EffectTool<Args, Facts, Result>): Tool {
  return checkTool(tool)
}

/** Checks what claims to be a tool. @throws {z.ZodError} */
export function checkTool(tool: unknown): Tool {
  manifest.parse(tool)
  return tool as Tool
}

/** The tool as a chat model is told of it. It is never run through this: calls go through their checks first. */
export function forModel({ name, description, schema, offline }: Tool): StructuredToolInterface {
  return modelTool(() => '', { name, description, schema: schema as z.ZodObject, metadata: { offline } })
}
