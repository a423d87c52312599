import { type Api, Gone } from './api.ts'
import {
  type ChatState,
  type Draft,
  isPending,
  mergeThread,
  type ThreadMessage,
  withDelivery,
  withEffect,
  withEscalation,
  withMessage,
} from './chat-state.ts'
import { backoff, createDelivery } from './delivery.ts'
import { listen } from './live.ts'
import type { Memory, Unsent } from './memory.ts'
import type { Message, TurnEvent } from './protocol.ts'

/** One conversation on the page: what to show, and what the customer can do. */
export interface Conversation {
  getState(): ChatState
  subscribe(listener: () => void): () => void
  send(text: string): void
  retryNow(): void
  /** Takes a refused message out of the thread and returns its text, to be written anew. */
  takeBack(messageId: string): string
  /** Stops listening; what is unsent still goes out. */
  leave(): void
  /** Leaves, and sends nothing more: what is unsent must not go out under another name. */
  abandon(): void
}

/** Events after which a thread that was fetched before them may be out of date. */
const overtaking = new Set<TurnEvent['type']>(['escalation', 'status', 'effect', 'done'])

/**
 * Opens the conversation that the browser remembers, or an empty one. The server's thread is the truth: every message
 * is known by its id (the customer's by the messageId), whichever way it comes first, so nothing shows twice. `unsent`
 * is what an earlier visit could not send. `onIdentity` is called when the customer may have become known.
 */
