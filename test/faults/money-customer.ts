import type { createCustomer, SentMessage } from './customers.ts'
import { refundText } from './money.ts'

type Customer = Awaited<ReturnType<typeof createCustomer>>

/** A charge of which a customer wants a part back. */
export interface Wish {
  chargeId: string
  minor: number
}

/** A customer who wants refunds, one after the other: asks, says yes, now and then asks for the same once more. */
export function createMoneyCustomer(customer: Customer, wishes: Wish[], random: () => number) {
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
    // What was asked for before must not happen again, whatever the words.
    const again = next > 0 && random() < 0.2 ? wishes[Math.floor(random() * next)] : undefined
    const wish = again ?? wishes[next]
    if (!wish) return undefined
    if (!again) next += 1
    return write(refundText(wish.chargeId, wish.minor))
  }

  return {
    customer,
    /** Has a message that was sent and not answered yet, as far as the sender knows. */
    waits: () => open !== undefined,

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
