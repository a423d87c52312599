/** A message that the server has not confirmed yet. */
export interface Unsent {
  messageId: string
  text: string
  at: string
  conversationId: string | null
}

/** What the browser keeps between two visits: which conversation it is, and what still has to be sent. */
export interface Memory {
  conversationId(): string | null
  previousId(): string | null
  remember(conversationId: string | null, previousId?: string | null): void
  unsent(): Unsent[]
  keep(message: Unsent): void
  drop(messageId: string): void
}

const currentKey = 'baton.conversation'
const previousKey = 'baton.conversation.previous'
const unsentPrefix = 'baton.unsent.'

/** Keeps in `storage`; a browser that refuses storage (private mode, full) still chats, it only forgets on reload. */
export function createMemory(storage: Storage | null): Memory {
  const read = (key: string) => attempt(() => storage?.getItem(key) ?? null, null)
  const write = (key: string, value: string | null | undefined) =>
    attempt(() => (value ? storage?.setItem(key, value) : storage?.removeItem(key)), undefined)

  return {
    conversationId: () => read(currentKey),
    previousId: () => read(previousKey),
    remember(conversationId, previousId) {
      write(currentKey, conversationId)
      if (previousId !== undefined) write(previousKey, previousId)
    },
    // One key a message: two tabs that write at the same time cannot overwrite each other's.
    unsent: () =>
      attempt(() => Object.keys(storage ?? {}), [])
        .filter((key) => key.startsWith(unsentPrefix))
        .map((key) => readUnsent(read(key)))
        .filter((message) => message !== null)
        .sort((a, b) => a.at.localeCompare(b.at)),
    keep: (message) => write(unsentPrefix + message.messageId, JSON.stringify(message)),
    drop: (messageId) => write(unsentPrefix + messageId, null),
  }
}

/** The browser's own storage, or null where the browser forbids even to look. */
export function browserStorage(): Storage | null {
  return attempt(() => window.localStorage, null)
}

function readUnsent(value: string | null): Unsent | null {
  const message = attempt(() => JSON.parse(value ?? 'null') as Partial<Unsent> | null, null)
  if (typeof message?.messageId !== 'string' || typeof message.text !== 'string') return null
  return {
    messageId: message.messageId,
    text: message.text,
    at: typeof message.at === 'string' ? message.at : new Date().toISOString(),
    conversationId: typeof message.conversationId === 'string' ? message.conversationId : null,
  }
}

function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
