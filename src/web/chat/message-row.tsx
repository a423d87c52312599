import type { ReactNode } from 'react'
import { ActionCard } from './action-card.tsx'
import type { Card } from './cards.ts'
import type { Draft, ThreadMessage } from './chat-state.ts'
import type { Conversation } from './conversation.ts'
import { Reply } from './reply.tsx'
import { authorName, specialistName } from './rows.ts'
import { Time, useSecondsUntil } from './time.tsx'

/** One message. Above a reply stands who answers; below the customer's, where it is on its way. */
export function MessageRow(props: {
  message: ThreadMessage
  cards: Card[]
  shop: string
  startsGroup: boolean
  endsGroup: boolean
  onAnswer: (words: string) => void
  onRetry: Conversation['retryNow']
  onTakeBack: (messageId: string) => void
  children?: ReactNode
}) {
  const { message, shop } = props
  if (message.role === 'customer') {
    return (
      <li className={`row customer${props.startsGroup ? ' starts' : ''}`}>
        <span className="visually-hidden">You:</span>
        <div className="bubble">
          <p dir="auto">{message.text}</p>
        </div>
        <DeliveryWords {...props} />
      </li>
    )
  }
  return (
    <li className={`row ${message.role}${props.startsGroup ? ' starts' : ''}`}>
      {props.startsGroup && (
        <Author
          name={authorName(message, shop)}
          person={message.role === 'agent'}
          note={message.role === 'agent' ? null : 'Assistant'}
        >
          <Time at={message.at} />
        </Author>
      )}
      <Reply text={message.text} citations={message.citations} />
      {props.cards.map((card) => (
        <ActionCard key={card.id} card={card} onAnswer={props.onAnswer} />
      ))}
      {props.children}
    </li>
  )
}

/** A reply that is being written: who writes, and the words so far. */
export function DraftRow({ draft }: { draft: Draft }) {
  // Words that stream are announced once, as the whole message, not token by token.
  return (
    <li className="row specialist starts" aria-busy="true">
      {draft.specialist && <Author name={specialistName(draft.specialist)} person={false} note="Assistant" />}
      {draft.text ? <Reply text={draft.text} citations={draft.citations} /> : <Writing draft={draft} />}
    </li>
  )
}

function Author(props: { name: string; person: boolean; note: string | null; children?: ReactNode }) {
  return (
    <p className="author">
      <span className={props.person ? 'face person' : 'face'} aria-hidden="true">
        {props.name.charAt(0)}
      </span>
      <bdi className="author-name">{props.name}</bdi>
      {props.note && <span className="author-note">{props.note}</span>}
      {props.children}
    </p>
  )
}

function Writing({ draft }: { draft: Draft }) {
  const words = draft.specialist ? 'Writing…' : 'Reading your message…'
  return (
    <p className="writing">
      <span className="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <span>{useSecondsUntil(draft.since) < -8 ? 'Still working on it…' : words}</span>
    </p>
  )
}

function DeliveryWords(props: {
  message: ThreadMessage
  endsGroup: boolean
  onRetry: () => void
  onTakeBack: (messageId: string) => void
}) {
  const { id, at, delivery } = props.message
  switch (delivery.state) {
    case 'unreachable':
      return (
        <p className="delivery waiting">
          Not sent yet. Retrying…
          <button type="button" className="link-button" onClick={props.onRetry}>
            Try now
          </button>
        </p>
      )
    case 'busy':
      return (
        <p className="delivery waiting">
          One moment, sending again in <Countdown until={delivery.retryAt} />
        </p>
      )
    case 'interrupted':
      return <p className="delivery waiting">Connection lost. Fetching the reply again…</p>
    case 'refused':
      return (
        <p className="delivery refused">
          Not sent. {delivery.reason}
          <button type="button" className="link-button" onClick={() => props.onTakeBack(id)}>
            Edit message
          </button>
        </p>
      )
    case 'sending':
      return <p className="delivery">Sending…</p>
    default:
      return props.endsGroup ? (
        <p className="delivery">
          <Time at={at} />
        </p>
      ) : null
  }
}

function Countdown({ until }: { until: number }) {
  return <>{Math.max(1, useSecondsUntil(until))} s</>
}
