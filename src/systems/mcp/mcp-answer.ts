import { z } from 'zod'
import type { Precluded } from '../../../graphs/tool.ts'
import type { McpResult } from './mcp-server.ts'

/** What a tool of an MCP server answered. */
export interface McpAnswer {
  /** As the server wrote it. */
  text: string
  /** The structured result or the JSON in the text; null for nothing, the text itself where it is words. */
  data: unknown
  /** The server's definite no: nothing was changed, and asking again will not help. */
  refused: Precluded | null
}

const refusal = z.object({ refused: z.object({ code: z.string(), message: z.string() }) })

/** @throws {Error} for a result that the server calls an error: it says nothing of whether something was done */
export function readAnswer({ content, structuredContent, isError }: McpResult): McpAnswer {
  const written = content
    .flatMap(({ text }) => text ?? [])
    .join('\n')
    .trim()
  // Its words may hold what is the customer's; this ends in logs.
  if (isError) throw new Error(`the server answered with an error of ${written.length} characters`)
  const data = structuredContent ? unwrapped(structuredContent) : parsed(written)
  const no = refusal.safeParse(data)
  const text = written === '' && structuredContent ? JSON.stringify(data) : written
  return { text, data, refused: no.success ? no.data.refused : null }
}

/**
 * The one thing that was asked for by its id; null when the server has no such thing for this customer.
 * @throws {Error} for words: whether they say “there is none” cannot be told
 */
export function thingIn({ data }: McpAnswer): object | null {
  if (data === null || (Array.isArray(data) && data.length === 0)) return null
  if (typeof data !== 'object') throw new Error('expected JSON: the thing, or null where there is none')
  return data
}

/** Servers that may only answer with objects put what is none under `result`. */
function unwrapped(structured: Record<string, unknown>): unknown {
  const names = Object.keys(structured)
  return names.length === 1 && names[0] === 'result' ? structured.result : structured
}

function parsed(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
