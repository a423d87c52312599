import type { BaseMessage } from '@langchain/core/messages'
import { freshnessOf } from '../../knowledge/freshness.ts'
import type { Passage } from '../../knowledge/passage.ts'
import type { CallOutcome, ToolCall } from '../call-tool.ts'
import { type GateContext, gateContext } from '../reply-gate.ts'
import type { SupportStateValue, TrailEntry } from '../state.ts'
import { threadOf } from '../thread.ts'
import type { Told } from './contradictions.ts'
import { isoDay } from './dates.ts'
import type { Exhibit } from './evidence.ts'

/** As far back as anybody would remember what was said. */
const REMEMBERED = 40

/** What a reply of this turn is held against: what was found in it and done in it, and what was said before. */
export function contextOfTurn(
  state: Pick<SupportStateValue, 'messages' | 'trail' | 'pending'>,
  found: Exhibit[],
  now: Date,
): GateContext {
  const messages = state.messages.slice(-REMEMBERED)
  const customer = threadOf(messages).flatMap(({ role, text }) => (role === 'customer' ? [text] : []))
  const exhibits = [...found, ...state.trail.flatMap(factExhibits), ...plannedExhibits(state.pending)]
  return gateContext({ exhibits, told: messages.flatMap(toldIn), customer, now })
}

/** Passages as a model is shown them: with their headings, and for whom and when they hold. */
export function passageExhibits(passages: Passage[], now: Date): Exhibit[] {
  const today = isoDay(now)
  return passages.map((passage) => {
    const { articleId: article, version, title, headings, text } = passage
    const holds = Object.entries(freshnessOf(passage, today)).map(([name, value]) => `${name} ${value}`)
    return { source: { article, version }, text: `${[title, ...headings, ...holds].join('. ')}.\n${text}` }
  })
}

/** What tools came to, in their words and as data. */
export function outcomeExhibits(called: { call: ToolCall; outcome: CallOutcome }[]): Exhibit[] {
  return called.flatMap(({ call: { name: tool }, outcome }): Exhibit[] => {
    switch (outcome.status) {
      case 'ok':
        return [{ source: { tool }, text: outcome.say, data: outcome.data }]
      case 'planned':
        return [{ source: { tool, planned: true }, text: outcome.summary }]
      case 'refused':
      case 'repeated':
        return [{ source: { tool }, text: outcome.message }]
      default:
        return []
    }
  })
}

function factExhibits(fact: TrailEntry): Exhibit[] {
  if (fact.type === 'tool-called') return fact.say ? [{ source: { tool: fact.tool }, text: fact.say }] : []
  if (fact.type === 'effect-planned') return [{ source: { tool: fact.tool, planned: true }, text: fact.summary }]
  if (!('key' in fact)) return []
  const about: Exhibit = { source: { tool: fact.tool, planned: true }, text: fact.summary }
  return fact.message ? [{ source: { tool: fact.tool }, text: fact.message }, about] : [about]
}

function plannedExhibits(pending: SupportStateValue['pending']): Exhibit[] {
  if (pending?.kind !== 'confirm') return []
  return pending.effects.map(({ tool, summary }) => ({ source: { tool, planned: true as const }, text: summary }))
}

function toldIn(message: BaseMessage): Told[] {
  const [said] = threadOf([message])
  if (!said || said.role === 'customer') return []
  const rests = message.additional_kwargs.sources
  return [{ text: said.text, by: said.role, rests: Array.isArray(rests) ? rests.map(String) : [] }]
}
