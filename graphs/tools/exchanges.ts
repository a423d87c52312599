import { z } from 'zod'
import type { Eligibility, ItemVariant, Systems } from '../systems.ts'
import { defineReadTool, type Tool } from '../tool.ts'
import { ANY_WORDS, type Choice, choose, chosen, defineChoosingTool } from './choosing.ts'
import { findItem, labelIsFree, named, type OrderedItem, reasonSlots } from './ordered-items.ts'
import { notFound } from './orders.ts'
import { itemKey } from './returns.ts'
import { day, numbered, spoken } from './wording.ts'

const WHICH = 'Which of these items do you mean?'
const fields = {
  orderNumber: z.string().optional().describe('Such as LF-10234'),
  item: z.string().max(500).optional().describe('Its sku, or words about it'),
}

/** What else an ordered item comes in. */
export function listVariants({ orders, returns }: Systems): Tool {
  return defineReadTool({
    name: 'list_variants',
    description: 'Sizes and colours in stock for an item that the customer has bought.',
    schema: z.strictObject(fields),
    assurance: 'verified',
    timeoutMs: 5_000,
    logs: ['orderNumber'],
    offline: {
      examples: [
        'in which colours do you have my bag',
        'which colours do you have of my duffel',
        'does my jacket come in other colours',
        'does my backpack also come in green',
        'which sizes are there for my jacket',
        'which sizes are available of my shirt',
        'what else does my backpack come in',
        'is there a larger size of my jacket',
        'are there other colours of my duffel',
        'do you still have my jacket in L',
        'could I get my jacket in another colour',
        'which other colours does my backpack come in',
        'which colours are there of my jacket',
        'what sizes do you have of my jacket',
        'what other sizes are in stock for my boots',
        'is my jacket available in green',
        'do you have my jacket in a bigger size',
        'show me the other colours of my bag',
      ],
      slots: { item: ANY_WORDS },
    },
    async run(args, { principal }) {
      const choice = await findItem({ orders }, principal.customerId, args, WHICH)
      if (!choice)
        return {
          say: args.orderNumber ? notFound(args.orderNumber) : 'I see no order that has been sent to you yet.',
          data: null,
        }
      if (choice.question) return { say: choice.question, data: { ambiguous: true } }
      const { item } = chosen(choice)
      const others = inStock(await returns.variants(item.sku), item.sku)
      if (others.length === 0) return { say: `${item.title} is not in stock in any other variant.`, data: [] }
      return {
        say: `${item.title} is in stock in:\n${numbered(others.map(({ variant }) => variant))}`,
        data: { sku: item.sku, variants: others },
      }
    },
  })
}

const schema = z.strictObject({
  ...fields,
  newVariant: z.string().max(500).optional().describe('Its sku, or the size or colour wanted'),
  reason: z.enum(['changed_mind', 'damaged', 'faulty', 'wrong_item', 'does_not_fit']).default('does_not_fit'),
})

interface ExchangeFacts {
  choice: Choice<OrderedItem>
  /** Null where no other variant is in stock. */
  variant: Choice<ItemVariant> | null
  eligibility: Eligibility | null
  today: string
}

