import { type Money, Refusal } from '../../../graphs/systems.ts'
import { checkTool, type EffectTool, type Precluded, type Tool, type ToolCallContext } from '../../../graphs/tool.ts'
import { type McpAnswer, thingIn } from './mcp-answer.ts'
import type { McpManifest } from './mcp-config.ts'

type Args = Record<string, unknown>
type Fill = (args: Args) => string
/** That it is there and theirs, and the server's no to the whole thing. */
interface Facts {
  refused: Precluded | null
}

/** Asks a tool of the server, as the customer of the context. */
export type Ask = (args: Args, context: ToolCallContext) => Promise<McpAnswer>

/** What an effect tool is made from besides its manifest. */
export interface EffectParts {
  basics: Pick<Tool, 'name' | 'description' | 'schema' | 'assurance' | 'timeoutMs' | 'logs'>
  /** The arguments that the model gives: those it must give, and all. */
  required: Set<string>
  known: Set<string>
  perform: Ask
  facts: Ask | undefined
  lookUp: Ask | undefined
}

/**
 * Makes the effect of a manifest: the server's tool is called with a key, and only by the ledger.
 * @throws {Error} for words that name what is no argument
 */
export function effectOf(manifest: Exclude<McpManifest, { effect: 'read' }>, parts: EffectParts): Tool {
  const { basics, required, known, perform, facts, lookUp } = parts
  const { keyArgument } = manifest
  // What could be left out would make two different things one.
  const object = filled(manifest.object, required)
  const businessKey = filled(manifest.businessKey, required)
  const proposal = filled(manifest.proposal, known)
  const receipt = filled(manifest.receipt, known)
  const tool: EffectTool<Args, Facts> = {
    ...(basics as EffectTool<Args, Facts>),
    effect: manifest.effect,
    policy: manifest.policy,
    async facts(args, context) {
      if (!facts) return { refused: null }
      const answer = await facts(args, context)
      return thingIn(answer) && { refused: answer.refused }
    },
    precondition: ({ refused }) => refused,
    object,
    businessKey,
    proposal,
    receipt: (_result, args) => receipt(args),
    async run(args, _facts, { key, ...context }) {
      const { data, refused } = await perform({ ...args, [keyArgument]: key }, context)
      if (refused) throw new Refusal(refused.code, refused.message)
      return data
    },
    async lookUp(key, context) {
      if (!lookUp) throw new Error(`${basics.name} cannot be looked up: its manifest names no lookUpTool`)
      const answer = await lookUp({ [keyArgument]: key }, context)
      if (answer.refused) throw new Error(`the server refuses to look it up: ${answer.refused.code}`)
      return thingIn(answer)
    },
  }
  if (manifest.effect !== 'money') return checkTool(tool)
  const { minorArgument, currency } = manifest.amount
  if (!required.has(minorArgument)) throw new Error(`amount: the tool needs no argument ${minorArgument}`)
  return checkTool({ ...tool, amount: (args: Args): Money => ({ minor: Number(args[minorArgument]), currency }) })
}

const PLACEHOLDER = /\{(\w+)\}/g

function filled(template: string, names: Set<string>): Fill {
  for (const [, name = ''] of template.matchAll(PLACEHOLDER))
    if (!names.has(name)) throw new Error(`“${template}” names {${name}}, which is no argument that it always has`)
  return (args) => template.replace(PLACEHOLDER, (_, name: string) => String(args[name] ?? ''))
}