export function openConversation(deps: {
  api: Api
  memory: Memory
  unsent: Unsent[]
  onIdentity: () => void
}): Conversation {
  const { api, memory } = deps
  let state: ChatState = {
    conversationId: memory.conversationId(),
    customerId: null,
    loading: memory.conversationId() ? 'yes' : 'no',
    restarted: false,
    status: 'open',
    messages: [],
    drafts: [],
    escalations: [],
    effects: [],
    offline: false,
  }
  const listeners = new Set<() => void>()
  let live: ReturnType<typeof listen> | null = null
  let left = false
  let loadFailures = 0
  let changes = 0
  let nextLoad: ReturnType<typeof setTimeout> | undefined

  function set(change: Partial<ChatState>) {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }

  const delivery = createDelivery({
    api,
    memory,
    conversationId: () => state.conversationId,
    onEvent: (message, event) => apply(event, message.messageId),
    onDelivery: (message, now) => set({ messages: withDelivery(state.messages, message.messageId, now) }),
    onGone: startOver,
  })

  function identify(conversationId: string) {
    if (!conversationId || conversationId === state.conversationId) return
    set({ conversationId })
    if (left) return
    memory.remember(conversationId)
    startListening(conversationId)
  }

  function startListening(conversationId: string) {
    live?.close()
    live = listen(api.eventsUrl(conversationId), {
      onEvent: (event) => apply(event, null),
      onOpen: () => void load(conversationId),
      onDown: () => void (state.loading !== 'no' && load(conversationId)),
    })
  }

  async function load(conversationId: string) {
    clearTimeout(nextLoad)
    const before = changes
    try {
      const thread = await api.thread(conversationId)
      if (conversationId !== state.conversationId) return
      // An event overtook this answer, which may therefore be older than what is shown.
      if (before !== changes) return void load(conversationId)
      loadFailures = 0
      const owner = state.customerId
      set({ ...mergeThread(state, thread), loading: 'no' })
      if (owner && owner !== state.customerId) deps.onIdentity()
    } catch (problem) {
      if (left || conversationId !== state.conversationId) return
      if (problem instanceof Gone) return startOver()
      if (state.loading !== 'no') set({ loading: 'failed' })
      nextLoad = setTimeout(() => void load(conversationId), backoff(loadFailures++))
    }
  }

  function startOver() {
    live?.close()
    live = null
    clearTimeout(nextLoad)
    if (!left) memory.remember(null)
    set({
      conversationId: null,
      customerId: null,
      loading: 'no',
      restarted: true,
      status: 'open',
      messages: state.messages.filter((message) => isPending(message)),
      drafts: [],
      escalations: [],
      effects: [],
    })
  }

  /** `messageId` names the customer's message whose stream speaks; null is the conversation's live stream. */
  function apply(event: TurnEvent, messageId: string | null) {
    if (overtaking.has(event.type)) changes++
    switch (event.type) {
      case 'accepted':
        identify(event.conversationId)
        if (messageId) startDraft(messageId)
        return
      case 'route':
        // A person owns the conversation from here: nobody is writing a reply at this moment.
        if (event.to === 'human') set({ drafts: state.drafts.filter((draft) => draft.messageId !== messageId) })
        else changeDraft(messageId, (draft) => ({ ...draft, specialist: event.to }))
        return
      case 'token':
        changeDraft(messageId, (draft) => ({ ...draft, text: draft.text + event.text }))
        return
      case 'citation':
        changeDraft(messageId, (draft) => ({ ...draft, citations: [...draft.citations, event.citation] }))
        return
      case 'restart':
        changeDraft(messageId, (draft) => ({ ...draft, text: '', citations: [] }))
        return
      case 'message':
        addMessage(event.message)
        return
      case 'escalation':
        set({
          escalations: withEscalation(state.escalations, event.escalation),
          ...(event.escalation.status !== 'closed' && { status: 'with_human' }),
        })
        return
      case 'status':
        set({ status: event.status, ...(event.status === 'with_human' && { drafts: [] }) })
        return
      case 'done':
        identify(event.conversationId)
        if (event.reply) addMessage(event.reply)
        if (event.escalation) set({ escalations: withEscalation(state.escalations, event.escalation) })
        set({
          drafts: state.drafts.filter((draft) => draft.messageId !== messageId),
          ...(event.outcome === 'with_human' && { status: 'with_human' }),
          ...((event.outcome === 'answered' || event.outcome === 'awaiting_approval') && { status: 'open' }),
        })
        afterTurn(event, messageId)
        return
      case 'effect':
        set({ effects: withEffect(state.effects, event.effect) })
        return
      case 'error':
        // The delivery sends the same message again; what was said so far is not the reply.
        changeDraft(messageId, (draft) => ({ ...draft, text: '', citations: [] }))
    }
  }

  /** What a turn changed besides its reply: effects, and who the customer is. */
  function afterTurn(event: Extract<TurnEvent, { type: 'done' }>, messageId: string | null) {
    const place = state.messages.findIndex(({ id }) => id === messageId)
    const answered = state.messages.slice(0, Math.max(place, 0)).findLast(({ role }) => role !== 'customer')
    if (answered?.action?.kind === 'verify-code') deps.onIdentity()
    const acts = state.messages.some(({ action }) => action) || event.outcome === 'awaiting_approval'
    // The live stream tells of effects too, but it may be down just now.
    if (acts && state.conversationId && !left) void load(state.conversationId)
  }

  function startDraft(messageId: string) {
    const drafts = state.drafts.filter((draft) => draft.messageId !== messageId)
    if (state.status === 'with_human') return set({ drafts })
    set({ drafts: [...drafts, { messageId, specialist: null, text: '', citations: [], since: Date.now() }] })
  }

  function changeDraft(messageId: string | null, change: (draft: Draft) => Draft) {
    set({ drafts: state.drafts.map((draft) => (draft.messageId === messageId ? change(draft) : draft)) })
  }

  function addMessage(message: Message) {
    const own = message.role === 'customer'
    set({
      messages: withMessage(state.messages, message),
      // One turn runs at a time, so a reply settles every draft, also those of messages that it answers in one.
      ...(!own && { drafts: [], offline: state.offline || message.model === 'offline' }),
    })
  }

  function show(message: Unsent) {
    const shown: ThreadMessage = {
      id: message.messageId,
      role: 'customer',
      author: { kind: 'customer', name: '' },
      text: message.text,
      at: message.at,
      citations: [],
      action: null,
      model: null,
      delivery: { state: 'sending' },
    }
    set({ messages: [...state.messages, shown] })
  }

  function leave() {
    left = true
    clearTimeout(nextLoad)
    live?.close()
    listeners.clear()
  }

  const retryNow = () => {
    delivery.retryNow()
    live?.reconnect()
    if (state.conversationId && state.loading === 'failed') void load(state.conversationId)
  }
  window.addEventListener('online', retryNow)

  for (const message of deps.unsent) {
    if ((message.conversationId ?? state.conversationId) === state.conversationId) show(message)
    delivery.send(message)
  }
  if (state.conversationId) {
    startListening(state.conversationId)
    void load(state.conversationId)
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    send(text) {
      const message = {
        messageId: newId(),
        text,
        at: new Date().toISOString(),
        conversationId: state.conversationId,
      }
      show(message)
      delivery.send(message)
    },
    retryNow,
    takeBack(messageId) {
      const text = state.messages.find((message) => message.id === messageId)?.text ?? ''
      set({ messages: state.messages.filter((message) => message.id !== messageId) })
      return text
    },
    leave,
    abandon() {
      leave()
      delivery.stop()
    },
  }
}

/** A UUID; `crypto.randomUUID` itself exists only on https and localhost. */
function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
