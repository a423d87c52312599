import { rmSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { createTestApp, testConfig } from '../../app.ts'
import { mcpFiles, OPEN, TOOLS } from './manifests.ts'
import { answer, scripted } from './scripted.ts'
import { serveTickets, TOKEN } from './tickets-over-http.ts'

const limit = { timeout: 60_000 }

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
    thread: async () => JSON.stringify(await customer.thread(conversationId ?? '')),
  }
}

const UPGRADE = { tool: 'upgrade_seat', args: { seat: 'S-1', minor: 900 } }

test.each(['in a process', 'over HTTP'])(
  'a tool of an MCP server %s is planned, agreed to and done once, for whose it is',
  limit,
  async (where) => {
    const served = mcpFiles()
    const { url } = await serveTickets(served.state)
    const over = mcpFiles(TOOLS, { url, headers: { Authorization: TOKEN } })
    const { path, read } = where === 'over HTTP' ? { ...over, read: served.read } : served
    const { say } = await appWith(path, 'cus_1001', UPGRADE, UPGRADE)
    expect(await say('upgrade the seat on my bill')).toContain(
      'I can move the seat S-1 to the first row. Shall I go ahead?',
    )
    expect(read()).toEqual({ upgrades: {}, calls: 0 })
    expect(await say('yes')).toBe('The seat S-1 is in the first row now.')
    expect(await say('upgrade the seat on my bill')).not.toContain('Shall I go ahead?')
    expect(Object.values(read().upgrades)).toEqual([{ seat: 'S-1', minor: 900, row: 1 }])
    expect(read().calls).toBe(1)
  },
)

test('what is somebody else’s is not there', limit, async () => {
  const { path } = mcpFiles()
  const { say, app } = await appWith(path, 'cus_1002', UPGRADE)
  expect(await say('upgrade the seat on my bill')).not.toContain('Shall I go ahead?')
  expect(await app.db.selectFrom('effects').selectAll().execute()).toEqual([])
})

test('a server’s definite no is told', limit, async () => {
  const { path } = mcpFiles()
  const { say } = await appWith(path, 'cus_1002', { tool: 'upgrade_seat', args: { seat: 'S-2', minor: 900 } })
  await say('upgrade the seat on my bill')
  expect(await say('yes')).toBe('The first row is full.')
})

test('a server that dies after it did it is started again and asked whether it did', limit, async () => {
  const { path, state, read } = mcpFiles()
  const { say, app } = await appWith(path, 'cus_1001', UPGRADE)
  await say('upgrade the seat on my bill')
  writeFileSync(`${state}.die`, '')
  expect(await say('yes')).toBe('The seat S-1 is in the first row now.')
  expect(await app.db.selectFrom('effects').select('state').execute()).toEqual([{ state: 'done' }])
  expect(read().calls).toBe(1)
})

test('while a server stays away an effect is in doubt, and settled when it is back', limit, async () => {
  const { path, state, read } = mcpFiles()
  const { say, app, thread } = await appWith(path, 'cus_1001', UPGRADE)
  await say('upgrade the seat on my bill')
  writeFileSync(`${state}.die`, '')
  writeFileSync(`${state}.down`, '')
  await say('yes')
  expect(await app.db.selectFrom('effects').select('state').execute()).toEqual([{ state: 'in_doubt' }])

  rmSync(`${state}.down`)
  await app.db.updateTable('effects').set({ next_look_up_at: 0 }).execute()
  await app.effects.settle()
  await vi.waitFor(async () => expect(await thread()).toContain('The seat S-1 is in the first row now.'), 20_000)
  expect(await app.db.selectFrom('effects').select('state').execute()).toEqual([{ state: 'done' }])
  expect(read().calls).toBe(1)
})

test('a tool that takes too long is an answer that the model can act on', limit, async () => {
  const { path } = mcpFiles({ wait_long: { ...OPEN, tool: 'waitLong', timeoutMs: 200 } })
  const { say } = await appWith(path, 'cus_1001', { tool: 'wait_long', args: {} })
  expect(await say('what is on my bill')).toBe('error')
})

test('the process of a server ends with the application', limit, async () => {
  const { path, isRunning } = mcpFiles()
  const { app } = await appWith(path, 'cus_1001')
  expect(isRunning()).toBe(true)
  await app.stop()
  expect(isRunning()).toBe(false)
})

test('the process of a server ends with an application that does not start', limit, async () => {
  const { path, isRunning } = mcpFiles({ ...TOOLS, upgrade_seat: { ...TOOLS.upgrade_seat, policy: 'nobody_wrote_it' } })
  await expect(createApp(testConfig({ MCP_CONFIG: path }))).rejects.toThrow(/no policy nobody_wrote_it/)
  expect(isRunning()).toBe(false)
})
