import type { DynamicStructuredTool } from '@langchain/core/tools'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { z } from 'zod'
import { type Money, Refusal } from '../../../graphs/systems.ts'
import { checkTool, defineReadTool, type EffectTool, type Tool, type ToolCallContext } from '../../../graphs/tool.ts'
import { AppError } from '../../errors.ts'
import type { McpConfig, McpManifest } from './mcp-config.ts'

/** Tools of MCP servers, ready for specialists, with the connections behind them. */
export interface McpTools {
  /** The tools that a specialist gets. */
  toolsFor(specialist: string): Tool[]
  /** Ends connections and the servers that were started for them. */
  close(): Promise<void>
}

type Args = Record<string, unknown>

/**
 * Connects to the servers and makes a tool of each manifest. What a server offers and no manifest names is offered to
 * nobody.
 * @throws {AppError} naming every manifest that does not fit what its server offers
 */
export async function openMcpTools(
  { mcpServers, tools: manifests }: McpConfig,
  specialists: { name: string }[],
): Promise<McpTools> {
  const client = new MultiServerMCPClient({ mcpServers, throwOnLoadError: true, prefixToolNameWithServerName: false })
  try {
    const offered = await client.initializeConnections()
    const problems: string[] = []
    const made = Object.entries(manifests).flatMap(([name, manifest]) => {
      for (const unknown of manifest.specialists.filter((one) => !specialists.some(({ name }) => name === one)))
        problems.push(`${name}: there is no specialist ${unknown}`)
      const ofServer = new Map((offered[manifest.server] ?? []).map((tool) => [tool.name, tool]))
      try {
        return [{ specialists: manifest.specialists, tool: toolOf(name, manifest, ofServer) }]
      } catch (error) {
        problems.push(`${name}: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`)
        return []
      }
    })
    if (problems.length > 0)
      throw new AppError('mcp.tools', 500, `Tools of MCP servers do not load:\n  ${problems.join('\n  ')}`)
    return {
      toolsFor: (name) => made.filter(({ specialists }) => specialists.includes(name)).map(({ tool }) => tool),
      close: () => client.close(),
    }
  } catch (error) {
    await client.close().catch(() => {})
    if (error instanceof AppError) throw error
    throw new AppError('mcp.unreachable', 500, `An MCP server cannot be used: ${(error as Error).message}`)
  }
}

function toolOf(name: string, manifest: McpManifest, offered: Map<string, DynamicStructuredTool>): Tool {
  const remote = offered.get(name)
  if (!remote) throw new Error(`the server ${manifest.server} does not offer it`)
  const schema = schemaOf(remote, manifest)
  const { assurance, timeoutMs, logs } = manifest
  const basics = { name, description: manifest.description ?? remote.description, schema, assurance, timeoutMs, logs }
  if (manifest.effect === 'read')
    return defineReadTool<Args>({
      ...basics,
      async run(args, context) {
        const { text, data } = await ask(remote, withCustomer(args, manifest, context), context.signal)
        return { say: text, data }
      },
    })
  return effectToolOf(remote, manifest, basics, offered)
}

