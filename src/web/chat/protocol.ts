import { type Action, type Effect, readAction, readEffect } from './effect.ts'
import { fields, list, words } from './json.ts'

/** Who wrote a message; `agent` is always a person. */
export type Role = 'customer' | 'specialist' | 'agent' | 'system'

/** Who owns the conversation right now. */
export type Status = 'open' | 'with_human' | 'closed'

/** The sentence of an article that a reply rests on. */
export interface Citation {
  articleId: string
  title: string
  quote: string
  version: string
}

/** One message of the thread; `at` is ISO time, `model` is `offline` when no language model wrote it. */
export interface Message {
  id: string
  role: Role
  author: { kind: string; name: string }
  text: string
  at: string
  citations: Citation[]
  action: Action | null
  model: string | null
}

/** A request for a person; `waitSeconds` only when the server has an honest guess. */
export interface Escalation {
  id: string
  status: 'open' | 'claimed' | 'closed'
  at: string | null
  waitSeconds: number | null
}

/** The whole conversation as `GET /v1/conversations/{id}` gives it, oldest message first. */
export interface Thread {
  id: string
  customerId: string | null
  status: Status
  messages: Message[]
  escalations: Escalation[]
  effects: Effect[]
}

/** What a turn's stream and the live stream say, in this page's own words. */
export type TurnEvent =
  | { type: 'accepted'; conversationId: string; turnId: string }
  | { type: 'route'; to: string }
  | { type: 'token'; text: string }
  | { type: 'restart' }
  | { type: 'citation'; citation: Citation }
  | { type: 'message'; message: Message }
  | { type: 'escalation'; escalation: Escalation }
  | { type: 'status'; status: Status }
  | { type: 'effect'; effect: Effect }
  | { type: 'done'; conversationId: string; outcome: string; reply: Message | null; escalation: Escalation | null }
  | { type: 'error'; code: string; message: string }

/** Reads one event of either stream; null for an event that this page does not know or that lacks what it needs. */
export function readEvent(name: string, data: unknown): TurnEvent | null {
  const body = fields(data)
  switch (name) {
    case 'accepted':
      return { type: 'accepted', conversationId: words(body.conversationId), turnId: words(body.turnId) }
    case 'route':
      return { type: 'route', to: words(body.to) }
    case 'token':
      return { type: 'token', text: words(body.text) }
    case 'restart':
      return { type: 'restart' }
    case 'citation':
      return { type: 'citation', citation: readCitation(body) }
    case 'message': {
      const message = readMessage(body)
      return message && { type: 'message', message }
    }
    case 'escalation': {
      const escalation = readEscalation(body)
      return escalation && { type: 'escalation', escalation }
    }
    case 'status':
      return { type: 'status', status: readStatus(body.status) }
    case 'effect': {
      const effect = readEffect(body)
      return effect && { type: 'effect', effect }
    }
    case 'done':
      return {
        type: 'done',
        conversationId: words(body.conversationId),
        outcome: words(body.status),
        reply: readMessage(body.reply),
        escalation: readEscalation(body.escalation),
      }
    case 'error':
      return { type: 'error', code: words(body.code), message: words(body.message) }
    default:
      return null
  }
}

/** Reads a thread; what is missing becomes empty rather than a crash. */
export function readThread(value: unknown): Thread {
  const body = fields(value)
  return {
    id: words(body.id),
    customerId: words(fields(body.customer).id) || null,
    status: readStatus(body.status),
    messages: list(body.messages)
      .map(readMessage)
      .filter((message) => message !== null),
    escalations: list(body.escalations)
      .map(readEscalation)
      .filter((escalation) => escalation !== null),
    effects: list(body.effects)
      .map(readEffect)
      .filter((effect) => effect !== null),
  }
}

function readMessage(value: unknown): Message | null {
  const body = fields(value)
  const id = words(body.id)
  if (!id) return null
  const author = fields(body.author)
  const kind = words(author.kind)
  return {
    id,
    role: readRole(words(body.role) || kind),
    author: { kind, name: words(author.name) },
    text: words(body.text),
    at: words(body.at) || new Date().toISOString(),
    citations: list(body.citations).map(readCitation),
    action: readAction(body.action),
    model: words(body.model) || null,
  }
}

function readCitation(value: unknown): Citation {
  const body = fields(value)
  return {
    articleId: words(body.articleId),
    title: words(body.title) || words(body.articleId),
    quote: words(body.quote),
    version: words(body.version),
  }
}

function readEscalation(value: unknown): Escalation | null {
  const body = fields(value)
  const id = words(body.id)
  if (!id) return null
  const status = words(body.status)
  return {
    id,
    status: status === 'claimed' || status === 'closed' ? status : 'open',
    at: words(body.at) || null,
    waitSeconds: typeof body.waitSeconds === 'number' ? body.waitSeconds : null,
  }
}

function readRole(value: string): Role {
  return value === 'customer' || value === 'agent' || value === 'specialist' ? value : 'system'
}

function readStatus(value: unknown): Status {
  return value === 'with_human' || value === 'closed' ? value : 'open'
}
