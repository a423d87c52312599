import { setTimeout } from 'node:timers/promises'
import type { Pending } from '../../graphs/state.ts'
import type { App } from '../app.ts'
import { type LoggedEvent, readEvents } from '../conversations/event-log.ts'
import { effectsOf, type ShownEffect } from '../conversations/shown-effects.ts'

/** What a step came to, or the whole test. */
export interface Seen {
  conversationId: string
  /** The facts of the step, or all of them. */
  events: LoggedEvent[]
  /** What the customer was sent, joined. */
  text: string
  /** What the sender was told, or else how the conversation stands. */
  status: string
  specialist: string | null
  pending: Pending | null
  escalations: { reason: string; status: string; agent: string | null }[]
  effects: ShownEffect[]
}

/** What a conversation looks like, as far as it is told in facts after `after`. */
export async function look({ db, graph }: App, conversationId: string, after: number, told?: string): Promise<Seen> {
  const events = await readEvents(db, conversationId, after)
  const { status, specialist } = await db
    .selectFrom('conversations')
    .select(['status', 'specialist'])
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  const escalations = await db
    .selectFrom('escalations')
    .select(['reason', 'status', 'agent'])
    .where('conversation_id', '=', conversationId)
    .orderBy('opened_at')
    .execute()
  const { values } = await graph.getState({ configurable: { thread_id: conversationId } })
  return {
    conversationId,
    events,
    text: sentIn(events)
      .map(({ data }) => String(data.text))
      .join('\n\n'),
    status: told ?? status,
    specialist,
    pending: (values as { pending?: Pending | null }).pending ?? null,
    escalations,
    effects: await effectsOf(db, conversationId),
  }
}

/** The texts that the customer was sent. */
export function sentIn(events: LoggedEvent[]): LoggedEvent[] {
  return events.filter(({ type }) => type === 'message-sent')
}

const REST_MS = 20_000
const LOOK_AGAIN_MS = 15

/** Waits until nothing is left to be worked on or sent. @returns what is still not done after 20 seconds */
export async function atRest(app: () => App): Promise<string[]> {
  const until = performance.now() + REST_MS
  for (;;) {
    const { db } = app()
    const inbox = await db
      .selectFrom('inbox')
      .select(['kind', 'status'])
      .where('status', 'in', ['new', 'running'])
      .execute()
    const outbox = await db
      .selectFrom('outbox')
      .select('status')
      .where('status', 'in', ['pending', 'sending'])
      .execute()
    if (inbox.length + outbox.length === 0) return []
    if (performance.now() > until)
      return [
        ...inbox.map(({ kind, status }) => `a row of kind ${kind} is ${status}`),
        ...outbox.map(({ status }) => `a reply is ${status}`),
      ]
    await setTimeout(LOOK_AGAIN_MS)
  }
}
