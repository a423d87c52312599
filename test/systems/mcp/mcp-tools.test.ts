import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readMcpConfig } from '../../../src/systems/mcp/mcp-config.ts'
import { openMcpTools } from '../../../src/systems/mcp/mcp-tools.ts'

import { createTestApp, scratch, testConfig } from '../../app.ts'
import { answer, scripted } from './scripted.ts'

const limit = { timeout: 60_000 }
const SERVER = fileURLToPath(new URL('tickets-server.js', import.meta.url))
const ASKING = {
  specialists: ['billing'],
  assurance: 'verified',
  customerArgument: 'customer',
  timeoutMs: 3_000,
  logs: ['seat'],
}
const TOOLS = {
  find_seat: { server: 'tickets', effect: 'read', ...ASKING },
  upgrade_seat: {
    ...{ server: 'tickets', effect: 'money', ...ASKING, keyArgument: 'key', policy: 'cancel_order' },
    ...{ amount: { minorArgument: 'minor', currency: 'EUR' }, object: 'seat:{seat}', businessKey: 'upgrade:{seat}' },
    ...{ proposal: 'move the seat {seat} to the first row', receipt: 'The seat {seat} is in the first row now.' },
    ...{ factsTool: 'find_seat', lookUpTool: 'find_upgrade' },
  },
}

function files(tools: Record<string, unknown> = TOOLS) {
  const folder = scratch()
  const state = join(folder, 'tickets.json')
  const path = join(folder, 'mcp.json')
  const mcpServers = { tickets: { command: process.execPath, args: [SERVER, state] } }
  writeFileSync(path, JSON.stringify({ mcpServers, tools }))
  return { state, path, read: () => JSON.parse(readFileSync(state, 'utf8')) }
}

async function appWith(path: string, customerId: string, ...calls: { tool: string; args: Record<string, unknown> }[]) {
  const model = scripted(calls)
  const models = { name: 'scripted', answers: model, routes: undefined, health: () => [] }
  const app = await createTestApp({ models }, testConfig({ MCP_CONFIG: path }))
  const customer = app.customer()
  const headers = { 'Content-Type': 'application/json' }
  await customer.request('/v1/demo/sign-in', { method: 'POST', headers, body: JSON.stringify({ customerId }) })
  let conversationId: string | undefined
  return {
    app,
    async say(text: string) {
      const body = answer.parse(await (await customer.say({ text, ...(conversationId && { conversationId }) })).json())
      conversationId = body.conversationId
      return body.reply?.text ?? ''
    },
  }
}

const UPGRADE = { tool: 'upgrade_seat', args: { seat: 'S-1', minor: 900 } }

test('a tool of an MCP server is planned, agreed to and done once, for whose it is', limit, async () => {
  const { path, read } = files()
  const { say } = await appWith(path, 'cus_1001', UPGRADE, UPGRADE)
  expect(await say('upgrade the seat on my bill')).toContain(
    'I can move the seat S-1 to the first row. Shall I go ahead?',
  )
  expect(await say('yes')).toBe('The seat S-1 is in the first row now.')
  expect(await say('upgrade the seat on my bill')).not.toContain('Shall I go ahead?')
  expect(Object.values(read().upgrades)).toEqual([{ seat: 'S-1', minor: 900, row: 1 }])
  expect(read().calls).toBe(1)
})

test('what is somebody else’s is not there', limit, async () => {
  const { path } = files()
  const { say, app } = await appWith(path, 'cus_1002', UPGRADE)
  expect(await say('upgrade the seat on my bill')).not.toContain('Shall I go ahead?')
  expect(await app.db.selectFrom('effects').selectAll().execute()).toEqual([])
})

test('a server’s definite no is told', limit, async () => {
  const { path } = files()
  const { say } = await appWith(path, 'cus_1002', { tool: 'upgrade_seat', args: { seat: 'S-2', minor: 900 } })
  await say('upgrade the seat on my bill')
  expect(await say('yes')).toBe('The first row is full.')
})

test('a server that dies after it did it leaves a doubt, which its look-up settles', limit, async () => {
  const { path, state, read } = files()
  const { say, app } = await appWith(path, 'cus_1001', UPGRADE)
  await say('upgrade the seat on my bill')
  writeFileSync(`${state}.die`, '')
  await say('yes')
  const effect = () => app.db.selectFrom('effects').select(['state', 'message']).executeTakeFirstOrThrow()
  expect(['in_doubt', 'done']).toContain((await effect()).state)
  expect(Object.values(read().upgrades)).toHaveLength(1)
  expect(read().calls).toBe(1)
})

test('a tool that takes too long is an answer that the model can act on', limit, async () => {
  const slow = {
    server: 'tickets',
    effect: 'read',
    specialists: ['billing'],
    assurance: 'anonymous',
    timeoutMs: 200,
    logs: [],
  }
  const { path } = files({ wait_long: slow })
  const { say } = await appWith(path, 'cus_1001', { tool: 'wait_long', args: {} })
  expect(await say('what is on my bill')).toBe('error')
})

test.each([
  ['without a key', { ...TOOLS.upgrade_seat, keyArgument: undefined }, /upgrade_seat\.keyArgument/],
  ['without a customer', { ...TOOLS.upgrade_seat, customerArgument: undefined }, /customerArgument: needed/],
  ['of a server that nobody named', { ...TOOLS.upgrade_seat, server: 'other' }, /there is no server other/],
])('a manifest %s stops the start', async (_what, manifest, problem) => {
  const { path } = files({ upgrade_seat: manifest })
  await expect(readMcpConfig(path)).rejects.toThrow(problem)
})

test('manifests that do not fit what the server offers stop the start, all of them named', limit, async () => {
  const { path } = files({
    ...{ find_ship: TOOLS.find_seat, find_seat: { ...TOOLS.find_seat, customerArgument: 'who' } },
    upgrade_seat: { ...TOOLS.upgrade_seat, object: 'seat:{number}', specialists: ['nobody'] },
  })
  const opened = openMcpTools(await readMcpConfig(path), [{ name: 'billing' }])
  await expect(opened).rejects.toThrow(
    /find_ship.*does not offer it.*find_seat.*no argument who.*no specialist nobody.*\{number\}/s,
  )
})

test('a file that is not there or no JSON stops the start', async () => {
  await expect(readMcpConfig('/nowhere/mcp.json')).rejects.toThrow(/MCP_CONFIG \/nowhere/)
})
