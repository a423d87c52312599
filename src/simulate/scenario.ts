import { z } from 'zod'
import { escalationReasons, trailEntrySchema } from '../../graphs/state.ts'
import { parseMoney } from '../effects/money.ts'
import { DEMO_CUSTOMERS } from '../systems/demo-shop/demo-customers.ts'

/** By a first name that anybody can type: `tomas`. */
const firstNames = new Map(DEMO_CUSTOMERS.map(({ id, name }) => [plain(name.split(' ')[0] ?? ''), id]))

function plain(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** A demo customer's id, by id or first name; undefined where there is none. */
export function demoCustomerId(name: string): string | undefined {
  return firstNames.get(plain(name)) ?? DEMO_CUSTOMERS.find(({ id }) => id === name)?.id
}

const many = <T extends z.ZodType>(one: T, least = 0) =>
  z.preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(one).min(least))

const name = z.string().trim().min(1)
/** Words that must be there as they stand, or `/a regular expression/` with its flags. */
const pattern = z
  .string()
  .min(1)
  .check((context) => {
    const [, source, flags] = REGEX.exec(context.value) ?? []
    if (source === undefined) return
    try {
      new RegExp(source, flags)
    } catch (error) {
      context.issues.push({ code: 'custom', input: context.value, message: (error as Error).message })
    }
  })
const REGEX = /^\/(.+)\/([imsu]*)$/s

/** How a text is looked for: words in it, or a regular expression. */
export function matcherOf(text: string): (seen: string) => boolean {
  const [, source, flags] = REGEX.exec(text) ?? []
  if (source !== undefined) return (seen) => new RegExp(source, flags).test(seen)
  return (seen) => seen.includes(text)
}

const customer = z.string().refine((value) => value === 'anonymous' || demoCustomerId(value) !== undefined, {
  error: `anonymous, or one of the demo's customers: ${[...firstNames.keys()].join(', ')}`,
})

/** How somebody writes; each is a fixed transformation of what the test says they write. */
export const manners = ['terse', 'typos', 'shouting', 'changes-mind', 'several-messages'] as const
export type Manner = (typeof manners)[number]

const money = z.string().refine((value) => parseMoney(value) !== null, { error: 'an amount such as EUR 7.90' })
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

const expectedEffect = z.strictObject({
  tool: name,
  state: z.enum(['planned', 'awaiting', 'in_flight', 'done', 'failed', 'in_doubt']).optional(),
  amount: money.optional(),
  code: name.optional(),
  says: many(pattern).optional(),
})
const expectedTable = z.strictObject({
  table: z.string().regex(/^[a-z][a-z_]*$/, 'the name of a table'),
  where: z.record(z.string(), scalar).default({}),
  count: z.number().int().min(0).optional(),
  rows: z.array(z.record(z.string(), scalar)).optional(),
})
const expectedEvent = z.strictObject({
  type: name,
  /** Fields of the event's data; texts as `contains`. */
  data: z.record(z.string(), scalar).default({}),
})
/** Of a claim or a promise: words that its event holds, anywhere. */
const recorded = z.array(pattern)

const states = {
  status: z.enum(['answered', 'with_human', 'awaiting_approval', 'merged', 'open', 'closed', 'refused']).optional(),
  specialist: name.nullable().optional(),
  escalation: z
    .preprocess(
      (value) => (typeof value === 'string' && value !== 'none' ? { reason: value } : value),
      z.union([
        z.literal('none'),
        z.strictObject({
          reason: z.enum(escalationReasons).optional(),
          status: z.enum(['open', 'claimed', 'closed']).optional(),
          by: name.optional(),
        }),
      ]),
    )
    .optional(),
  pending: z.enum(['none', 'confirm', 'verify-email', 'verify-code']).optional(),
  /** All of the conversation's so far, in their order. */
  effects: z.array(expectedEffect).optional(),
  tables: z.array(expectedTable).optional(),
  events: z.array(expectedEvent).optional(),
  /** Types of events that must not be there. */
  noEvents: many(name).optional(),
  claims: recorded.optional(),
  promises: recorded.optional(),
}

const expectation = z.strictObject({
  ...states,
  route: z
    .preprocess(
      (value) => (typeof value === 'string' ? { to: value } : value),
      z.strictObject({
        to: name.optional(),
        by: z.enum(['local', 'model']).optional(),
        clarifies: z.boolean().optional(),
      }),
    )
    .optional(),
  /** Who each of several asks in the message is for, in their order. */
  asks: z.array(name).optional(),
  handoffs: z.array(name).optional(),
  /** The tools that specialists called, in their order; `name` or `{ tool, status }`. */
  tools: z
    .array(
      z.preprocess(
        (value) => (typeof value === 'string' ? { tool: value } : value),
        z.strictObject({ tool: name, status: name.optional() }),
      ),
    )
    .optional(),
  /** Ids of articles that are cited; none at all where it is empty. */
  citations: many(name).optional(),
  contains: many(pattern).optional(),
  lacks: many(pattern).optional(),
  /** Whose words the reply is: a specialist's name, an agent's, or `baton`. */
  author: name.optional(),
  /** The reply says that it comes from extracts because no model could be reached. */
  degraded: z.boolean().optional(),
  replies: z.number().int().min(0).optional(),
})
export type Expectation = z.infer<typeof expectation>
export type StateExpectation = z.infer<z.ZodObject<typeof states>>

