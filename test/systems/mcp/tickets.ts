import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const SEATS: Record<string, string> = { 'S-1': 'cus_1001', 'S-2': 'cus_1002' }
const text = (value: unknown) => ({
  content: [{ type: 'text' as const, text: typeof value === 'string' ? value : JSON.stringify(value) }],
})
const customer = z.string()

/** What another team's MCP server offers: tickets for seats, kept in a file that outlives the process. */
export function tickets(file: string): McpServer {
  const read = (): { upgrades: Record<string, unknown>; calls: number } =>
    existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { upgrades: {}, calls: 0 }
  const server = new McpServer({ name: 'tickets', version: '1.0.0' })
  server.registerTool(
    'find_seat',
    {
      description: 'Finds a seat of the customer by its number.',
      inputSchema: z.object({ seat: z.string(), customer }),
    },
    async ({ seat, customer }) => text(SEATS[seat] === customer ? { seat, row: 7 } : null),
  )
  server.registerTool(
    'seat_status',
    {
      description: 'Tells how a seat of the customer is at the moment.',
      inputSchema: z.object({ seat: z.string(), customer }),
      outputSchema: z.object({ result: z.object({ row: z.number() }).nullable() }),
    },
    async ({ seat, customer }) => {
      const structuredContent = { result: SEATS[seat] === customer ? { row: 7 } : null }
      return { structuredContent, ...text(structuredContent) }
    },
  )
  server.registerTool(
    'ask_for_seat',
    {
      description: 'Answers in words where a seat of the customer is.',
      inputSchema: z.object({ seat: z.string(), customer }),
    },
    async ({ seat, customer }) => text(SEATS[seat] === customer ? `${seat} is in row 7.` : `There is no ${seat}.`),
  )
  server.registerTool(
    'describe_seat',
    { description: 'Says in words where a seat is, for everybody.', inputSchema: z.object({ seat: z.string() }) },
    async ({ seat }) => text(`The seat ${seat} is by the window.`),
  )
  server.registerTool(
    'upgrade_seat',
    {
      description: 'Moves a seat to the first row for some money.',
      inputSchema: z.object({
        ...{ seat: z.string(), minor: z.number().int(), note: z.string().optional() },
        ...{ customer, key: z.string() },
      }),
      annotations: { readOnlyHint: false, idempotentHint: true },
    },
    async ({ seat, minor, key }) => {
      const state = read()
      state.calls += 1
      if (seat === 'S-2') return text({ refused: { code: 'seats.sold_out', message: 'The first row is full.' } })
      state.upgrades[key] ??= { seat, minor, row: 1 }
      writeFileSync(file, JSON.stringify(state))
      if (existsSync(`${file}.die`)) process.exit(1)
      return text(state.upgrades[key])
    },
  )
  server.registerTool(
    'find_upgrade',
    {
      description: 'Finds an upgrade by the key that it was asked for under.',
      inputSchema: z.object({ key: z.string(), customer }),
    },
    async ({ key }) => text(read().upgrades[key] ?? null),
  )
  server.registerTool(
    'waitLong',
    { description: 'Answers only after a long while.', inputSchema: z.object({}) },
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      return text('late')
    },
  )
  return server
}
