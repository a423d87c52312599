import { type Api, Gone } from './api.ts'
import { backoff, createDelivery, type Delivery } from './delivery.ts'
import { listen } from './live.ts'
import type { Memory, Unsent } from './memory.ts'
import type { Citation, Escalation, Message, Status, Thread, TurnEvent } from './protocol.ts'

/** A message with where it is on its way; those of others and old ones are `delivered`. */
export type ThreadMessage = Message & { delivery: Delivery }

/** A reply that is being written; `messageId` is the customer's message it answers. */
export interface Draft {
  messageId: string
  specialist: string | null
  text: string
  citations: Citation[]
  since: number
}

/** All that the page shows. `loading`: `failed` means that the thread could not be fetched yet and is tried again. */
export interface ChatState {
  conversationId: string | null
  loading: 'no' | 'yes' | 'failed'
  /** The conversation of the last visit was not found, so this one is new. */
  restarted: boolean
  status: Status
  messages: ThreadMessage[]
  drafts: Draft[]
  escalations: Escalation[]
  awaitingApproval: boolean
  offline: boolean
}

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
}

const delivered: Delivery = { state: 'delivered' }

/**
 * Opens the conversation that the browser remembers, or an empty one. The server's thread is the truth: every message
 * is known by its id (the customer's by the messageId), whichever way it comes first, so nothing shows twice. `unsent`
 * is what an earlier visit could not send.
 */
export function openConversation(deps: { api: Api; memory: Memory; unsent: Unsent[] }): Conversation {
  const { api, memory } = deps
  let state: ChatState = {
    conversationId: memory.conversationId(),
    loading: memory.conversationId() ? 'yes' : 'no',
    restarted: false,
    status: 'open',
    messages: [],
    drafts: [],
    escalations: [],
    awaitingApproval: false,
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
      set({ ...mergeThread(state, thread), loading: 'no' })
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
      loading: 'no',
      restarted: true,
      status: 'open',
      messages: state.messages.filter((message) => isPending(message)),
      drafts: [],
      escalations: [],
      awaitingApproval: false,
    })
  }

  /** `messageId` names the customer's message whose stream speaks; null is the conversation's live stream. */
  function apply(event: TurnEvent, messageId: string | null) {
    if (event.type === 'escalation' || event.type === 'status' || event.type === 'done') changes++
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
          awaitingApproval: event.outcome === 'awaiting_approval',
          ...(event.outcome === 'with_human' && { status: 'with_human' }),
          ...(event.outcome === 'answered' && { status: 'open' }),
        })
        return
      case 'error':
        // The delivery sends the same message again; what was said so far is not the reply.
        changeDraft(messageId, (draft) => ({ ...draft, text: '', citations: [] }))
    }
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
      ...(!own && message.role !== 'system' && { awaitingApproval: false }),
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
      model: null,
      delivery: { state: 'sending' },
    }
    set({ messages: [...state.messages, shown] })
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
    leave() {
      left = true
      clearTimeout(nextLoad)
      live?.close()
      listeners.clear()
    },
  }
}

/** Whether the server has not confirmed this message yet. */
export function isPending({ delivery }: ThreadMessage): boolean {
  return delivery.state !== 'delivered' && delivery.state !== 'accepted' && delivery.state !== 'interrupted'
}

/** Whether the reply that shows as being written is the one to show: the last with words, else the last. */
export function currentDraft(drafts: Draft[]): Draft | null {
  return drafts.findLast((draft) => draft.text !== '') ?? drafts.at(-1) ?? null
}

function withMessage(messages: ThreadMessage[], message: Message): ThreadMessage[] {
  const known = messages.findIndex(({ id }) => id === message.id)
  if (known === -1) return [...messages, { ...message, delivery: delivered }]
  return messages.map((old, index) => (index === known ? updated(old, message) : old))
}

function updated(old: ThreadMessage, message: Message): ThreadMessage {
  const delivery = isPending(old) ? delivered : old.delivery
  return { ...message, model: message.model ?? old.model, delivery }
}

/** A message that has just been accepted moves behind what the server has: that is its place in the thread. */
function withDelivery(messages: ThreadMessage[], messageId: string, delivery: Delivery): ThreadMessage[] {
  const message = messages.find(({ id }) => id === messageId)
  if (!message) return messages
  const changed = { ...message, delivery }
  if (isPending(message) && !isPending(changed)) {
    const others = messages.filter((other) => other !== message)
    const firstPending = others.findIndex(isPending)
    return others.toSpliced(firstPending === -1 ? others.length : firstPending, 0, changed)
  }
  return messages.map((other) => (other === message ? changed : other))
}

function withEscalation(escalations: Escalation[], escalation: Escalation): Escalation[] {
  const others = escalations.filter(({ id }) => id !== escalation.id)
  const known = escalations.find(({ id }) => id === escalation.id)
  return [...others, { ...escalation, at: escalation.at ?? known?.at ?? new Date().toISOString() }]
}

function mergeThread(state: ChatState, thread: Thread): Partial<ChatState> {
  const local = new Map(state.messages.map((message) => [message.id, message]))
  const known = new Set(thread.messages.map(({ id }) => id))
  const fromServer = thread.messages.map((message) => {
    const old = local.get(message.id)
    return old ? updated(old, message) : { ...message, delivery: delivered }
  })
  const news = thread.messages.some(({ id, role }) => role !== 'customer' && !local.has(id))
  return {
    status: thread.status,
    messages: [...fromServer, ...state.messages.filter(({ id }) => !known.has(id))],
    // Only what a customer sees for the first time settles a draft; a thread read in the middle of a turn has none.
    ...(news && state.messages.length > 0 && { drafts: [] }),
    escalations: thread.escalations.map((escalation) => ({
      ...escalation,
      at: escalation.at ?? state.escalations.find(({ id }) => id === escalation.id)?.at ?? null,
    })),
    awaitingApproval: thread.awaitingApproval,
    offline: state.offline || thread.messages.some(({ model }) => model === 'offline'),
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
