import type { Delivery } from './delivery.ts'
import type { Effect } from './effect.ts'
import type { Citation, Escalation, Message, Status, Thread } from './protocol.ts'

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
  /** Whose conversation it is, as the server last said; null before it did. */
  customerId: string | null
  loading: 'no' | 'yes' | 'failed'
  /** The conversation of the last visit was not found, so this one is new. */
  restarted: boolean
  status: Status
  messages: ThreadMessage[]
  drafts: Draft[]
  escalations: Escalation[]
  effects: Effect[]
  offline: boolean
}

const delivered: Delivery = { state: 'delivered' }

/** Whether the server has not confirmed this message yet. */
export function isPending({ delivery }: ThreadMessage): boolean {
  return delivery.state !== 'delivered' && delivery.state !== 'accepted' && delivery.state !== 'interrupted'
}

/** Whether the reply that shows as being written is the one to show: the last with words, else the last. */
export function currentDraft(drafts: Draft[]): Draft | null {
  return drafts.findLast((draft) => draft.text !== '') ?? drafts.at(-1) ?? null
}

/** With a message that is new or now better known. */
export function withMessage(messages: ThreadMessage[], message: Message): ThreadMessage[] {
  const known = messages.findIndex(({ id }) => id === message.id)
  if (known === -1) return [...messages, { ...message, delivery: delivered }]
  return messages.map((old, index) => (index === known ? updated(old, message) : old))
}

function updated(old: ThreadMessage, message: Message): ThreadMessage {
  const delivery = isPending(old) ? delivered : old.delivery
  return { ...message, model: message.model ?? old.model, action: message.action ?? old.action, delivery }
}

/** A message that has just been accepted moves behind what the server has: that is its place in the thread. */
export function withDelivery(messages: ThreadMessage[], messageId: string, delivery: Delivery): ThreadMessage[] {
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

/** With an escalation that is new or has changed. */
export function withEscalation(escalations: Escalation[], escalation: Escalation): Escalation[] {
  const others = escalations.filter(({ id }) => id !== escalation.id)
  const known = escalations.find(({ id }) => id === escalation.id)
  return [...others, { ...escalation, at: escalation.at ?? known?.at ?? new Date().toISOString() }]
}

/** With an effect that is new or has changed; a live stream that begins anew tells old states again. */
export function withEffect(effects: Effect[], effect: Effect): Effect[] {
  const known = effects.find(({ key }) => key === effect.key)
  if (!known) return [...effects, effect]
  const isOld = Date.parse(effect.at) < Date.parse(known.at)
  const changed = isOld ? changedEffect(effect, known) : changedEffect(known, effect)
  return effects.map((old) => (old === known ? changed : old))
}

/** That people had to agree to it once is kept. */
function changedEffect(known: Effect | undefined, effect: Effect): Effect {
  return { ...effect, approvals: Math.max(known?.approvals ?? 0, effect.approvals) }
}

/** What the server's thread changes; what only this page knows (what is not sent yet) stays. */
export function mergeThread(state: ChatState, thread: Thread): Partial<ChatState> {
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
    effects: thread.effects.map((effect) =>
      changedEffect(
        state.effects.find(({ key }) => key === effect.key),
        effect,
      ),
    ),
    customerId: thread.customerId ?? state.customerId,
    offline: state.offline || thread.messages.some(({ model }) => model === 'offline'),
  }
}
