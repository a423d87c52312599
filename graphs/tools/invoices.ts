import { z } from 'zod'
import type { Systems } from '../systems.ts'
import { defineReadTool, type Tool } from '../tool.ts'
import { day, money, numbered } from './wording.ts'

const SHOWN = 6

/** The latest invoices, each with the address of its document. */
export function listInvoices({ billing }: Systems): Tool {
  return defineReadTool({
    name: 'list_invoices',
    description: 'The latest invoices with their links, to send or show one.',
    schema: z.strictObject({}),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: [],
    offline: {
      examples: [
        'show me my bills',
        'send my invoice again',
        'send me the invoice for my subscription',
        'resend the invoice of my order',
        'email me the invoice',
        'where is my last invoice',
        'do I have an open invoice',
        'which invoices are still unpaid',
        'show me my invoices',
        'send me my last invoice',
        'send me the receipt',
        'get me the receipt for my last order',
        'I need my invoice',
        'I need a copy of my bill',
        'list my invoices',
        'give me my latest bill',
      ],
    },
    async run(_args, { principal }) {
      const invoices = await billing.invoices(principal.customerId, SHOWN)
      if (invoices.length === 0) return { say: 'I see no invoices in your account yet.', data: null }
      const lines = invoices.map(
        ({ number, issuedOn, total, status, url }) =>
          `${number} of ${day(issuedOn)}: ${money(total)}${status === 'open' ? ', still to be paid' : ''}. ${url}`,
      )
      return { say: `These are your latest invoices:\n${numbered(lines)}`, data: invoices }
    },
  })
}
