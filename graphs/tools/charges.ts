import { z } from 'zod'
import type { Charge, Systems } from '../systems.ts'
import { defineReadTool, type Tool } from '../tool.ts'
import { findDoubleCharges, leftOf } from './double-charges.ts'
import { day, money, numbered } from './wording.ts'

const LOOKED_AT = 40
const SHOWN = 6

/** Shows what was charged and finds what was charged twice; then the refund follows. */
export function listCharges(systems: Systems): Tool {
  return defineReadTool({
    name: 'list_charges',
    description:
      'The latest charges with ids, dates and amounts; finds a double charge. Call it when a charge is questioned.',
    schema: z.strictObject({
      orderNumber: z.string().optional().describe('Only charges for this order'),
      amountMinor: z.int().positive().optional().describe('Only charges of this amount, in cents'),
    }),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: ['orderNumber', 'amountMinor'],
    offline: {
      examples: [
        'why has my account been debited twice',
        'there is a double payment for my membership',
        'there is a double charge',
        'you double charged me',
        'you charged me double',
        'my card was charged two times for the same subscription',
        'I see two payments for the same thing',
        'the same amount was taken twice from my card',
        'I have been charged again for the same membership',
        'did you charge me twice',
        'was I charged twice',
        'what did you charge me for this month',
        'which payments did I make',
        'I do not recognise a charge on my card',
        'I do not know what this charge is',
        'there is an unknown charge on my account',
        'you took too much money from me',
        'what have you taken from my account',
        'I was charged twice for my subscription',
        'I was charged twice this month',
        'why was I charged twice',
        'why did you take money from my account twice',
        'you billed me two times',
        'you charged my card twice',
        'I got billed double',
        'there are two identical charges on my card',
        'there is a duplicate charge on my account',
        'I see the same payment twice on my statement',
        'I paid twice',
        'what was I charged for',
        'why was I charged',
        'what is this charge on my card',
        'what did I pay last month',
        'show me my charges',
        'show my recent payments',
        'look at my charges',
        'check my payments',
      ],
    },
    async run({ orderNumber, amountMinor }, { principal }) {
      const { customerId } = principal
      const all = await systems.billing.charges(customerId, LOOKED_AT)
      const ofOrder = all.filter((charge) => orderNumber === undefined || charge.orderNumber === orderNumber)
      const charges = ofOrder.filter(({ amount }) => amountMinor === undefined || amount.minor === amountMinor)
      if (charges.length === 0) return { say: nothing(amountMinor, ofOrder[0]), data: null }
      const [double] = await findDoubleCharges(systems, customerId, charges)
      if (!double)
        return { say: `These are the latest charges:\n${numbered(charges.slice(0, SHOWN).map(line))}`, data: charges }
      const { first, again } = double
      return {
        say: `${again.description} was charged twice, ${money(again.amount)} each: on ${day(first.at)} and on ${day(again.at)}. The second one is a double charge.`,
        data: { double, charges },
        next: { tool: 'refund_charge', args: { charge: again.id, reason: 'double_charge' } },
      }
    },
  })
}

/** A charge in a list for the customer. */
export function line(charge: Charge): string {
  const { description, amount, at, method, status, refunded } = charge
  const state =
    status === 'pending'
      ? ', only reserved so far'
      : status === 'failed'
        ? ', failed'
        : leftOf(charge) === 0
          ? ', refunded'
          : refunded.minor > 0
            ? `, ${money(refunded)} of it refunded`
            : ''
  return `${description}: ${money(amount)} on ${day(at)} with ${method}${state}`
}

function nothing(amountMinor: number | undefined, any: Charge | undefined): string {
  if (amountMinor === undefined || !any) return 'I see no such charge in your account.'
  return `I see no charge of ${money({ ...any.amount, minor: amountMinor })} in your account.`
}
