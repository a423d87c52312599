import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { AppError } from '../../errors.ts'

const connection = z.union([
  z.strictObject({
    type: z.literal('stdio').optional(),
    command: z.string().min(1),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).optional(),
    cwd: z.string().optional(),
  }),
  z.strictObject({
    type: z.enum(['http', 'sse']).optional(),
    url: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string(), z.string()).optional(),
  }),
])

const template = z.string().min(1).describe('Text in which {name} stands for an argument.')
const basics = {
  server: z.string().min(1).describe('Which of the servers has it.'),
  tool: z.string().min(1).optional().describe('Its name there, where that is another than here.'),
  specialists: z.array(z.string().min(1)).min(1).describe('Who may call it.'),
  description: z.string().min(20).optional().describe('What the model reads; the server’s own without it.'),
  assurance: z.enum(['anonymous', 'claimed', 'verified']),
  customerArgument: z
    .string()
    .optional()
    .describe('The argument that holds the customer’s id: filled in here, hidden from the model.'),
  timeoutMs: z.number().int().min(1).max(60_000),
  logs: z.array(z.string()).describe('The arguments that the event log may hold.'),
}
const effect = {
  ...basics,
  keyArgument: z.string().min(1).describe('The argument by which the server does a thing at most once.'),
  object: template.describe('The business object, such as order:{orderId}.'),
  businessKey: template.describe('What can be only once, such as cancel:{orderId}.'),
  policy: z.string().min(1),
  proposal: template.describe('The exact action, after “I can”.'),
  receipt: template.describe('What the customer is told when it is done.'),
  factsTool: z
    .string()
    .optional()
    .describe('A read tool of the same server that finds what it is about; null: not theirs.'),
  lookUpTool: z
    .string()
    .optional()
    .describe('A tool of the same server that finds what was done under a key; null: nothing.'),
}
const manifest = z
  .discriminatedUnion('effect', [
    z.strictObject({ effect: z.literal('read'), ...basics }),
    z.strictObject({ effect: z.literal('write'), ...effect }),
    z.strictObject({
      effect: z.literal('money'),
      ...effect,
      amount: z.strictObject({ minorArgument: z.string().min(1), currency: z.string().length(3) }),
    }),
  ])
  .refine(({ assurance, customerArgument }) => assurance === 'anonymous' || customerArgument !== undefined, {
    error: 'customerArgument: needed, or the server would not know whose things it may show',
  })
  .refine(({ effect, customerArgument }) => effect === 'read' || customerArgument !== undefined, {
    error: 'customerArgument: needed by a tool that changes something',
  })

/** What a tool of an MCP server declares before a specialist gets it: as the manifest of any other tool. */
export type McpManifest = z.output<typeof manifest>

const file = z.strictObject({
  mcpServers: z.record(z.string().regex(/^[\w-]+$/), connection),
  tools: z.record(z.string(), manifest),
})

/** MCP servers in the usual form, and the manifest of each tool that specialists get from them. */
export type McpConfig = z.output<typeof file>

/** Reads the configuration. @throws {AppError} naming every problem of the file */
export async function readMcpConfig(path: string): Promise<McpConfig> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new AppError('mcp.config', 500, `MCP_CONFIG ${path}: ${error.message}`)
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new AppError('mcp.config', 500, `MCP_CONFIG ${path} is no JSON: ${(error as Error).message}`)
  }
  const parsed = file.safeParse(json)
  const problems = parsed.success
    ? Object.entries(parsed.data.tools)
        .filter(([, { server }]) => !(server in parsed.data.mcpServers))
        .map(([name, { server }]) => `tools.${name}.server: there is no server ${server}`)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  if (!parsed.success || problems.length > 0)
    throw new AppError('mcp.config', 500, `MCP_CONFIG ${path} does not work:\n  ${problems.join('\n  ')}`)
  return parsed.data
}
