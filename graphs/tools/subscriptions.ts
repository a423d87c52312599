import { z } from 'zod'
import type { Subscription, Systems } from '../systems.ts'
import { defineReadTool, type Tool } from '../tool.ts'
import { ANY_WORDS, type Choice, choose, chosen, defineChoosingTool, fits } from './choosing.ts'
import { day, money, numbered } from './wording.ts'

/** What the customer is subscribed to, until when, for how much. */
export function listSubscriptions({ billing }: Systems): Tool {
  return defineReadTool({
    name: 'list_subscriptions',
    description: 'The subscriptions of the account: plan, price, and the day until which each is paid.',
    schema: z.strictObject({}),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: [],
    offline: {
      examples: [
        'do I have a subscription',
        'do I have any active subscriptions',
        'do I still have Larkfield Care',
        'am I still a member',
        'until when is my Plus paid',
        'how long does my subscription still run',
        'when is my next payment',
        'how much do I pay for my subscription',
        'what do I pay for every month',
        'is my plan monthly or yearly',
        'tell me my subscriptions',
        'which subscriptions do I have',
        'what am I subscribed to',
        'what plan am I on',
        'show my subscriptions',
        'list my memberships',
        'when does my subscription renew',
        'when does my membership end',
        'is my subscription still active',
        'is my Larkfield Plus still active',
        'is my subscription cancelled',
      ],
    },
    async run(_args, { principal }) {
      const subscriptions = await billing.subscriptions(principal.customerId)
      if (subscriptions.length === 0) return { say: 'There is no subscription in your account.', data: null }
      return { say: `These are your subscriptions:\n${numbered(subscriptions.map(line))}`, data: subscriptions }
    },
  })
}

const schema = z.strictObject({
  subscription: z.string().max(500).optional().describe('Its id or plan'),
})

/** Ends a subscription when what is paid for is over. */
export function cancelSubscription({ billing }: Systems): Tool {
  return defineChoosingTool({
    name: 'cancel_subscription',
    description: 'Cancels a subscription at the end of the paid period, without a refund.',
    effect: 'write',
    schema,
    assurance: 'verified',
    timeoutMs: 10_000,
    logs: [],
    policy: 'cancel_subscription',
    offline: {
      examples: [
        'get rid of my subscription',
        'quit my membership',
        'drop my Larkfield Plus membership',
        'close my subscription',
        'I do not need Plus any more, cancel it',
        'let my subscription run out',
        'cancel my free trial',
        'cancel my Care for the tablet',
        'please cancel everything I pay for every month',
        'cancel my subscription',
        'cancel my membership',
        'cancel my plan',
        'cancel Larkfield Plus',
        'cancel Larkfield Care',
        'cancel Porch Cloud',
        'cancel Plus',
        'end my subscription',
        'end my Porch Cloud plan',
        'stop my subscription',
        'stop Larkfield Plus',
        'terminate my membership',
        'unsubscribe me',
        'turn off the renewal of my subscription',
        'do not renew my subscription',
      ],
      slots: { subscription: ANY_WORDS },
    },
    async facts({ subscription }, { principal }): Promise<{ choice: Choice<Subscription> } | null> {
      const all = await billing.subscriptions(principal.customerId)
      const active = all.filter(({ status }) => status === 'active')
      // Named, but cancelled before: the answer to that is not to cancel another one.
      const meant = fits(all, subscription, describe)
      const named = meant.length < all.length && meant.every(({ status }) => status === 'cancelled')
      const choice = choose(named || active.length === 0 ? meant.slice(0, 1) : active, {
        words: subscription,
        describe,
        line,
        question: 'Which of these should I cancel?',
      })
      return choice && { choice }
    },
    precondition({ choice }) {
      const { plan, status, paidUntil } = chosen(choice)
      if (status === 'active') return null
      return {
        code: 'subscriptions.cancelled',
        message: `${plan} is cancelled already. It ends on ${day(paidUntil)}, and nothing more is charged.`,
      }
    },
    object: (_args, { choice }) => `subscription:${chosen(choice).id}`,
    // Whoever subscribes again after it has ended may cancel again.
    businessKey: (_args, { choice }) => `cancel:${chosen(choice).id}:${chosen(choice).paidUntil}`,
    proposal(_args, { choice }) {
      const { plan, price, period, paidUntil } = chosen(choice)
      return `cancel ${plan} (${money(price)} a ${period}). You keep it until ${day(paidUntil)}, and nothing more is charged`
    },
    run: (_args, { choice }, { principal, key }) =>
      billing.cancelSubscription(principal.customerId, chosen(choice).id, key),
    async lookUp(key) {
      const settled = await billing.settled(key)
      return settled && 'endsOn' in settled ? settled : null
    },
    receipt: ({ plan, endsOn }) =>
      `${plan} is cancelled. You keep it until ${day(endsOn)}, and nothing more is charged.`,
  })
}

function describe({ id, plan, price }: Subscription): string {
  return `${id} ${plan} ${money(price)}`
}

function line({ plan, price, period, status, paidUntil }: Subscription): string {
  const until = status === 'active' ? `renews on ${day(paidUntil)}` : `cancelled, ends on ${day(paidUntil)}`
  return `${plan}: ${money(price)} a ${period}, ${until}`
}
