import { onTestFinished } from 'vitest'
import type { Principal } from '../../graphs/context.ts'
import { toolsOf } from '../../graphs/specialist.ts'
import { loadSpecialists } from '../../graphs/specialists.ts'
import type { EffectTool, Precluded, ReadTool, Tool, ToolCallContext } from '../../graphs/tool.ts'
import { clock, openMemoryShop } from '../systems/shop.ts'

const specialists = loadSpecialists()

/** What an effect tool says to a plan: why it cannot be, or what it would be. */
type Said = Partial<ReturnType<typeof whatItWouldBe>> & { precluded?: Precluded }

function whatItWouldBe(tool: EffectTool, args: Record<string, unknown>, facts: unknown) {
  return {
    object: tool.object(args, facts),
    businessKey: tool.businessKey(args, facts),
    proposal: tool.proposal(args, facts),
    ...(tool.amount && { amount: tool.amount(args, facts) }),
    ...(tool.remainder && { remainder: tool.remainder(facts) }),
  }
}

/** The demo shop, filled on 18 November 2026, with the tools that the specialists have on it. */
export async function openCounter() {
  const shop = await openMemoryShop()
  onTestFinished(() => shop.close())
  const tools = new Map((await specialists).flatMap((specialist) => [...toolsOf(specialist, shop.systems)]))
  return { ...shop, tools, customer: (customerId: string) => customerAt(tools, shop.today, customerId) }
}

function customerAt(tools: Map<string, Tool>, today: string, customerId: string) {
  const principal: Principal = { customerId, assurance: 'verified', channel: 'web' }
  const { signal } = new AbortController()
  const context: ToolCallContext = { principal, signal, today, now: new Date(clock.now()) }
  const checked = (tool: Tool, args: unknown) => tool.schema.parse(args) as Record<string, unknown>

  /** What the ledger asks an effect tool before it plans: in its order, whatever the facts are. */
  async function plan(name: string, asked: Record<string, unknown> = {}): Promise<Said | null> {
    const tool = effectTool(tools, name)
    const args = checked(tool, asked)
    const facts = await tool.facts(args, context)
    if (facts === null) return null
    const plan = whatItWouldBe(tool, args, facts)
    const precluded = tool.precondition(facts, args)
    return precluded ? { precluded } : plan
  }

  return {
    plan,
    /** What a read tool finds. */
    async look(name: string, args: Record<string, unknown> = {}) {
      const tool = tools.get(name) as ReadTool
      return tool.run(checked(tool, args), context)
    },
    /** Why an effect cannot be, as the customer is told. */
    async refusal(name: string, args: Record<string, unknown> = {}) {
      return (await plan(name, args))?.precluded?.message
    },
    /** Does it, under a key, and says what the customer is told. */
    async perform(name: string, asked: Record<string, unknown> = {}, key = 'key-1') {
      const tool = effectTool(tools, name)
      const args = checked(tool, asked)
      const result = await tool.run(args, await tool.facts(args, context), { ...context, key })
      return tool.receipt(result, args)
    },
    /** What the customer is told of what was done under a key; null where nothing was. */
    async done(name: string, key = 'key-1') {
      const tool = effectTool(tools, name)
      const result = await tool.lookUp(key, context)
      return result === null ? null : tool.receipt(result, {})
    },
  }
}

function effectTool(tools: Map<string, Tool>, name: string): EffectTool {
  const tool = tools.get(name)
  if (!tool || tool.effect === 'read') throw new RangeError(`${name} changes nothing`)
  return tool
}
