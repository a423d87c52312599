import type { DatedMessage } from '../../graphs/handoff-packet.ts'
import type { Author, Citation, ReplyAction } from '../../graphs/state.ts'
import type { LoggedEvent } from './event-log.ts'

/** A message of the thread as it is shown, with the route that led to it. */
export interface ShownMessage extends DatedMessage {
  route: unknown
  /** The model that wrote it; `offline` for extracts; null for people and fixed texts. */
  model: string | null
  degraded?: boolean
  /** What it asked of the customer, if anything. */
  action?: ReplyAction
}

/** The messages that a log tells of, oldest first. */
export function messagesFrom(events: LoggedEvent[]): ShownMessage[] {
  const routes = new Map<unknown, unknown>()
  return events.flatMap((event) => {
    if (event.type === 'route-decided') routes.set(event.data.turnId, event.data.route)
    const message = messageOf(event)
    return message ? [{ ...message, route: routes.get(event.data.turnId) ?? null }] : []
  })
}

/** The message that a single fact is, if it is one. */
export function messageOf({ type, at, data }: Pick<LoggedEvent, 'type' | 'at' | 'data'>): ShownMessage | undefined {
  const base = { id: String(data.id), text: String(data.text), at: new Date(at).toISOString(), route: null }
  if (type === 'message-received')
    return { ...base, role: 'customer', author: { kind: 'customer', name: 'customer' }, citations: [], model: null }
  if (type !== 'message-sent') return undefined
  const author = data.author as Author
  return {
    ...base,
    role: author.kind,
    author,
    citations: data.citations as Citation[],
    model: (data.model as string | null) ?? null,
    ...(data.degraded === true && { degraded: true }),
    ...(data.action !== undefined && { action: data.action as ReplyAction }),
  }
}
