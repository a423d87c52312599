import { type Card, type CardItem, layOutCards } from './cards.ts'
import { type ChatState, isPending, type ThreadMessage } from './chat-state.ts'
import { plainText } from './markdown.ts'
import { moneyWords } from './money.ts'

/** What the thread shows, top to bottom: a message, or a quiet line that says what has just changed. */
export type Row =
  | {
      kind: 'message'
      id: string
      message: ThreadMessage
      cards: Card[]
      startsGroup: boolean
      endsGroup: boolean
    }
  | { kind: 'line'; id: string; text: string; detail: string | null }

/** `tech-support` as "Tech support". */
export function specialistName(name: string): string {
  const words = name.replaceAll(/[-_]+/g, ' ').trim()
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : 'Assistant'
}

/** Who a message is from, in the customer's words. */
export function authorName({ role, author }: ThreadMessage, shop: string): string {
  if (role === 'customer') return 'You'
  if (role === 'agent') return author.name ? `${author.name} from the team` : 'A person from the team'
  return role === 'specialist' ? specialistName(author.name) : shop
}

/** The name of the person who answers now, or null while nobody has written yet. */
export function personHere(state: ChatState): string | null {
  const last = state.messages.findLast(({ role }) => role === 'agent' || role === 'specialist')
  return state.status === 'with_human' && last?.role === 'agent' ? last.author.name || null : null
}

/**
 * What a screen reader says of a row, each piece once by its id: the row when it arrives (the customer's own words need
 * no echo), an action when something has become of it.
 */
export function spoken(row: Row, shop: string): { id: string; text: string }[] {
  if (row.kind === 'line') return [{ id: row.id, text: row.detail ? `${row.text} ${row.detail}` : row.text }]
  if (row.message.role === 'customer') return []
  const words = `${authorName(row.message, shop)}: ${plainText(row.message.text)}`
  const questions = row.cards.filter(({ live }) => live).flatMap(({ items }) => items.map(itemWords))
  const asked = questions.length > 0 ? ` To confirm: ${questions.join('; ')}. Answer yes or no.` : ''
  return [{ id: row.id, text: words + asked }, ...row.cards.flatMap(({ items }) => items.flatMap(spokenOutcome))]
}

function spokenOutcome(item: CardItem): { id: string; text: string }[] {
  // Planned says nothing new, and what is being done is done or not a moment later.
  if (!item.outcome || !item.state || item.state === 'planned' || item.state === 'in_flight') return []
  const { text, message } = item.outcome
  return [{ id: `${item.key}-${item.state}`, text: `${itemWords(item)}: ${text}.${message ? ` ${message}` : ''}` }]
}

function itemWords({ summary, amount }: CardItem): string {
  return amount ? `${summary}, ${moneyWords(amount)}` : summary
}

/** The messages in the order of the thread: what the server does not have yet stands last. */
export function inOrder(messages: ThreadMessage[]): ThreadMessage[] {
  return [...messages.filter((message) => !isPending(message)), ...messages.filter((message) => isPending(message))]
}

/**
 * Lays the thread out. The lines are worked out from the messages and the status alone, so that a reload shows what
 * the live page showed.
 */
export function layOut(state: ChatState): Row[] {
  const messages = inOrder(state.messages)
  const cards = layOutCards(state, messages)
  const waitingAfter = state.status === 'with_human' ? placeOfWaiting(state, messages) : -1
  const rows: Row[] = []
  const line = (id: string, text: string, detail: string | null = null) =>
    rows.push({ kind: 'line', id: `line-${id}`, text, detail })

  if (state.restarted) line('restarted', 'Your earlier conversation is no longer here. This is a new one.')
  let person: string | null = null
  messages.forEach((message, index) => {
    if (message.role === 'agent') {
      const name = message.author.name || 'a person from the team'
      if (person !== name)
        line(`person-${message.id}`, `You are now talking to ${name}. They can see everything above.`)
      person = name
    }
    if (message.role === 'specialist') person = null

    rows.push({
      kind: 'message',
      id: message.id,
      message,
      cards: cards.get(message.id) ?? [],
      startsGroup: true,
      endsGroup: true,
    })

    if (index === waitingAfter) line(`waiting-${message.id}-${isClaimed(state)}`, ...waitingWords(state))
    if (person && message.role === 'agent' && isHandedBack(state, messages, index)) {
      line(`back-${message.id}`, `${capital(person)} handed the conversation back. Our assistant answers again.`)
    }
  })
  if (state.status === 'closed' && messages.length > 0) {
    line('closed', `${capital(person ?? 'The team')} closed this conversation.`, 'Write again whenever you like.')
  }
  return grouped(rows)
}

function grouped(rows: Row[]): Row[] {
  const sameAuthor = (a: Row | undefined, b: Row | undefined) =>
    a?.kind === 'message' &&
    b?.kind === 'message' &&
    a.message.role === b.message.role &&
    a.message.author.name === b.message.author.name
  return rows.map((row, index) =>
    row.kind === 'line'
      ? row
      : {
          ...row,
          startsGroup: !sameAuthor(rows[index - 1], row),
          endsGroup: !sameAuthor(row, rows[index + 1]),
        },
  )
}

/** After which message the customer began to wait for a person, or -1 when a person has already written since. */
function placeOfWaiting(state: ChatState, messages: ThreadMessage[]): number {
  const lastPerson = messages.findLastIndex(({ role }) => role === 'agent')
  const lastSpecialist = messages.findLastIndex(({ role }) => role === 'specialist')
  if (lastPerson > lastSpecialist) return -1
  const since = state.escalations.findLast(({ status, at }) => status !== 'closed' && at)?.at
  if (since) {
    const time = Date.parse(since)
    const after = messages.findLastIndex((message) => !isPending(message) && Date.parse(message.at) <= time)
    if (after > lastPerson) return after
  }
  const asked = messages.findIndex(({ role }, index) => index > lastSpecialist && role === 'customer')
  return asked === -1 ? messages.length - 1 : asked
}

function isClaimed(state: ChatState): boolean {
  return state.escalations.findLast(({ status }) => status !== 'closed')?.status === 'claimed'
}

function waitingWords(state: ChatState): [string, string] {
  const more = 'You can keep writing in the meantime.'
  if (isClaimed(state)) return ['A person is reading your conversation and will answer here.', more]
  const wait = state.escalations.findLast(({ status }) => status !== 'closed')?.waitSeconds ?? null
  const when = wait === null ? '' : wait < 90 ? ' in about a minute' : ` in about ${Math.round(wait / 60)} minutes`
  return [`A person will answer here${when}.`, more]
}

/** Whether a person's message is their last before the specialists answer again. */
function isHandedBack(state: ChatState, messages: ThreadMessage[], index: number): boolean {
  const next = messages.slice(index + 1).find(({ role }) => role === 'agent' || role === 'specialist')
  return next ? next.role === 'specialist' : state.status === 'open'
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
