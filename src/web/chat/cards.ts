import type { ChatState, ThreadMessage } from './chat-state.ts'
import type { Effect, Money, Proposal } from './effect.ts'
import type { IconName } from './icons.tsx'

/** What an action came to, in words, with the colour and the drawing that say the same. */
export interface Outcome {
  tone: 'quiet' | 'waiting' | 'approved' | 'denied'
  icon: IconName
  text: string
  message: string | null
}

/** One action on a card; `outcome` is null while it is still a question or its answer is being read. */
export interface CardItem {
  key: string
  summary: string
  amount: Money | null
  approvals: number
  state: Effect['state'] | null
  outcome: Outcome | null
}

/** Actions under the reply that proposed or announced them; `live` while the customer can still say yes or no. */
export interface Card {
  id: string
  live: boolean
  items: CardItem[]
}

/** The reply that waits for the customer's answer: the last of the thread, as long as the specialists answer. */
export function openQuestion(state: ChatState, messages: ThreadMessage[]): ThreadMessage | null {
  const last = messages.findLast((message) => !isRefused(message))
  return state.status === 'open' && last?.action && last.role !== 'customer' ? last : null
}

/** The cards below each message, by its id. */
export function layOutCards(state: ChatState, messages: ThreadMessage[]): Map<string, Card[]> {
  const cards = new Map<string, Card[]>()
  const question = openQuestion(state, messages)
  const effects = new Map(state.effects.map((effect) => [effect.key, effect]))
  const askedLast = new Map<string, string>()
  for (const { id, action } of messages) {
    if (action?.kind === 'confirm') for (const { key } of action.items) askedLast.set(key, id)
  }

  messages.forEach(({ id, action }, index) => {
    if (action?.kind !== 'confirm') return
    const isUndecided = ({ key }: Proposal) => (effects.get(key)?.state ?? 'planned') === 'planned'
    const live = question?.id === id && action.items.every(isUndecided)
    const answer = answerTo(messages, index)
    const items = action.items.map((item) => {
      if (live) return asItem(item, undefined, null)
      if (askedLast.get(item.key) !== id) return asItem(item, undefined, askedAgain)
      const effect = effects.get(item.key)
      return asItem(item, effect, outcomeOf(item, effect, answer))
    })
    cards.set(id, [{ id, live, items }])
  })

  for (const effect of state.effects) {
    if (askedLast.has(effect.key) || effect.state === 'planned') continue
    const id = announcementOf(effect, messages)
    if (!id) continue
    const card = { id: effect.key, live: false, items: [asItem(effect, effect, outcomeOf(effect, effect, null))] }
    cards.set(id, [...(cards.get(id) ?? []), card])
  }
  return cards
}

const askedAgain: Outcome = { tone: 'quiet', icon: 'down', text: 'Asked again below', message: null }

function asItem(item: Proposal, effect: Effect | undefined, outcome: Outcome | null): CardItem {
  const { key, summary, amount, approvals } = item
  return { key, summary: capital(summary), amount, approvals, state: effect?.state ?? null, outcome }
}

/** What the customer answered to a reply, and whether a reply came to that; null when they answered nothing. */
function answerTo(messages: ThreadMessage[], index: number): { word: 'yes' | 'no' | 'other'; replied: boolean } | null {
  const after = messages.slice(index + 1).filter((message) => !isRefused(message))
  if (after[0]?.role !== 'customer') return null
  const word = after[0].text
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, '')
  return {
    word: word === 'yes' || word === 'no' ? word : 'other',
    replied: after.some(({ role }) => role !== 'customer'),
  }
}

function outcomeOf(item: Proposal, effect: Effect | undefined, answer: ReturnType<typeof answerTo>): Outcome | null {
  const approved = Math.max(item.approvals, effect?.approvals ?? 0) > 0
  const message = effect?.message ?? null
  const declined = (text: string): Outcome => ({ tone: 'quiet', icon: 'close', text, message: 'Nothing was changed.' })
  switch (effect?.state) {
    case 'awaiting':
      return { tone: 'waiting', icon: 'clock', text: 'Waiting for a colleague’s approval', message }
    case 'in_flight':
      return { tone: 'waiting', icon: 'clock', text: approved ? 'Approved, being done' : 'Being done', message }
    case 'in_doubt':
      return {
        tone: 'waiting',
        icon: 'search',
        text: item.amount ? 'Being checked with the payment system' : 'Being checked',
        message,
      }
    case 'done':
      return { tone: 'approved', icon: 'check', text: approved ? 'Approved and done' : 'Done', message }
    case 'failed':
      if (effect.code === 'effect.declined' || answer?.word === 'no') return declined('You said no')
      return { tone: 'denied', icon: 'close', text: failureWords(effect, answer?.word === 'yes' && approved), message }
    default:
      if (answer?.word === 'no') return declined('You said no')
      if (answer?.word === 'yes') return { tone: 'quiet', icon: 'check', text: 'You said yes', message: null }
      // Only the server reads other words; until it has answered nobody knows what they come to.
      return answer && !answer.replied ? null : declined('Not confirmed')
  }
}

/** A colleague said no where the server says so, or where it gives no reason and the effect came as far as to them. */
function failureWords({ code, approvals }: Effect, sentToPeople: boolean): string {
  if (code === 'effect.expired') return 'Not decided in time'
  const refused = code ? code === 'effect.denied' : sentToPeople || approvals > 0
  return refused ? 'Not approved' : 'Not done'
}

/** The reply that told of an effect which no reply had proposed: the first after it, or the latest of all. */
function announcementOf(effect: Effect, messages: ThreadMessage[]): string | null {
  const replies = messages.filter(({ role }) => role !== 'customer')
  const at = Date.parse(effect.at)
  return (replies.find((reply) => Date.parse(reply.at) >= at) ?? replies.at(-1))?.id ?? null
}

function isRefused({ delivery }: ThreadMessage): boolean {
  return delivery.state === 'refused'
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
