import { createHash } from 'node:crypto'
import { AIMessage, type BaseMessage, HumanMessage } from '@langchain/core/messages'
import type { Author, Reply, SupportStateValue } from './state.ts'

/** A message of the thread as people speak of it. */
export interface ThreadMessage {
  id: string
  role: 'customer' | 'specialist' | 'agent' | 'system'
  author: { kind: string; name: string }
  text: string
}

/** A UUID that the same parts always give: a node that runs again writes the same message again, not a second one. */
export function stableId(...parts: string[]): string {
  const hex = createHash('sha256').update(parts.join('\u0000')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The customer's text as a message of the thread. Only ever a string: an object could be revived as anything. */
export function customerMessage(id: string, text: string): BaseMessage {
  return new HumanMessage({ id, content: text })
}

/** A released reply as a message of the thread. */
export function replyMessage(reply: Reply): BaseMessage {
  return new AIMessage({
    id: reply.id,
    name: reply.author.name.replace(/[^a-zA-Z0-9_-]/g, '_'),
    content: reply.text,
    // The sentences that were quoted are in the event log: here they would be copied with the thread again and again.
    additional_kwargs: {
      author: reply.author,
      sources: reply.citations.map(({ articleId, version }) => `${articleId} v${version}`),
    },
  })
}

/** The whole thread, oldest first. */
export function threadOf(messages: BaseMessage[]): ThreadMessage[] {
  return messages.map((message) => {
    const base = { id: message.id ?? '', text: message.text }
    if (message.getType() === 'human')
      return { ...base, role: 'customer', author: { kind: 'customer', name: 'customer' } }
    const author = (message.additional_kwargs.author as Author | undefined) ?? { kind: 'system', name: 'baton' }
    return { ...base, role: author.kind, author }
  })
}

/** A customer whom a person left waiting may have written any number; a turn's burst is at most this long. */
const MOST_UNANSWERED = 10

/** What the customer wrote since the last reply: one message, or a burst of them; at most the last ten. */
export function unanswered(state: Pick<SupportStateValue, 'messages'>): BaseMessage[] {
  const lastReply = state.messages.findLastIndex((message) => message.getType() !== 'human')
  return state.messages.slice(lastReply + 1).slice(-MOST_UNANSWERED)
}

/** The text of the unanswered messages, a line each. */
export function unansweredText(state: Pick<SupportStateValue, 'messages'>): string {
  return unanswered(state)
    .map((message) => message.text)
    .join('\n')
}
