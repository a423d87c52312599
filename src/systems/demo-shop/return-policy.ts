import type { Eligibility, ReturnReason } from '../../../graphs/systems.ts'
import { addDays, endOfWarranty } from './days.ts'
import { inWords } from './euros.ts'

/** What a return label costs, in cents; deducted from the refund. */
export const LABEL_FEE = 490
/** The most of a delivery fee that comes back with a whole order: the standard one. */
export const STANDARD_DELIVERY = 490
/** After registering, days in which the parcel is handed in. */
export const SEND_WITHIN_DAYS = 14

/** The windows by the day of the order, the latest first; the articles on the return policy say the same. */
const WINDOWS = [
  { from: '2025-03-01', days: 30, plus: 60 },
  { from: '', days: 14, plus: 30 },
] as const
const WRONG_ITEM_DAYS = 14
const DAMAGE_DAYS = 7

/** Reasons for which the shop is to blame: the label is free. */
const OURS = new Set<ReturnReason>(['damaged', 'faulty', 'wrong_item'])

/** Whether the label is free for this reason. */
export function isOurFault(reason: ReturnReason): boolean {
  return OURS.has(reason)
}

/** What the rules look at. */
export interface ReturnFacts {
  /** Which rules were in force. */
  orderedOn: string
  deliveredOn: string
  /** Whether the customer was a Larkfield Plus member on the day of the order. */
  plus: boolean
  personalised: boolean
  reason: ReturnReason
  /** The day on which the customer asks. */
  on: string
}

function windowOf(orderedOn: string, plus: boolean): number {
  const rule = WINDOWS.find(({ from }) => from <= orderedOn) ?? WINDOWS[0]
  return plus ? rule.plus : rule.days
}

/** The rules of the articles on returns, for an item that was delivered and that the customer still has. */
export function judgeReturn({ orderedOn, deliveredOn, plus, personalised, reason, on }: ReturnFacts): Eligibility {
  const days = windowOf(orderedOn, plus)
  const window = `${days} days after delivery${plus ? ' with Larkfield Plus' : ''}`
  const until = addDays(deliveredOn, reason === 'wrong_item' ? WRONG_ITEM_DAYS : days)
  if (personalised && !isOurFault(reason))
    return { eligible: false, until: null, why: 'A personalised item can only go back when it is faulty or wrong.' }
  if (on <= until) return { eligible: true, until, why: inTime(reason, until, addDays(deliveredOn, DAMAGE_DAYS) >= on) }
  switch (reason) {
    case 'faulty': {
      const warranty = endOfWarranty(deliveredOn)
      const covered =
        on <= warranty
          ? `but its warranty of 24 months covers the fault until ${warranty}: a warranty claim gets it repaired or replaced free of charge.`
          : `and its warranty of 24 months ended on ${warranty}.`
      return { eligible: false, until, why: `It could go back for a refund until ${until}, ${window}, ${covered}` }
    }
    case 'wrong_item':
      return { eligible: false, until, why: `A wrong item can be reported until ${until}, 14 days after delivery.` }
    default:
      return { eligible: false, until, why: `It could be returned until ${until}, ${window}.` }
  }
}

function inTime(reason: ReturnReason, until: string, soon: boolean): string {
  const open = `It can be returned until ${until}`
  switch (reason) {
    case 'damaged':
      return soon
        ? `${open}, free of charge, for a full refund.`
        : `${open}, free of charge, as long as the damage cannot have come from use.`
    case 'faulty':
    case 'wrong_item':
      return `${open}, free of charge, for a full refund.`
    default:
      return `${open}; the label costs ${inWords(LABEL_FEE)}, which is deducted from the refund.`
  }
}
