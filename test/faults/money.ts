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

/** The real shop, tools and ledger; only the model is scripted, and payments take their time. */
export function moneyOverrides(order: MoneyOrder): Overrides {
  const specialist = defineSpecialist({
    name: 'billing',
    description: 'Everything that a money campaign asks about.',
    examples: ['please refund my charge', 'a payment is missing'],
    knowledge: ['billing'],
    systemPrompt: 'You refund charges with the tool that you have.',
    tools: (systems) => [refundCharge(slowed(systems, order))],
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

function slowed(systems: Systems, { least, most }: MoneyOrder): Systems {
  const takesTime = () => sleep(least + Math.random() * (most - least))
  const { billing } = systems
  const slow = {
    ...billing,
    async refund(...args: Parameters<typeof billing.refund>) {
      await takesTime()
      const refund = await billing.refund(...args)
      await takesTime()
      return refund
    },
  }
  return { ...systems, billing: slow }
}

const REFUND = /please refund (\S+) (\d+)/

/** Calls for the refund that the last message asks for, and repeats what a tool said. */
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
  const last = messages.at(-1)
  if (last?.getType() === 'tool') {
    const { message } = JSON.parse(last.text) as { message?: string }
    return new AIMessage({ content: message ?? 'I have looked at it.', response_metadata: { model_name: 'scripted' } })
  }
  const [, charge, minor] = REFUND.exec(last?.text ?? '') ?? []
  if (!charge)
    return new AIMessage({ content: 'Is there anything else?', response_metadata: { model_name: 'scripted' } })
  const args = { charge, amountMinor: Number(minor), reason: 'wrong_amount' }
  return new AIMessage({ content: '', tool_calls: [{ type: 'tool_call', id: charge, name: 'refund_charge', args }] })
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