function effectToolOf(
  remote: DynamicStructuredTool,
  manifest: Extract<McpManifest, { keyArgument: string }>,
  basics: Pick<Tool, 'name' | 'description' | 'schema' | 'assurance' | 'timeoutMs' | 'logs'>,
  offered: Map<string, DynamicStructuredTool>,
): Tool {
  const { effect, policy, keyArgument, object, businessKey, proposal, receipt } = manifest
  const argumentNames = namesOf(basics.schema)
  const fill = (template: string) => filler(template, argumentNames)
  const [objectOf, onceOf, proposalOf, receiptOf] = [object, businessKey, proposal, receipt].map(fill)
  const facts = helper(manifest.factsTool, offered)
  const lookUp = helper(manifest.lookUpTool, offered)
  const tool = {
    ...basics,
    effect,
    policy,
    async facts(args: Args, context: ToolCallContext) {
      if (!facts) return {}
      const { data } = await ask(facts, withCustomer(only(args, facts), manifest, context), context.signal)
      return data
    },
    precondition: () => null,
    object: (args: Args) => objectOf?.(args) ?? '',
    businessKey: (args: Args) => onceOf?.(args) ?? '',
    proposal: (args: Args) => proposalOf?.(args) ?? '',
    receipt: (_result: unknown, args: Args) => receiptOf?.(args) ?? '',
    async run(args: Args, _facts: unknown, { key, ...context }: ToolCallContext & { key: string }) {
      const { data, text } = await ask(
        remote,
        { ...withCustomer(args, manifest, context), [keyArgument]: key },
        context.signal,
      )
      return data ?? text
    },
    async lookUp(key: string, context: ToolCallContext) {
      if (!lookUp) throw new Error(`${basics.name} cannot be looked up: its manifest names no lookUpTool`)
      return (await ask(lookUp, withCustomer({ [keyArgument]: key }, manifest, context), context.signal)).data
    },
  }
  if (manifest.effect !== 'money') return checkTool(tool)
  const { minorArgument, currency } = manifest.amount
  if (!argumentNames.has(minorArgument)) throw new Error(`amount: the tool has no argument ${minorArgument}`)
  const amount: EffectTool<Args>['amount'] = (args): Money => ({ minor: Number(args[minorArgument]), currency })
  return checkTool({ ...tool, amount })
}

/** Without the arguments that this side fills in: the model must not know that they are there. */
function schemaOf(remote: DynamicStructuredTool, manifest: McpManifest): z.ZodType<Args> {
  const hidden = [manifest.customerArgument, 'keyArgument' in manifest ? manifest.keyArgument : undefined]
  const json = remote.schema as { properties?: Record<string, unknown>; required?: string[] }
  const properties = { ...json.properties }
  for (const name of hidden) {
    if (name === undefined) continue
    if (!(name in properties)) throw new Error(`the tool has no argument ${name}`)
    delete properties[name]
  }
  const required = (json.required ?? []).filter((name) => !hidden.includes(name))
  return z.fromJSONSchema({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
  } as never) as z.ZodType<Args>
}

function namesOf(schema: z.ZodType): Set<string> {
  return new Set(schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])
}

const PLACEHOLDER = /\{(\w+)\}/g

function filler(template: string, names: Set<string>): (args: Args) => string {
  for (const [, name = ''] of template.matchAll(PLACEHOLDER))
    if (!names.has(name)) throw new Error(`“${template}” names {${name}}, which is no argument of the tool`)
  return (args) => template.replace(PLACEHOLDER, (_, name: string) => String(args[name] ?? ''))
}

function helper(
  name: string | undefined,
  offered: Map<string, DynamicStructuredTool>,
): DynamicStructuredTool | undefined {
  if (name === undefined) return undefined
  const found = offered.get(name)
  if (!found) throw new Error(`the server does not offer ${name}`)
  return found
}

function only(args: Args, { schema }: DynamicStructuredTool): Args {
  const { properties = {} } = schema as { properties?: object }
  return Object.fromEntries(Object.entries(args).filter(([name]) => name in properties))
}

function withCustomer(args: Args, { customerArgument }: McpManifest, { principal }: ToolCallContext): Args {
  return customerArgument === undefined ? args : { ...args, [customerArgument]: principal.customerId }
}

const refusal = z.object({ refused: z.object({ code: z.string(), message: z.string() }) })

/** @throws {Refusal} for a result that says `{"refused": {code, message}}`; anything else that fails leaves it open */
async function ask(
  remote: DynamicStructuredTool,
  args: Args,
  signal: AbortSignal,
): Promise<{ text: string; data: unknown }> {
  const content: unknown = await remote.invoke(args, { signal })
  const text = typeof content === 'string' ? content : textOf(content)
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return { text, data: text }
  }
  const no = refusal.safeParse(data)
  if (no.success) throw new Refusal(no.data.refused.code, no.data.refused.message)
  return { text, data }
}

function textOf(content: unknown): string {
  const blocks = Array.isArray(content) ? content : []
  return blocks.map((block) => (typeof block?.text === 'string' ? block.text : '')).join('\n')
}
