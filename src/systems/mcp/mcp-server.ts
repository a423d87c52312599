import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import type { McpConfig } from './mcp-config.ts'

/** A tool as its server describes it. */
export interface OfferedTool {
  name: string
  description: string
  /** JSON schema of its arguments. */
  schema: { properties?: Record<string, unknown>; required?: string[] }
  /** The server's own word that it changes something. */
  changesThings: boolean
}

/** What a call of a tool came back with, as it is on the wire. */
export interface McpResult {
  content: { type: string; text?: string }[]
  structuredContent?: Record<string, unknown>
  isError?: boolean
}

/**
 * One MCP server. It is connected when it is first needed, and anew by the first call after the connection broke: what
 * is in doubt can be looked up once the server is back. A call that failed is never made again from here.
 */
export interface McpServer {
  /** What it offers. */
  tools(): Promise<Map<string, OfferedTool>>
  /** @throws {Error} for whatever is no result, after which nobody knows whether it was done */
  call(tool: string, args: Record<string, unknown>, signal: AbortSignal): Promise<McpResult>
  /** Ends the connection, and the process behind it if it was started here. */
  close(): Promise<void>
}

type Remote = NonNullable<Awaited<ReturnType<MultiServerMCPClient['getClient']>>>

interface Connection {
  client: MultiServerMCPClient
  remote: Remote
  offered: Map<string, OfferedTool>
  /** Calls under way. */
  calls: number
  broken: boolean
}

/** Tools have limits of their own, which are shorter. */
const CALL_MS = 120_000

/** @param name as the configuration calls it */
export function createMcpServer(name: string, address: McpConfig['mcpServers'][string]): McpServer {
  let connected: Promise<Connection> | undefined
  let closed = false

  function connection(): Promise<Connection> {
    if (closed) throw new Error(`the connection to ${name} was ended`)
    if (connected) return connected
    const opening = open(name, address, retire)
    connected = opening
    opening.catch(() => {
      if (connected === opening) connected = undefined
    })
    return opening
  }

  /** The next call connects anew; what is still under way on this one may come back. */
  function retire(old: Connection): void {
    if (old.broken) return
    old.broken = true
    connected = undefined
    if (old.calls === 0) void end(old)
  }

  return {
    async tools() {
      return (await connection()).offered
    },

    async call(tool, args, signal) {
      const used = await connection()
      used.calls += 1
      try {
        const options = { signal, timeout: CALL_MS }
        return (await used.remote.callTool({ name: tool, arguments: args }, undefined, options)) as McpResult
      } catch (error) {
        // Over HTTP nothing tells that a server went away or forgot the session but the call that fails.
        if (!signal.aborted && !isAnswer(error)) retire(used)
        throw error
      } finally {
        used.calls -= 1
        if (used.broken && used.calls === 0) void end(used)
      }
    },

    async close() {
      closed = true
      const last = await connected?.catch(() => undefined)
      if (last) await end(last)
    },
  }
}

async function open(
  name: string,
  address: McpConfig['mcpServers'][string],
  onBroken: (connection: Connection) => void,
): Promise<Connection> {
  const client = new MultiServerMCPClient({ mcpServers: { [name]: address }, throwOnLoadError: true })
  try {
    const tools = (await client.initializeConnections())[name] ?? []
    const remote = await client.getClient(name)
    if (!remote) throw new Error(`${name} cannot be connected`)
    const offered = new Map(
      tools.map(({ name, description, schema, metadata }) => {
        const { readOnlyHint, destructiveHint } = (metadata?.annotations ?? {}) as Record<string, unknown>
        const changesThings = readOnlyHint === false || destructiveHint === true
        return [name, { name, description, schema: schema as OfferedTool['schema'], changesThings }]
      }),
    )
    const connection = { client, remote, offered, calls: 0, broken: false }
    remote.onclose = () => onBroken(connection)
    return connection
  } catch (error) {
    await client.close().catch(() => {})
    throw error
  }
}

async function end({ client }: Connection): Promise<void> {
  await client.close().catch(() => {})
}

/** JSON-RPC 2.0 keeps these codes for errors that a server answers with; -32000 is made here, of a lost connection. */
function isAnswer(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'number' && code >= -32_768 && code < -32_000
}
