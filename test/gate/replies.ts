import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Exhibit } from '../../graphs/gate/evidence.ts'
import { createReplyGate, type GateContext, type GateVerdict, gateContext } from '../../graphs/reply-gate.ts'
import type { Draft } from '../../graphs/state.ts'

const passage = z.object({ article: z.string(), version: z.number(), title: z.string(), text: z.string() })
const tool = z.object({
  tool: z.string(),
  status: z.string().default('ok'),
  say: z.string().optional(),
  message: z.string().optional(),
  summary: z.string().optional(),
  data: z.unknown().optional(),
})
const spoken = z.object({
  customer: z.string().optional(),
  specialist: z.string().optional(),
  agent: z.string().optional(),
  rests: z.array(z.string()).default([]),
})
const replyCase = z.object({
  id: z.string(),
  kind: z.string().optional(),
  code: z.boolean().optional(),
  wrong: z.boolean().default(false),
  before: z.array(spoken).default([]),
  customer: z.string(),
  passages: z.array(z.string()).default([]),
  tools: z.array(z.string()).default([]),
  by: z.enum(['specialist', 'offline', 'template', 'agent']).default('specialist'),
  reply: z.string(),
})
/** A reply with what its writer had in hand. */
export type ReplyCase = z.output<typeof replyCase>

const folder = import.meta.dirname
const read = (file: string): unknown => parse(readFileSync(join(folder, file), 'utf8'), { merge: true })
const evidence = z
  .object({ passages: z.record(z.string(), passage), tools: z.record(z.string(), tool) })
  .parse(read('evidence.yaml'))

export const NOW = new Date('2026-11-25T12:00:00Z')

/** The labelled replies of a file. */
export function replies(file: 'planted.yaml' | 'right.yaml' | 'unseen.yaml'): ReplyCase[] {
  return z.array(replyCase).parse(read(file))
}

/** What the gate holds a case's reply against. */
export function contextOf({ before, customer, passages, tools }: ReplyCase): GateContext {
  const exhibits = [...passages.map(passageExhibit), ...tools.map(toolExhibit)]
  const told = before.flatMap(({ specialist, agent, rests }) => {
    const text = specialist ?? agent
    return text === undefined
      ? []
      : [{ text, by: agent === undefined ? ('specialist' as const) : ('agent' as const), rests }]
  })
  const words = [...before.flatMap((each) => (each.customer === undefined ? [] : [each.customer])), customer]
  return gateContext({ exhibits, told, customer: words, now: NOW })
}

/** A case's reply as the gate gets it. */
export function draftOf({ by, reply }: ReplyCase): Draft {
  const kind = by === 'agent' ? 'agent' : 'specialist'
  const model = by === 'specialist' ? 'fake' : by === 'offline' ? 'offline' : null
  return { text: reply, author: { kind, name: kind === 'agent' ? 'Mara' : 'billing' }, citations: [], model }
}

const gate = createReplyGate()

export function verdictOn(one: ReplyCase): GateVerdict {
  return gate.check(draftOf(one), contextOf(one))
}

function passageExhibit(name: string): Exhibit {
  const found = evidence.passages[name]
  if (!found) throw new Error(`there is no passage ${name}`)
  return { source: { article: found.article, version: found.version }, text: `${found.title}.\n${found.text}` }
}

function toolExhibit(name: string): Exhibit {
  const found = evidence.tools[name]
  if (!found) throw new Error(`there is no tool result ${name}`)
  const { status, say, message, summary, data } = found
  const source = { tool: found.tool, ...(status === 'planned' && { planned: true as const }) }
  return { source, text: say ?? message ?? summary ?? '', data }
}
