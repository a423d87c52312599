import { expect, onTestFinished, test } from 'vitest'
import type { ToolCallContext } from '../../../graphs/tool.ts'
import { readMcpConfig } from '../../../src/systems/mcp/mcp-config.ts'
import { openMcpTools } from '../../../src/systems/mcp/mcp-tools.ts'
import { mcpFiles, OPEN, TOOLS } from './manifests.ts'
import { serveTickets, TOKEN } from './tickets-over-http.ts'

const limit = { timeout: 60_000 }

async function open(...files: Parameters<typeof mcpFiles>) {
  const { path } = mcpFiles(...files)
  const mcp = await openMcpTools(await readMcpConfig(path), [{ name: 'billing' }, { name: 'returns' }])
  onTestFinished(mcp.close)
  const tools = new Map(mcp.toolsFor('billing').map((tool) => [tool.name, tool]))
  return {
    ...{ mcp, tools },
    async look(name: string, args: Record<string, unknown>, customerId = 'cus_1001') {
      const tool = tools.get(name)
      if (tool?.effect !== 'read') throw new Error(`${name} is no read tool`)
      return tool.run(args, contextOf(customerId))
    },
  }
}

function contextOf(customerId: string): ToolCallContext {
  const now = new Date()
  const principal = { customerId, assurance: 'verified', channel: 'web' } as const
  return { principal, signal: AbortSignal.timeout(10_000), today: now.toISOString().slice(0, 10), now }
}

test('a specialist gets the tools that name it, and no other tool of the server', limit, async () => {
  const { mcp } = await open()
  expect(mcp.toolsFor('billing').map(({ name }) => name)).toEqual(['find_seat', 'upgrade_seat'])
  expect(mcp.toolsFor('returns')).toEqual([])
})

test('neither the customer’s id nor the key is an argument that a model can give', limit, async () => {
  const { tools } = await open()
  const accepts = (name: string, args: object) => tools.get(name)?.schema.safeParse(args).success
  expect(accepts('find_seat', { seat: 'S-1' })).toBe(true)
  expect(accepts('find_seat', { seat: 'S-1', customer: 'cus_1002' })).toBe(false)
  expect(accepts('upgrade_seat', { seat: 'S-1', minor: 900, key: 'mine' })).toBe(false)
  expect(accepts('upgrade_seat', { seat: 'S-1', minor: 9.5 })).toBe(false)
  expect(accepts('upgrade_seat', { seat: 'S-1' })).toBe(false)
})

test('results are read from words, from JSON and from structure', limit, async () => {
  const { look } = await open({
    find_seat: TOOLS.find_seat,
    seat_status: { ...TOOLS.find_seat },
    say_seat: { ...OPEN, tool: 'describe_seat', timeoutMs: 3_000 },
  })
  const words = 'The seat S-1 is by the window.'
  expect(await look('say_seat', { seat: 'S-1' })).toEqual({ say: words, data: words })
  expect((await look('find_seat', { seat: 'S-1' })).data).toEqual({ seat: 'S-1', row: 7 })
  expect((await look('find_seat', { seat: 'S-1' }, 'cus_1002')).data).toBeNull()
  expect((await look('seat_status', { seat: 'S-1' })).data).toEqual({ row: 7 })
  expect((await look('seat_status', { seat: 'S-1' }, 'cus_1002')).data).toBeNull()
})

test(
  'what an effect rests on is asked for as the customer, and words are no answer: they may say that there is none',
  limit,
  async () => {
    const { factsTool: _, ...rest } = TOOLS.upgrade_seat
    const facts = async (factsTool: string, customerId: string) => {
      const { tools } = await open({ upgrade_seat: { ...rest, factsTool } })
      const tool = tools.get('upgrade_seat')
      if (tool?.effect !== 'money') throw new Error('upgrade_seat moves money')
      return tool.facts({ seat: 'S-1', minor: 900 }, contextOf(customerId))
    }
    expect(await facts('seat_status', 'cus_1001')).not.toBeNull()
    expect(await facts('seat_status', 'cus_1002')).toBeNull()
    await expect(facts('ask_for_seat', 'cus_1002')).rejects.toThrow(/expected JSON/)
    await expect(facts('describe_seat', 'cus_1001')).rejects.toThrow(/describe_seat has no argument customer/)
  },
)

test(
  'a server over HTTP that forgot the session is connected anew, by the call after the one that failed',
  limit,
  async () => {
    const { state } = mcpFiles()
    const { url, forgetSessions } = await serveTickets(state, { sessions: true })
    const { look } = await open(
      { find_seat: TOOLS.find_seat },
      { type: 'http', url, headers: { Authorization: TOKEN } },
    )
    expect((await look('find_seat', { seat: 'S-1' })).data).toEqual({ seat: 'S-1', row: 7 })
    forgetSessions()
    await expect(look('find_seat', { seat: 'S-1' })).rejects.toThrow()
    expect((await look('find_seat', { seat: 'S-1' })).data).toEqual({ seat: 'S-1', row: 7 })
  },
)

test.each([
  ['without a key', { ...TOOLS.upgrade_seat, keyArgument: undefined }, /upgrade_seat\.keyArgument/],
  ['without a customer', { ...TOOLS.upgrade_seat, customerArgument: undefined }, /customerArgument: needed/],
  ['of a server that nobody named', { ...TOOLS.upgrade_seat, server: 'other' }, /there is no server other/],
])('a manifest %s stops the start', async (_what, manifest, problem) => {
  const { path } = mcpFiles({ upgrade_seat: manifest })
  await expect(readMcpConfig(path)).rejects.toThrow(problem)
})

test('manifests that do not fit what the server offers stop the start, all of them named', limit, async () => {
  const { upgrade_seat, find_seat } = TOOLS
  const opened = open({
    ...{ find_ship: find_seat, find_seat: { ...find_seat, customerArgument: 'who' } },
    move_seat: { ...upgrade_seat, tool: 'upgrade_seat', object: 'seat:{number}', specialists: ['nobody'] },
    raise_seat: { ...upgrade_seat, tool: 'upgrade_seat', businessKey: 'upgrade:{note}' },
    lift_seat: { ...upgrade_seat, tool: 'upgrade_seat', lookUpTool: 'find_seat' },
    see_upgrade: { ...find_seat, tool: 'upgrade_seat' },
  })
  await expect(opened).rejects.toThrow(
    new RegExp(
      [
        'find_ship: the server does not offer find_ship',
        'find_seat: the tool has no argument who',
        'move_seat: there is no specialist nobody',
        'move_seat: “seat:{number}” names {number}, which is no argument',
        'raise_seat: “upgrade:{note}” names {note}, which is no argument that it always has',
        'lift_seat: find_seat has no argument key',
        'see_upgrade: effect: the server says that it changes something',
      ].join('.*'),
      's',
    ),
  )
})

test('a server that cannot be reached stops the start', limit, async () => {
  const { url } = await serveTickets(mcpFiles().state)
  await expect(open(TOOLS, { url })).rejects.toThrow(/the server tickets cannot be used/)
  await expect(open(TOOLS, { command: '/nowhere/tickets' })).rejects.toThrow(/the server tickets cannot be used/)
})

test('a file that is not there or no JSON stops the start', async () => {
  await expect(readMcpConfig('/nowhere/mcp.json')).rejects.toThrow(/MCP_CONFIG \/nowhere/)
})
