import { z } from 'zod'
import { defineReadTool, type Tool } from '../../graphs/tool.ts'
import { evaluate } from './arithmetic.ts'
import { rounded } from './dollars.ts'

/** Does sums, which models are bad at. */
export function calculate(): Tool {
  return defineReadTool({
    name: 'calculate_sum',
    description: 'The value of a sum such as 2 * (3.5 - 1), to two decimals.',
    schema: z.strictObject({ expression: z.string().max(500) }),
    assurance: 'anonymous',
    timeoutMs: 1_000,
    logs: ['expression'],
    async run({ expression }) {
      const value = evaluate(expression)
      if (value === null) return { say: 'I cannot work that out.', data: null }
      return { say: `That is ${rounded(value)}.`, data: decimal(rounded(value)) }
    },
  })
}

/** Says that a person goes on. What the summary is for is the desk's own business. */
export function transferToHumanAgents(): Tool {
  return defineReadTool({
    name: 'transfer_to_human_agents',
    description: 'Hands over to a person, if the customer asks for one or no tool can do what they need.',
    schema: z.strictObject({ summary: z.string() }),
    assurance: 'anonymous',
    timeoutMs: 5_000,
    logs: [],
    run: async () => ({ say: 'I am handing you over to a colleague.', data: 'Transfer successful' }),
  })
}

/** `5.0` rather than `5`, as the original writes it. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}