/** Swaps an item for another size or colour of the same; once an item. */
export function exchangeItem({ orders, returns }: Systems): Tool {
  return defineChoosingTool({
    name: 'exchange_item',
    description: 'Exchanges an item for another size or colour of the same product, with a label.',
    effect: 'write',
    schema,
    assurance: 'verified',
    timeoutMs: 10_000,
    logs: ['orderNumber', 'reason'],
    policy: 'exchange',
    offline: {
      examples: [
        'swap my jacket for L',
        'exchange it for the green one',
        'can I swap this jacket for a larger one',
        'can I exchange my jacket for another size',
        'can I get this in a bigger size instead',
        'could I exchange it for the black one',
        'give me a larger size instead',
        'send me a smaller one instead',
        'I need it in L instead of M',
        'I want the green one instead',
        'I ordered the wrong size, exchange it',
        'trade my bag for the black one',
        'switch my jacket to size M',
        'it is too small, I need a bigger one',
        'the jacket is too small, send me a larger one',
        'I took the wrong colour and want another one',
        'exchange my jacket for a size L',
        'exchange it for a bigger size',
        'exchange the boots for a smaller size',
        'exchange my item',
        'exchange the shirt for another colour',
        'swap the blue backpack for a green one',
        'swap it for another size',
        'change my jacket to a bigger size',
        'replace it with a smaller size',
        'I need a bigger size',
        'I want another colour instead',
      ],
      slots: { item: ANY_WORDS, newVariant: ANY_WORDS, reason: reasonSlots },
    },
    async facts(args, { principal, today }): Promise<ExchangeFacts | null> {
      const choice = await findItem({ orders }, principal.customerId, args, WHICH)
      if (!choice) return null
      if (choice.question) return { choice, variant: null, eligibility: null, today }
      const { order, item } = chosen(choice)
      const asked = { orderNumber: order.number, sku: item.sku, reason: args.reason, on: today }
      const eligibility = await returns.eligibility(principal.customerId, asked)
      const others = inStock(await returns.variants(item.sku), item.sku)
      const variant = chooseVariant(others, args.newVariant) ?? chooseVariant(others, undefined)
      return eligibility && { choice, variant, eligibility, today }
    },
    precondition({ choice, variant, eligibility }) {
      const { item } = chosen(choice)
      if (!eligibility?.eligible)
        return {
          code: 'returns.not_eligible',
          message: spoken(eligibility?.why ?? '') || `${named(item)} cannot go back.`,
        }
      if (!variant)
        return {
          code: 'returns.out_of_stock',
          message: `${item.title} is not in stock in any other size or colour. It can be returned for a refund instead.`,
        }
      if (!variant.question) return null
      return {
        code: 'exchanges.which_variant',
        message: `${named(item)} can be exchanged for one of these:\n${variant.question}`,
      }
    },
    object: (_args, { choice }) => itemKey(chosen(choice)),
    businessKey: (_args, { choice }) => `return:${itemKey(chosen(choice))}`,
    proposal(args, { choice, variant }) {
      const { order, item } = chosen(choice)
      const label = labelIsFree(args.reason)
        ? 'The label is free'
        : 'The label costs EUR 4.90, charged to the original payment method when the new item leaves'
      return `exchange ${named(item)} from order ${order.number} for ${variant?.one?.variant ?? 'another variant'} and make the label. ${label}`
    },
    run(args, { choice, variant, today }, { principal, key }) {
      const { order, item } = chosen(choice)
      if (!variant) throw new Error('no variant is chosen')
      const newSku = chosen(variant).sku
      const { reason } = args
      return returns.exchange(principal.customerId, {
        orderNumber: order.number,
        sku: item.sku,
        newSku,
        reason,
        on: today,
        key,
      })
    },
    async lookUp(key) {
      const settled = await returns.settled(key)
      return settled && 'newSku' in settled ? settled : null
    },
    receipt: ({ rma, newVariant, labelUrl, sendBy }) =>
      `The exchange is registered under ${rma}. Your label: ${labelUrl}. Please hand in the parcel by ${day(sendBy)}; ${newVariant} is reserved for you and leaves within 2 business days after we have checked it.`,
  })
}

function inStock(variants: ItemVariant[], sku: string): ItemVariant[] {
  return variants.filter((each) => each.sku !== sku && each.inStock > 0)
}

function chooseVariant(variants: ItemVariant[], words: string | undefined): Choice<ItemVariant> | null {
  const question = 'Which one would you like?'
  const describe = ({ sku, variant }: ItemVariant) => `${sku} ${variant}`
  return choose(variants, { words, describe, line: ({ variant }) => variant, question })
}
