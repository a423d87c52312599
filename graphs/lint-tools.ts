import { z } from 'zod'
import { stemsOf } from '../knowledge/words.ts'
import { type Specialist, toolsOf } from './specialist.ts'
import type { Systems } from './systems.ts'
import type { Tool } from './tool.ts'

/** What is wrong with a tool beside the others, though its own manifest is whole. */
export interface ToolProblem {
  tool: string
  /** Says what to change. */
  problem: string
}

/** Descriptions that share more of their words (Dice 1945) do not tell a model which tool to call. */
const ALIKE = 0.6

/**
 * Looks at the tools of all specialists together: two of one specialist with overlapping descriptions, one name for
 * different tools, an effect whose policy nobody wrote and which could therefore never be done.
 * @param policies the names of all policies
 * @throws {Error} for a manifest that is not whole
 */
export function lintTools(specialists: Specialist[], systems: Systems, policies: ReadonlySet<string>): ToolProblem[] {
  const problems: ToolProblem[] = []
  const known = new Map<string, { tool: Tool; specialist: string }>()
  for (const specialist of specialists) {
    const tools = [...toolsOf(specialist, systems).values()]
    problems.push(...overlaps(specialist.name, tools))
    for (const tool of tools) {
      const before = known.get(tool.name)
      if (!before) known.set(tool.name, { tool, specialist: specialist.name })
      else if (definitionOf(before.tool) !== definitionOf(tool))
        problems.push({
          tool: tool.name,
          problem: `${before.specialist} and ${specialist.name} mean different tools by this name: rename one`,
        })
      if (!before && tool.effect !== 'read' && !policies.has(tool.policy))
        problems.push({ tool: tool.name, problem: `there is no policy ${tool.policy}: nothing would be allowed` })
    }
  }
  return problems
}

function overlaps(specialist: string, tools: Tool[]): ToolProblem[] {
  return tools.flatMap((tool, index) =>
    tools
      .slice(index + 1)
      .filter((other) => likeness(tool.description, other.description) >= ALIKE)
      .map((other) => ({
        tool: tool.name,
        problem: `its description says nearly what that of ${other.name} says: a model of ${specialist} cannot tell them apart`,
      })),
  )
}

function likeness(one: string, other: string): number {
  const [left, right] = [new Set(stemsOf(one)), new Set(stemsOf(other))]
  const shared = [...left].filter((stem) => right.has(stem)).length
  return (2 * shared) / Math.max(1, left.size + right.size)
}

/** What a tool declares: a factory makes a new object for each specialist, and the same tool. */
function definitionOf(tool: Tool): string {
  const { description, effect, assurance, timeoutMs, logs } = tool
  const policy = tool.effect === 'read' ? undefined : tool.policy
  const schema = z.toJSONSchema(tool.schema, { io: 'input', unrepresentable: 'any' })
  return JSON.stringify([description, effect, assurance, timeoutMs, logs, policy, schema])
}
