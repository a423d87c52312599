import { z } from 'zod'
import type { OfflineTool } from './offline-tool-choice.ts'

/** Longer than anything that an argument of words has to hold. */
const LONGEST = 500

/** What looks the same whatever tool asks for it, by the argument's name. */
const shared: Record<string, (text: string) => unknown> = {
  orderNumber: (text) => /\b(?!RMA)[A-Z]{2,3}-\d{4,8}\b(?!-\d)/i.exec(text)?.[0].toUpperCase(),
  sku: (text) => /\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b/.exec(text)?.[0],
  chargeId: (text) => /\bch_\w+/.exec(text)?.[0],
  email: (text) => /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(text)?.[0],
  amountMinor: minorUnits,
}
/** An amount belongs to the message in which it is said, never to a later one. */
const momentary = new Set(['amountMinor'])

/**
 * The arguments of a call, as far as the customer's words hold them: by the tool's own patterns, then by those that
 * all share. What the schema refuses is left out.
 * @param now the request itself
 * @param texts all that may say more of it, in the order in which it counts
 */
export function argumentsFrom(tool: OfflineTool, now: string, texts: string[]): Record<string, unknown> {
  const args: Record<string, unknown> = {}
  for (const name of argumentNames(tool.schema)) {
    for (const text of momentary.has(name) ? [now] : texts) {
      const value = accepted(tool.schema, name, valueIn(text, name, tool))
      if (value === undefined) continue
      args[name] = value
      break
    }
  }
  return args
}

function valueIn(text: string, name: string, tool: OfflineTool): unknown {
  const slot = tool.hints?.slots?.[name]
  if (slot instanceof RegExp) {
    // A pattern that remembers where it stopped would find something else the next time.
    const [whole, ...groups] = new RegExp(slot.source, slot.flags.replace(/[gy]/g, '')).exec(text) ?? []
    return (groups.find((group) => group !== undefined) ?? whole)?.slice(0, LONGEST).trim()
  }
  if (slot) return Object.entries(slot).find(([, pattern]) => text.search(pattern) >= 0)?.[0]
  return shared[name]?.(text)
}

function argumentNames(schema: unknown): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  const { properties } = (schema ?? {}) as { properties?: unknown }
  return properties && typeof properties === 'object' ? Object.keys(properties) : []
}

/** The value as the schema takes it; words that say a number become one. */
function accepted(schema: unknown, name: string, value: unknown): unknown {
  if (value === undefined || value === '') return undefined
  const field: unknown = schema instanceof z.ZodObject ? schema.shape[name] : undefined
  if (!(field instanceof z.ZodType)) return value
  return [value, Number(value)].find((each) => field.safeParse(each).success)
}

const amount =
  /(?:EUR|USD|GBP|[€$£])\s?(\d{1,6}(?:[.,]\d{2})?)\b|\b(\d{1,6}(?:[.,]\d{2})?)\s?(?:EUR|USD|GBP|euros?|dollars?|pounds?|[€$£])|\b(\d{1,6}[.,]\d{2})\b(?![.,]?\d)/i

function minorUnits(text: string): number | undefined {
  const found = amount.exec(text)
  const number = found?.[1] ?? found?.[2] ?? found?.[3]
  return number === undefined ? undefined : Math.round(Number(number.replace(',', '.')) * 100)
}
