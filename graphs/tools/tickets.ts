import { z } from 'zod'
import type { Systems } from '../systems.ts'
import { defineEffectTool, type Tool } from '../tool.ts'

/** Writes a problem down for the team. */
export function openTicket({ customers, tickets }: Systems): Tool {
  return defineEffectTool({
    name: 'open_ticket',
    description: 'Writes a problem down for the team to work on later, where nothing else here helps.',
    effect: 'write',
    schema: z.strictObject({
      subject: z.string().min(1).max(120).describe('A few words'),
      detail: z.string().min(1).max(1000).describe('What happens, and what was tried'),
    }),
    assurance: 'verified',
    timeoutMs: 10_000,
    logs: [],
    policy: 'open_ticket',
    offline: {
      examples: [
        'open a case for me',
        'open a ticket for my camera problem',
        'make a ticket for this',
        'raise a ticket',
        'log a ticket',
        'write a ticket to your team',
        'put this down for your team',
        'pass this problem to your team in a ticket',
        'open a ticket about my router',
        'open a ticket',
        'open a support case',
        'create a support ticket',
        'file a case for the camera problem',
        'report this problem to your team',
      ],
      slots: {
        subject: /^[^\n]*?\b(?:ticket|case|report)\b[^\n]*?\b(?:about|for|on|because) ([^.!?\n]{3,110})|[^\n]{1,110}/i,
        detail: /[\s\S]{1,1000}/,
      },
    },
    async facts(_args, { principal, today }) {
      const customer = await customers.find(principal.customerId)
      return customer && { customer, today }
    },
    precondition: () => null,
    object: ({ subject }) => `ticket:${plain(subject)}`,
    // The same problem may come back; twice on one day it is the same ticket.
    businessKey: ({ subject }, { customer, today }) => `ticket:${customer.id}:${today}:${plain(subject)}`,
    proposal: ({ subject }) => `open a ticket for our team about “${subject.trim()}”`,
    run: ({ subject, detail }, _facts, { principal, key }) =>
      tickets.open(principal.customerId, { subject, detail, key }),
    lookUp: (key) => tickets.settled(key),
    receipt: ({ number, subject }) =>
      `Ticket ${number} about “${subject}” is open. Our team answers within 1 business day.`,
  })
}

function plain(subject: string): string {
  return subject.trim().toLowerCase().replace(/\s+/g, ' ')
}
