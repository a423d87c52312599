import type { createCustomer, SentMessage } from './customers.ts'

type Customer = Awaited<ReturnType<typeof createCustomer>>

/**
 * A customer who wants things done, one after the other: asks, says yes or now and then no, sometimes says yes once more
 * when it is done, and sometimes asks again for what was done before.
 * @param wishes what they write for each
 */
export function createMoneyCustomer(customer: Customer, wishes: string[], random: () => number) {
  let next = 0
  let open: SentMessage | undefined
  let lastReply = ''

  function write(text: string): SentMessage {
    const messageId = `${customer.name}-${customer.messages.length + 1}`
    const message: SentMessage = { messageId, text, acknowledged: false, told: [], dropped: false }
    customer.messages.push(message)
    return message
  }

  function follow(): SentMessage | undefined {
    if (/Shall I go ahead\?/.test(lastReply)) return write(random() < 0.1 ? 'no' : 'yes')
    // A yes that nobody asked for, after what the last one set going.
    if (customer.messages.at(-1)?.text === 'yes' && random() < 0.15) return write('yes please')
    // What was asked for before must not happen again, whatever the words.
    const again = next > 0 && random() < 0.2 ? wishes[Math.floor(random() * next)] : undefined
    const wish = again ?? wishes[next]
    if (!wish) return undefined
    if (!again) next += 1
    return write(wish)
  }

  return {
    customer,
    /** Has a message that was sent and not answered yet, as far as the sender knows. */
    waits: () => open !== undefined,
    /** Has nothing more to ask for, and no question to answer. */
    isContent: () => open === undefined && next >= wishes.length && !/Shall I go ahead\?/.test(lastReply),

    /** Sends what is open again, or else what comes next; resolves when it is answered or cut off. */
    async step(url: string, timeoutMs: number): Promise<void> {
      open ??= follow()
      if (!open) return
      await customer.send(url, open, random() < 0.3 ? 'stream' : 'json', timeoutMs)
      const told = open.told.at(-1)
      if (!told) return
      lastReply = told.status === 'with_human' ? '' : (told.reply?.text ?? '')
      open = undefined
    },
  }
}

export type MoneyCustomer = ReturnType<typeof createMoneyCustomer>
