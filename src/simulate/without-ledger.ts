import type { EffectRequest } from '../../graphs/effects.ts'
import type { EffectTool } from '../../graphs/tool.ts'
import type { EffectLedger } from '../effects/effects.ts'

/**
 * What tools do by themselves: run at the yes, with no row, no policy and no second look. For measuring what the ledger
 * costs, and for showing what it is there for.
 */
export function withoutLedger(tools: Map<string, EffectTool>, clock = () => new Date()): EffectLedger {
  const planned = new Map<string, EffectRequest>()
  const contextOf = ({ principal, signal }: EffectRequest) => {
    const now = clock()
    return { principal, signal, now, today: now.toISOString().slice(0, 10) }
  }
  return {
    async plan(request) {
      const { tool, args } = request
      const facts = await tool.facts(args, contextOf(request))
      if (facts === null) return { status: 'refused', code: 'effect.not_found', message: 'It is not there.' }
      const precluded = tool.precondition(facts, args)
      if (precluded) return { status: 'refused', ...precluded }
      const effect = {
        key: crypto.randomUUID(),
        argsHash: '',
        tool: tool.name,
        summary: tool.proposal(args, facts),
        amount: tool.amount?.(args, facts) ?? null,
        approvals: 0,
      }
      planned.set(effect.key, request)
      return { status: 'planned', effect }
    },
    async perform({ key }) {
      const request = planned.get(key)
      const tool = tools.get(request?.tool.name ?? '')
      if (!request || !tool) throw new Error('nothing was planned')
      const facts = await tool.facts(request.args, contextOf(request))
      const result = await tool.run(request.args, facts, { ...contextOf(request), key })
      const message = tool.receipt(result, request.args)
      return { status: 'done', key, tool: tool.name, summary: '', amount: null, message }
    },
    cancel: async () => {},
    settle: async () => {},
  }
}