/** What a model says next: words, or calls of tools. */
const answer = z.union(
  [
    z.string().min(1),
    z.strictObject({ call: name, args: z.record(z.string(), z.unknown()).default({}) }),
    z.strictObject({
      calls: z.array(z.strictObject({ call: name, args: z.record(z.string(), z.unknown()).default({}) })).min(1),
    }),
  ],
  'words, { call, args } or { calls }',
)
export type RecordedAnswer = z.infer<typeof answer>
/** Answers in the order in which a model gave them. */
export const answers = many(answer)

const fault = z.strictObject({
  /** `down`: refuses every call, the offline answers take over; `slow`: says nothing within its time; `gone`: nothing answers. */
  model: z.enum(['down', 'slow', 'gone']).optional(),
  tool: z
    .strictObject({
      name,
      /** `fails` before it does anything, `hangs` past its time limit, `loses-answer` after it has done it. */
      how: z.enum(['fails', 'hangs', 'loses-answer']).default('fails'),
      times: z.enum(['once', 'always']).default('once'),
    })
    .optional(),
  /** The process is gone in that moment, and another one goes on with what is on the disk. */
  crash: z.enum(['while-the-model-answers', 'before-a-tool-runs', 'after-a-tool-ran']).optional(),
  /** From the moment in which a model is asked, for 600 ms, the database refuses to write. */
  database: z.enum(['read-only']).optional(),
})
export type Fault = z.infer<typeof fault>

const agentNote = z.preprocess(
  (value) => (typeof value === 'string' ? { agent: value } : value),
  z.strictObject({ agent: name, note: name.optional() }),
)

const ACTIONS = ['say', 'takeOver', 'agentSays', 'handBack', 'close', 'approve', 'deny', 'wait', 'restart'] as const

const step = z
  .strictObject({
    say: many(z.string().min(1), 1).optional(),
    takeOver: agentNote.optional(),
    agentSays: z.strictObject({ agent: name, text: z.string().min(1) }).optional(),
    handBack: agentNote.optional(),
    close: agentNote.optional(),
    approve: agentNote.optional(),
    deny: z.strictObject({ agent: name, reason: name }).optional(),
    wait: z
      .string()
      .regex(/^\d+ (?:second|minute|hour|day)s?$/, 'such as 25 hours')
      .optional(),
    restart: z.literal(true).optional(),
    customer: customer.optional(),
    newConversation: z.literal(true).optional(),
    deliveredTwice: z.literal(true).optional(),
    answers: answers.optional(),
    fault: fault.optional(),
    expect: expectation.optional(),
  })
  .check(({ value, issues }) => {
    const found = ACTIONS.filter((action) => value[action] !== undefined)
    if (found.length !== 1)
      issues.push({
        code: 'custom',
        input: value,
        message: `one of ${ACTIONS.join(', ')}; there ${found.length === 0 ? 'is none' : `are ${found.join(' and ')}`}`,
      })
    const says = value.say !== undefined
    for (const key of ['newConversation', 'deliveredTwice', 'customer'] as const)
      if (value[key] !== undefined && !says)
        issues.push({ code: 'custom', input: value, path: [key], message: 'only with say' })
  })
export type Step = z.infer<typeof step>

/** A conversation with what has to come of it. */
export const scenario = z
  .strictObject({
    test: name,
    /** Why it is there, for people. */
    about: name.optional(),
    /** Facts that the application must be able to record; without them the test is left out, and says so. */
    needs: many(name).default([]),
    customer: customer.default('anonymous'),
    /**
     * `sign-in`: signed in before they write; `code`: answers the questions for their address and the code by themselves;
     * `in-steps`: the steps say so, with `{{email}}`, `{{code}}` and `{{wrong code}}`.
     */
    proves: z.enum(['sign-in', 'code', 'in-steps']).default('sign-in'),
    manner: many(z.enum(manners)).default([]),
    /** When it takes place. */
    at: z.iso.datetime().default('2026-11-25T10:00:00Z'),
    model: z.enum(['offline', 'recorded']).default('offline'),
    /** A file of recorded answers, beside the test's. */
    recording: name.optional(),
    steps: z.array(step).min(1),
    after: z.strictObject(states).optional(),
  })
  .check(({ value, issues }) => {
    if (value.model !== 'recorded')
      for (const [i, { answers }] of value.steps.entries())
        if (answers)
          issues.push({
            code: 'custom',
            input: value,
            path: ['steps', i, 'answers'],
            message: 'only with model: recorded',
          })
    if (value.proves !== 'sign-in' && value.customer === 'anonymous')
      issues.push({
        code: 'custom',
        input: value,
        path: ['proves'],
        message: 'somebody anonymous has no address to prove',
      })
  })
export type Scenario = z.infer<typeof scenario>

const facts = new Set(
  trailEntrySchema.options.flatMap(({ shape: { type } }) => ('values' in type ? [...type.values] : []) as string[]),
)

/** The facts a test needs that this application does not record. */
export function missingFacts({ needs }: Pick<Scenario, 'needs'>): string[] {
  return needs.filter((fact) => !facts.has(fact))
}
