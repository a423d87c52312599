import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLanguageModelInput } from '@langchain/core/language_models/base'
import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'
import type { Runnable } from '@langchain/core/runnables'
import type { LocalRouter, RouteDecision } from '../../graphs/routing/route.ts'
import { defineSpecialist } from '../../graphs/specialist.ts'
import type { Systems } from '../../graphs/systems.ts'
import type { EffectTool } from '../../graphs/tool.ts'
import { refundCharge } from '../../graphs/tools/refunds.ts'
import { createReturn } from '../../graphs/tools/returns.ts'
import type { Overrides } from '../../src/app.ts'
import type { EffectLedger } from '../../src/effects/effects.ts'

/** How money moves in a server of a campaign. */
export interface MoneyOrder {
  /** Milliseconds that the payment system takes before, and again after, it has done what it was asked. */
  least: number
  most: number
  /** False: the control, whose turns run the tool with nothing in between. The file is where it keeps its plans. */
  ledger: boolean
  planFile: string
}

/** What the customer writes to have a part of a charge paid back. */
export function refundText(chargeId: string, minor: number): string {
  return `please refund ${chargeId} ${minor}`
}

/** What the customer writes to send an item back. */
export function returnText(orderNumber: string, sku: string): string {
  return `please return ${orderNumber} ${sku}`
}

/** The real shop, tools and ledger; only the model is scripted, and payments take their time. */
export function moneyOverrides(order: MoneyOrder): Overrides {
  const specialist = defineSpecialist({
    name: 'billing',
    description: 'Everything that a money campaign asks about.',
    examples: ['please refund my charge', 'a payment is missing'],
    knowledge: ['billing'],
    systemPrompt: 'You refund charges and take items back with the tools that you have.',
    tools: (systems) => {
      const slow = slowed(systems, order)
      return [refundCharge(slow), createReturn(slow)]
    },
  })
  return {
    models: { name: 'scripted', answers: new RefundingModel({}), routes: undefined, health: () => [] },
    router: billingOnly,
    specialists: [specialist],
    ...(!order.ledger && { effects: (tools) => withoutLedger(tools, order.planFile) }),
  }
}

const billingOnly: LocalRouter = {
  route: (): RouteDecision => ({
    ...{ to: 'billing', by: 'local', confidence: 1, reason: 'scripted' },
    ...{ alternatives: [], asks: [] },
  }),
}

function slowed({ billing, returns, ...systems }: Systems, { least, most }: MoneyOrder): Systems {
  const takesTime = () => sleep(least + Math.random() * (most - least))
  const slow =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      await takesTime()
      const result = await work(...args)
      await takesTime()
      return result
    }
  return {
    ...systems,
    billing: { ...billing, refund: slow(billing.refund) },
    returns: { ...returns, create: slow(returns.create) },
  }
}

/** Calls for everything that the last message asks for, and repeats what a tool said. */
class RefundingModel extends BaseChatModel {
  override _llmType(): string {
    return 'scripted'
  }

  override bindTools(): Runnable<BaseLanguageModelInput, AIMessageChunk> {
    return this.withConfig({})
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    await sleep(5 + Math.random() * 15)
    const message = answerTo(messages)
    return { generations: [{ text: message.text, message }] }
  }
}

function answerTo(messages: BaseMessage[]): AIMessage {
  const said = (content: string) => new AIMessage({ content, response_metadata: { model_name: 'scripted' } })
  const last = messages.at(-1)
  if (last?.getType() === 'tool') return said((JSON.parse(last.text) as { message?: string }).message ?? 'I looked.')
  const calls = callsFor(last?.text ?? '')
  if (calls.length === 0) return said('Is there anything else?')
  const tool_calls = calls.map((call, i) => ({ type: 'tool_call' as const, id: `call-${i}`, ...call }))
  return new AIMessage({ content: '', tool_calls })
}

function callsFor(text: string): { name: string; args: Record<string, unknown> }[] {
  const refunds = [...text.matchAll(/refund (ch_\S+) (\d+)/g)].map(([, charge, minor]) => ({
    name: 'refund_charge',
    args: { charge, amountMinor: Number(minor), reason: 'wrong_amount' },
  }))
  const returns = [...text.matchAll(/return (LF-\S+) (\S+)/g)].map(([, orderNumber, item]) => ({
    name: 'create_return',
    args: { orderNumber, item, reason: 'faulty' },
  }))
  return [...refunds, ...returns]
}

interface Plan {
  key: string
  tool: string
  args: Record<string, unknown>
  principal: Parameters<EffectTool['facts']>[1]['principal']
}

/** The control: what was said yes to is simply run, and run again whenever the turn is run again. */
function withoutLedger(tools: Map<string, EffectTool>, planFile: string): EffectLedger {
  const contextOf = ({ principal }: Pick<Plan, 'principal'>) => {
    const now = new Date()
    return { principal, signal: new AbortController().signal, now, today: now.toISOString().slice(0, 10) }
  }
  const plans = () =>
    existsSync(planFile)
      ? readFileSync(planFile, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line): Plan => JSON.parse(line))
      : []
  return {
    async plan({ tool, args, principal }) {
      const facts = await tool.facts(args, contextOf({ principal }))
      const precluded = facts === null ? { code: 'none', message: 'It is not there.' } : tool.precondition(facts, args)
      if (precluded) return { status: 'refused', ...precluded }
      const key = crypto.randomUUID()
      appendFileSync(planFile, `${JSON.stringify({ key, tool: tool.name, args, principal } satisfies Plan)}\n`)
      const summary = tool.proposal(args, facts)
      return { status: 'planned', effect: { key, argsHash: '', tool: tool.name, summary, amount: null, approvals: 0 } }
    },
    async perform({ key }) {
      const plan = plans().find((one) => one.key === key)
      const tool = tools.get(plan?.tool ?? '')
      if (!plan || !tool) throw new Error('there is no such plan')
      const facts = await tool.facts(plan.args, contextOf(plan))
      const result = await tool.run(plan.args, facts, { ...contextOf(plan), key: crypto.randomUUID() })
      const message = tool.receipt(result, plan.args)
      return { status: 'done', key, tool: tool.name, summary: '', amount: null, message }
    },
    cancel: async () => {},
    settle: async () => {},
  }
}
