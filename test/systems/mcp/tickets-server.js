// An MCP server as another team would run it: tickets for seats, kept in a file that outlives the process.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

const [file] = process.argv.slice(2)
const read = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { upgrades: {}, calls: 0 })
const SEATS = { 'S-1': 'cus_1001', 'S-2': 'cus_1002' }
const text = (value) => ({
  content: [{ type: 'text', text: typeof value === 'string' ? value : JSON.stringify(value) }],
})

const create = () => {
  const server = new McpServer({ name: 'tickets', version: '1.0.0' })
  const customer = z.string()
  server.registerTool(
    'find_seat',
    {
      description: 'Finds a seat of the customer by its number.',
      inputSchema: z.object({ seat: z.string(), customer }),
    },
    async ({ seat, customer }) => text(SEATS[seat] === customer ? { seat, row: 7 } : null),
  )
  server.registerTool(
    'upgrade_seat',
    {
      description: 'Moves a seat to the first row for some money.',
      inputSchema: z.object({ seat: z.string(), minor: z.number().int(), customer, key: z.string() }),
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
    'wait_long',
    { description: 'Answers only after a long while.', inputSchema: z.object({}) },
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 5_000))
      return text('late')
    },
  )
  return server
}
serveStdio(create)
