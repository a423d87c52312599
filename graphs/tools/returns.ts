import { z } from 'zod'
import type { Eligibility, Systems } from '../systems.ts'
import { defineReadTool, type Tool } from '../tool.ts'
import { ANY_WORDS, type Choice, chosen, defineChoosingTool } from './choosing.ts'
import { findItem, labelIsFree, named, type OrderedItem, reasonSlots } from './ordered-items.ts'
import { notFound } from './orders.ts'
import { day, money, spoken } from './wording.ts'

const reason = z.enum(['changed_mind', 'damaged', 'faulty', 'wrong_item', 'does_not_fit']).default('changed_mind')
const fields = {
  orderNumber: z.string().optional().describe('Such as LF-10234'),
  item: z.string().max(500).optional().describe('Its sku, or words about it'),
  reason,
}
const WHICH = 'Which of these items should go back?'
const LABEL_FEE = 'EUR 4.90'

/** Whether an item may go back; then the return follows. */
export function checkReturn({ orders, returns }: Systems): Tool {
  return defineReadTool({
    name: 'check_return',
    description: 'Whether an item of an order may go back, and until when. Call it before a return is registered.',
    schema: z.strictObject(fields),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: ['orderNumber', 'reason'],
    offline: {
      examples: [
        'may I still send the backpack back',
        'may I return the shoes',
        'is my power bank still returnable',
        'is my jacket still in the return window',
        'can my headphones go back',
        'can I give the tablet back',
        'could I return the speaker',
        'could I still bring it back',
        'until when can I return my order',
        'how long can I still return my jacket',
        'am I too late to return it',
        'will you take my jacket back',
        'check if I can send the tablet back',
        'can I still return the jacket I bought',
        'can I return my jacket',
        'can I send it back',
        'can I send back my order',
        'can I return this item',
        'am I still able to return my backpack',
        'is it too late to return my tent',
        'is it too late to send this back',
        'is my order still returnable',
        'check whether I can return my order',
        'check whether I can return the headphones',
      ],
      slots: { item: ANY_WORDS, reason: reasonSlots },
    },
    async run(args, { principal, today }) {
      const choice = await findItem({ orders }, principal.customerId, args, WHICH)
      if (!choice)
        return {
          say: args.orderNumber ? notFound(args.orderNumber) : 'I see no order that has been sent to you yet.',
          data: null,
        }
      if (choice.question) return { say: `You can mean one of these:\n${choice.question}`, data: { ambiguous: true } }
      const { order, item } = chosen(choice)
      const asked = { orderNumber: order.number, sku: item.sku, reason: args.reason }
      const eligibility = await returns.eligibility(principal.customerId, { ...asked, on: today })
      if (!eligibility) return { say: notFound(order.number), data: null }
      const subject = `${named(item)} from order ${order.number}`
      const say = `${subject}: ${spoken(eligibility.why)}`
      if (!eligibility.eligible) return { say, data: eligibility }
      return {
        say,
        data: eligibility,
        next: { tool: 'create_return', args: { orderNumber: order.number, item: item.sku, reason: args.reason } },
      }
    },
  })
}

const schema = z.strictObject({
  ...fields,
  quantity: z.int().positive().optional().describe('All pieces if left out'),
})

interface ReturnFacts {
  choice: Choice<OrderedItem>
  eligibility: Eligibility | null
  today: string
}

/** Registers a return and makes its label; once an item. */
export function createReturn({ orders, returns }: Systems): Tool {
  return defineChoosingTool({
    name: 'create_return',
    description: 'Registers the return of an item for a refund and makes its label.',
    effect: 'write',
    schema,
    assurance: 'verified',
    timeoutMs: 10_000,
    logs: ['orderNumber', 'reason', 'quantity'],
    policy: 'return',
    offline: {
      examples: [
        'give the tablet back',
        'send me a return label',
        'email me a label for my return',
        'create a return for the headphones',
        'set up a return',
        'start the return of my order',
        'take my jacket back',
        'bring the speaker back',
        'the tent leaks, I want to send it back',
        'it is too small, I want to return it',
        'I do not want the jacket any more, take it back',
        'I do not like it and want to return it',
        'send this item back to you',
        'arrange a return for my parcel',
        'return my order',
        'return my jacket',
        'return the backpack',
        'return it',
        'I want my money back',
        'I want my money back for the jacket',
        'I want a refund',
        'return order LF-10234',
        'send it back',
        'send the tent back',
        'give back the shoes',
        'start a return',
        'register a return for my order',
        'make me a return label',
        'I need a return label for my order',
        'give me a label for the return',
      ],
      slots: { item: ANY_WORDS, reason: reasonSlots },
    },
    async facts(args, { principal, today }): Promise<ReturnFacts | null> {
      const choice = await findItem({ orders }, principal.customerId, args, WHICH)
      if (!choice) return null
      if (choice.question) return { choice, eligibility: null, today }
      const { order, item } = chosen(choice)
      const asked = { orderNumber: order.number, sku: item.sku, reason: args.reason, on: today }
      const eligibility = await returns.eligibility(principal.customerId, asked)
      return eligibility && { choice, eligibility, today }
    },
    precondition({ choice, eligibility }, { quantity }) {
      const { order, item } = chosen(choice)
      if (!eligibility?.eligible)
        return {
          code: 'returns.not_eligible',
          message: spoken(eligibility?.why ?? '') || `${named(item)} cannot go back.`,
        }
      if ((quantity ?? 0) <= item.quantity) return null
      return { code: 'returns.too_many', message: `Order ${order.number} has only ${item.quantity} × ${named(item)}.` }
    },
    object: (_args, { choice }) => itemKey(chosen(choice)),
    businessKey: (_args, { choice }) => `return:${itemKey(chosen(choice))}`,
    proposal(args, { choice }) {
      const { order, item } = chosen(choice)
      const label = labelIsFree(args.reason)
        ? 'The label is free'
        : `The label costs ${LABEL_FEE}, which is deducted from the refund`
      return `register the return of ${args.quantity ?? item.quantity} × ${named(item)} from order ${order.number} and make the label. ${label}`
    },
    run(args, { choice, today }, { principal, key }) {
      const { order, item } = chosen(choice)
      return returns.create(principal.customerId, {
        orderNumber: order.number,
        sku: item.sku,
        quantity: args.quantity ?? item.quantity,
        reason: args.reason,
        on: today,
        key,
      })
    },
    async lookUp(key) {
      const settled = await returns.settled(key)
      return settled && 'refund' in settled ? settled : null
    },
    receipt: ({ rma, labelUrl, sendBy, refund }) =>
      `The return is registered under ${rma}. Your label: ${labelUrl}. Please hand in the parcel by ${day(sendBy)}; ${money(refund)} goes back to the original payment method within 5 business days after it is checked.`,
  })
}

/** A return and an exchange of the same item exclude each other. */
export function itemKey({ order, item }: OrderedItem): string {
  return `item:${order.number}:${item.sku}`
}
