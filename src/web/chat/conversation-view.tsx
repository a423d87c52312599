import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Announcer } from './announcer.tsx'
import { openQuestion } from './cards.ts'
import { type ChatState, currentDraft } from './chat-state.ts'
import { Composer } from './composer.tsx'
import type { Conversation } from './conversation.ts'
import { FirstVisit } from './first-visit.tsx'
import { Header } from './header.tsx'
import { Icon } from './icons.tsx'
import { DraftRow, MessageRow } from './message-row.tsx'
import { inOrder, layOut, personHere, type Row } from './rows.ts'
import { useFollowing } from './scrolling.ts'
import type { SignInState } from './sign-in.ts'
import { VerifyHelp } from './verify-help.tsx'

/** One conversation on the screen: who is there, the thread, and where to write. */
export function ConversationView(props: {
  conversation: Conversation
  who: SignInState
  shop: string
  offline: boolean
  onNew: () => void
  onBack: (() => void) | null
  onChooseCustomer: () => void
}) {
  const { conversation, who, shop } = props
  const state = useSyncExternalStore(conversation.subscribe, conversation.getState)
  const rows = useMemo(() => layOut(state), [state])
  const draft = currentDraft(state.drafts)
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const empty = rows.length === 0 && !draft && state.loading === 'no'
  const question = useMemo(() => openVerification(state), [state])
  const [inWords, setInWords] = useState<string | null>(null)
  const asks = question && question.id !== inWords ? question.asks : null
  const { away, toEnd } = useFollowing(state, empty)

  useUnreadTitle(shop, state)
  useEffect(() => focusWithoutKeyboard(field.current), [])

  function send(words: string) {
    conversation.send(words)
    toEnd()
    focusWithoutKeyboard(field.current)
  }

  return (
    <>
      <Header state={state} customer={who.customer} shop={shop} onSend={send} onNew={empty ? null : props.onNew} />
      <main className={empty ? 'main empty' : 'main'}>
        {state.loading !== 'no' && rows.length === 0 && <Skeleton />}
        {state.loading === 'failed' && (
          <p className="banner" role="status">
            Your conversation could not be loaded yet. Retrying…
            <button type="button" className="link-button" onClick={conversation.retryNow}>
              Try now
            </button>
          </p>
        )}
        {empty && (
          <FirstVisit demo={who.demo} onAsk={send} onBack={props.onBack} onChooseCustomer={props.onChooseCustomer} />
        )}
        {!empty && (
          <ol className="thread" aria-label="Conversation">
            {rows.map((row) =>
              row.kind === 'line' ? (
                <Line key={row.id} row={row} />
              ) : (
                <MessageRow
                  key={row.id}
                  {...row}
                  shop={shop}
                  onAnswer={send}
                  onRetry={conversation.retryNow}
                  onTakeBack={(messageId) => {
                    setText(conversation.takeBack(messageId))
                    field.current?.focus()
                  }}
                >
                  {row.id === question?.id && (
                    <VerifyHelp
                      asks={question.asks}
                      demo={who.demo}
                      onFill={(address) => {
                        setText(address)
                        field.current?.focus()
                      }}
                      onWords={
                        asks === 'verify-code'
                          ? () => {
                              setInWords(question.id)
                              field.current?.focus()
                            }
                          : null
                      }
                    />
                  )}
                </MessageRow>
              ),
            )}
            {draft && <DraftRow key={`draft-${draft.messageId}`} draft={draft} />}
          </ol>
        )}
      </main>
      <footer className="footer">
        {away && !empty && (
          <button type="button" className="to-end" onClick={toEnd}>
            <Icon name="down" />
            Newest
          </button>
        )}
        <Composer
          text={text}
          onText={setText}
          onSend={(words) => {
            setText('')
            send(words)
          }}
          placeholder={asks ? asked[asks].placeholder : placeholder(state)}
          note={asks ? asked[asks].note : note(state, props.offline)}
          asks={asks && asked[asks].hint}
          field={field}
        />
      </footer>
      <Announcer rows={rows} ready={state.loading === 'no'} shop={shop} />
    </>
  )
}

function Line({ row }: { row: Extract<Row, { kind: 'line' }> }) {
  return (
    <li className="line">
      <p>
        <span dir="auto">{row.text}</span>
        {row.detail && <span className="line-detail">{row.detail}</span>}
      </p>
    </li>
  )
}

/** The shape of a conversation, for a fetch that takes longer than one notices. */
function Skeleton() {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  if (!late) return null
  return (
    <div className="skeleton" role="status">
      <span className="visually-hidden">Loading your conversation…</span>
      <i className="own" />
      <i />
      <i className="short" />
      <i className="own" />
      <i />
    </div>
  )
}

const asked = {
  'verify-email': {
    hint: 'email',
    placeholder: 'Your e-mail address…',
    note: 'We write to the address on file, never to another.',
  },
  'verify-code': {
    hint: 'code',
    placeholder: 'The six-digit code…',
    note: 'Only ever type the code here. We never ask for it elsewhere.',
  },
} as const

/** The reply that asks who the customer is, while it waits for the answer. */
function openVerification(state: ChatState): { id: string; asks: 'verify-email' | 'verify-code' } | null {
  const question = openQuestion(state, inOrder(state.messages))
  const kind = question?.action?.kind
  return question && (kind === 'verify-email' || kind === 'verify-code') ? { id: question.id, asks: kind } : null
}

function placeholder(state: ChatState): string {
  if (state.status !== 'with_human') return state.messages.length === 0 ? 'Ask a question…' : 'Write a message…'
  const person = personHere(state)
  return person ? `Write to ${person}…` : 'Add anything that helps…'
}

function note(state: ChatState, offline: boolean): string {
  if (state.status === 'with_human') return 'This conversation stays here if you leave the page.'
  return offline || state.offline
    ? 'Answers come straight from our articles; no language model is connected.'
    : 'Answers show their sources. A person is always one tap away.'
}

/** A keyboard that opens by itself would cover half of a phone's screen; elsewhere one can write at once. */
function focusWithoutKeyboard(field: HTMLTextAreaElement | null) {
  if (window.matchMedia('(hover: hover)').matches) field?.focus({ preventScroll: true })
}

/** Counts in the tab's title what arrived while the tab was behind another. */
function useUnreadTitle(shop: string, state: ChatState) {
  const seen = useRef(0)
  const count = state.messages.filter(({ role }) => role !== 'customer').length
  useEffect(() => {
    const show = () => {
      if (!document.hidden) seen.current = count
      const unread = count - seen.current
      document.title = unread > 0 ? `(${unread}) ${shop}` : shop
    }
    show()
    document.addEventListener('visibilitychange', show)
    return () => document.removeEventListener('visibilitychange', show)
  }, [count, shop])
}
