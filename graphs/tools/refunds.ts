import { z } from 'zod'
import type { Charge, Money, Order, Subscription, Systems } from '../systems.ts'
import type { Precluded, Tool } from '../tool.ts'
import { line } from './charges.ts'
import { ANY_WORDS, type Choice, choose, chosen, defineChoosingTool } from './choosing.ts'
import { findDoubleCharges, leftOf } from './double-charges.ts'
import { day, daysBetween, money } from './wording.ts'

const reasons = [
  'double_charge',
  'after_cancelling',
  'wrong_amount',
  'trial',
  'unused',
  'not_received',
  'other',
] as const

const schema = z.strictObject({
  charge: z.string().max(500).optional().describe('Its id, or words about it'),
  orderNumber: z.string().optional().describe('Such as LF-10234, if it was for an order'),
  amountMinor: z.int().positive().optional().describe('Cents, for less than the whole'),
  reason: z.enum(reasons).default('other'),
})
type RefundArgs = z.output<typeof schema>

interface RefundFacts {
  choice: Choice<Charge>
  /** Whether the chosen charge, or another for the same, is one too many. */
  double: boolean
  subscription: Subscription | null
  order: Order | null
  today: string
}

const LOOKED_AT = 40

/** Gives back a charge, or a part of it; once. */
export function refundCharge(systems: Systems): Tool {
  const { billing } = systems
  return defineChoosingTool({
    name: 'refund_charge',
    description: 'Refunds one charge to the method it was paid with. For goods that were sent use a return instead.',
    effect: 'money',
    schema,
    assurance: 'verified',
    timeoutMs: 10_000,
    logs: ['orderNumber', 'amountMinor', 'reason'],
    policy: 'refund',
    offline: {
      examples: [
        'could I have a refund for the last charge',
        'can I get a refund for my last payment',
        'can I have my money back',
        'refund 7.90 to my card',
        'refund the duplicate',
        'refund the duplicate charge',
        'refund the wrong charge',
        'refund the double charge',
        'get me my money back',
        'give me the money back for the second one',
        'credit the amount back to my card',
        'I want to be refunded',
        'I want to be reimbursed for the wrong charge',
        'I want that payment back',
        'reverse the charge',
        'undo the payment',
        'refund the charge',
        'refund the second charge',
        'refund my last payment',
        'refund it',
        'refund me',
        'I want a refund',
        'I want my money back',
        'I want my money back for that charge',
        'I would like a refund of my payment',
        'give me my money back',
        'give me back the money you took',
        'return the money to my card',
        'reimburse me for the duplicate payment',
        'send the payment back to my card',
      ],
      slots: {
        charge: ANY_WORDS,
        reason: {
          double_charge: /\b(?:twice|double|duplicate|two times|second (?:charge|payment))\b/i,
          after_cancelling: /\b(?:after i (?:had )?cancel\w*|already cancel\w*|although i cancel\w*)\b/i,
          trial: /\btrial\b/i,
          unused: /\b(?:(?:did not|didn['’]?t|never|not|hardly) use|unused|forgot to cancel)/i,
          not_received: /\b(?:never (?:came|arrived)|not (?:arrived|received)|lost)\b/i,
          wrong_amount: /\b(?:wrong (?:amount|price)|too much|overcharged)\b/i,
        },
      },
    },
    async facts(args, { principal, today }) {
      const charges = await billing.charges(principal.customerId, LOOKED_AT)
      const doubles = await findDoubleCharges(systems, principal.customerId, charges)
      const choice = await chooseCharge(
        systems,
        principal.customerId,
        args,
        charges,
        doubles.map(({ again }) => again),
      )
      if (!choice) return null
      const charge = choice.one
      const subscriptions = charge?.subscriptionId ? await billing.subscriptions(principal.customerId) : []
      return {
        choice,
        double: doubles.some(({ first, again }) => first.id === charge?.id || again.id === charge?.id),
        subscription: subscriptions.find(({ id }) => id === charge?.subscriptionId) ?? null,
        order: charge?.orderNumber ? await systems.orders.find(principal.customerId, charge.orderNumber) : null,
        today,
      }
    },
    precondition: precluded,
    object: (_args, { choice }) => `charge:${chosen(choice).id}`,
    businessKey: (_args, { choice }) => `refund:${chosen(choice).id}`,
    amount: amountOf,
    remainder: ({ choice }) => remainderOf(chosen(choice)),
    proposal(args, facts) {
      const charge = chosen(facts.choice)
      return `refund ${money(amountOf(args, facts))} for ${charge.description} (charged on ${day(charge.at)}) to your ${charge.method}`
    },
    run: ({ reason, ...args }, facts, { principal, key }) =>
      billing.refund(principal.customerId, {
        chargeId: chosen(facts.choice).id,
        amount: amountOf({ ...args, reason }, facts),
        reason,
        key,
      }),
    async lookUp(key) {
      const settled = await billing.settled(key)
      return settled && 'chargeId' in settled ? settled : null
    },
    receipt: ({ amount, method, expectedBy }) =>
      `${money(amount)} is on its way back to your ${method}. It should be there by ${day(expectedBy)}.`,
  })
}

async function chooseCharge(
  { billing }: Systems,
  customerId: string,
  { charge: words, orderNumber, amountMinor, reason }: RefundArgs,
  charges: Charge[],
  again: Charge[],
): Promise<Choice<Charge> | null> {
  // Any charge of theirs, also one older than those that are looked at.
  const named = words && !/\s/.test(words.trim()) ? await billing.charge(customerId, words.trim()) : null
  if (named) return { one: named }
  const spoken = charges.find(({ id }) => words?.split(/[^\w-]+/).includes(id))
  if (spoken) return { one: spoken }
  const candidates = charges.filter((each) => orderNumber === undefined || each.orderNumber === orderNumber)
  const double = again.filter((each) => candidates.includes(each))
  if (reason === 'double_charge' && double[0] && double.length === 1) return { one: double[0] }
  // Names of what can be refunded come before what was refunded before; the latter only where nothing else is left.
  const open = candidates.filter((each) => leftOf(each) > 0 && each.status === 'paid')
  const alike = (open.length > 0 ? open : candidates).filter(
    (each, _, all) => !all.some(({ amount }) => amount.minor === amountMinor) || each.amount.minor === amountMinor,
  )
  return choose(alike, {
    words,
    describe: ({ id, description, amount, method, at }) => `${id} ${description} ${money(amount)} ${method} ${day(at)}`,
    line,
    question: 'Which of these charges do you mean?',
  })
}

const ANNUAL_DAYS = 30
const TRIAL_DAYS = 14

function precluded({ choice, double, subscription, order, today }: RefundFacts, args: RefundArgs): Precluded | null {
  const charge = chosen(choice)
  const what = `${money(charge.amount)} for ${charge.description}`
  if (charge.status === 'pending')
    return {
      code: 'refunds.pending',
      message: `${what} is only reserved. We have not received it and cannot refund it; it disappears within 7 days.`,
    }
  if (charge.status === 'failed')
    return { code: 'refunds.not_paid', message: `${what} was never taken: the payment failed.` }
  const left = leftOf(charge)
  if (left <= 0) return { code: 'refunds.refunded', message: `${what} has been refunded already.` }
  if ((args.amountMinor ?? 0) > left)
    return {
      code: 'refunds.over_remainder',
      message: `At most ${money(remainderOf(charge))} of the charge for ${charge.description} can be refunded.`,
    }
  if (args.reason === 'double_charge')
    return double
      ? null
      : { code: 'refunds.not_double', message: `I see only one charge of ${what}, so it is not a double charge.` }
  return ruledOut(charge, subscription, order, today, args)
}

/** What the articles on refunds say is not refunded. */
function ruledOut(
  charge: Charge,
  subscription: Subscription | null,
  order: Order | null,
  today: string,
  { reason }: RefundArgs,
): Precluded | null {
  const age = daysBetween(charge.at, today)
  if (isAnnual(reason, subscription) && age > ANNUAL_DAYS)
    return {
      code: 'refunds.annual_plan',
      message: `An annual plan is refunded pro rata in its first 30 days. This one was charged on ${day(charge.at)}, so it runs until the year ends.`,
    }
  if (reason === 'unused' && subscription?.period === 'month')
    return {
      code: 'refunds.unused',
      message: 'A month that has begun is not refunded because a subscription was not used.',
    }
  if (reason === 'trial' && age > TRIAL_DAYS)
    return {
      code: 'refunds.trial',
      message: `The first payment after a trial is refunded within 14 days. This one was made on ${day(charge.at)}.`,
    }
  if (order && order.status !== 'cancelled' && (reason === 'other' || reason === 'unused'))
    return {
      code: 'refunds.goods',
      message:
        order.status === 'processing'
          ? `Order ${order.number} has not been sent yet: it can be cancelled, and the money comes back.`
          : `For goods please use a return, because the refund depends on the parcel. Tell me which item of order ${order.number} should go back.`,
    }
  return null
}

/** Refunded for the days that are left, whatever the reason, unless we took it by mistake. */
function isAnnual(reason: RefundArgs['reason'], subscription: Subscription | null): boolean {
  return subscription?.period === 'year' && (reason === 'other' || reason === 'unused')
}

function remainderOf(charge: Charge): Money {
  return { ...charge.amount, minor: leftOf(charge) }
}

function amountOf({ amountMinor, reason }: RefundArgs, { choice, subscription, today }: RefundFacts): Money {
  const charge = chosen(choice)
  const whole = remainderOf(charge)
  if (amountMinor !== undefined) return { ...whole, minor: amountMinor }
  if (!isAnnual(reason, subscription)) return whole
  const days = Math.min(365, Math.max(0, daysBetween(charge.at, today)))
  return { ...whole, minor: Math.min(whole.minor, Math.round((charge.amount.minor * (365 - days)) / 365)) }
}
