import { z } from 'zod'
import { defineReadTool, type Tool } from '../../../graphs/tool.ts'
import { AppError } from '../../errors.ts'
import { readAnswer } from './mcp-answer.ts'
import type { McpConfig, McpManifest } from './mcp-config.ts'
import { type Ask, effectOf } from './mcp-effect.ts'
import { createMcpServer, type McpServer, type OfferedTool } from './mcp-server.ts'

/** Tools of MCP servers, ready for specialists, with the connections behind them. */
export interface McpTools {
  /** The tools that a specialist gets. */
  toolsFor(specialist: string): Tool[]
  /** Ends connections and the servers that were started for them. */
  close(): Promise<void>
}

type Args = Record<string, unknown>

/** A server with what it offers. */
interface Offer {
  server: McpServer
  tools: Map<string, OfferedTool>
}

/**
 * Connects to the servers and makes a tool of each manifest. What a server offers and no manifest names is offered to
 * nobody.
 * @throws {AppError} naming every server that cannot be used and every manifest that does not fit what its server offers
 */
export async function openMcpTools(
  { mcpServers, tools: manifests }: McpConfig,
  specialists: { name: string }[],
): Promise<McpTools> {
  const servers = new Map(Object.entries(mcpServers).map(([name, address]) => [name, createMcpServer(name, address)]))
  const close = async () => void (await Promise.all([...servers.values()].map((server) => server.close())))
  const problems: string[] = []
  const offers = new Map<string, Offer>()
  await Promise.all(
    [...servers].map(async ([name, server]) => {
      try {
        offers.set(name, { server, tools: await server.tools() })
      } catch (error) {
        problems.push(`the server ${name} cannot be used: ${(error as Error).message}`)
      }
    }),
  )
  const made = Object.entries(manifests).flatMap(([name, manifest]) => {
    for (const unknown of manifest.specialists.filter((one) => !specialists.some(({ name }) => name === one)))
      problems.push(`${name}: there is no specialist ${unknown}`)
    const offer = offers.get(manifest.server)
    if (!offer) return []
    try {
      return [{ specialists: manifest.specialists, tool: toolOf(name, manifest, offer) }]
    } catch (error) {
      problems.push(`${name}: ${error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message}`)
      return []
    }
  })
  if (problems.length > 0) {
    await close()
    throw new AppError('mcp.tools', 500, `Tools of MCP servers do not load:\n  ${problems.join('\n  ')}`)
  }
  return {
    toolsFor: (name) => made.filter(({ specialists }) => specialists.includes(name)).map(({ tool }) => tool),
    close,
  }
}

function toolOf(name: string, manifest: McpManifest, offer: Offer): Tool {
  const remote = offered(offer, manifest.tool ?? name)
  const hidden = [manifest.customerArgument, manifest.effect === 'read' ? undefined : manifest.keyArgument]
  const { schema, known, required } = argumentsOf(remote, new Set(hidden.filter((name) => name !== undefined)))
  const { assurance, timeoutMs, logs } = manifest
  const basics = { name, description: manifest.description ?? remote.description, schema, assurance, timeoutMs, logs }
  const perform = asking(remote, manifest, offer)
  if (manifest.effect !== 'read') {
    const { factsTool, lookUpTool, keyArgument } = manifest
    const facts = factsTool === undefined ? undefined : lookOf(factsTool, manifest, offer, known, [])
    const byKey = new Set([keyArgument])
    const lookUp = lookUpTool === undefined ? undefined : lookOf(lookUpTool, manifest, offer, byKey, [keyArgument])
    return effectOf(manifest, { basics, required, known, perform, facts, lookUp })
  }
  if (remote.changesThings) throw new Error('effect: the server says that it changes something, so it is no read')
  return defineReadTool<Args>({
    ...basics,
    async run(args, context) {
      const { text, data, refused } = await perform(args, context)
      return { say: refused?.message ?? text, data }
    },
  })
}

/** A tool of the server, asked as the customer of the call. */
function asking(remote: OfferedTool, { customerArgument }: McpManifest, { server }: Offer): Ask {
  const takes = customerArgument !== undefined && customerArgument in (remote.schema.properties ?? {})
  return async (args, { principal, signal }) => {
    const own = takes ? { ...args, [customerArgument]: principal.customerId } : args
    return readAnswer(await server.call(remote.name, own, signal))
  }
}

/**
 * A tool that tells about an effect of the customer's.
 * @param given what there is to ask it with
 * @param needed what it must take, besides whose it is
 */
function lookOf(name: string, manifest: McpManifest, offer: Offer, given: Set<string>, needed: string[]): Ask {
  const remote = offered(offer, name)
  if (remote.changesThings) throw new Error(`${name}: the server says that it changes something`)
  const names = new Set(Object.keys(remote.schema.properties ?? {}))
  const { customerArgument } = manifest
  if (customerArgument !== undefined && !names.has(customerArgument))
    throw new Error(`${name} has no argument ${customerArgument}: it would show what is not theirs`)
  for (const one of needed) if (!names.has(one)) throw new Error(`${name} has no argument ${one}`)
  const missing = (remote.schema.required ?? []).filter((one) => one !== customerArgument && !given.has(one))
  if (missing.length > 0) throw new Error(`${name} needs ${missing.join(', ')}, which nobody gives it`)
  const ask = asking(remote, manifest, offer)
  return (args, context) => ask(Object.fromEntries(Object.entries(args).filter(([name]) => names.has(name))), context)
}

function offered({ tools }: Offer, name: string): OfferedTool {
  const tool = tools.get(name)
  if (!tool) throw new Error(`the server does not offer ${name}`)
  return tool
}

/** Without the arguments that this side fills in: the model must not know that they are there. */
function argumentsOf({ schema }: OfferedTool, hidden: Set<string>) {
  for (const name of hidden)
    if (!(name in (schema.properties ?? {}))) throw new Error(`the tool has no argument ${name}`)
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !hidden.has(name)))
  const required = (schema.required ?? []).filter((name) => !hidden.has(name))
  const json = { type: 'object', properties, required, additionalProperties: false }
  return {
    schema: z.fromJSONSchema(json as Parameters<typeof z.fromJSONSchema>[0]) as z.ZodType<Args>,
    known: new Set(Object.keys(properties)),
    required: new Set(required),
  }
}
