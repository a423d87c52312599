import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { scratch } from '../../app.ts'

const SERVER = fileURLToPath(new URL('tickets-server.ts', import.meta.url))
const ASKING = {
  ...{ server: 'tickets', specialists: ['billing'], assurance: 'verified', customerArgument: 'customer' },
  ...{ timeoutMs: 3_000, logs: ['seat'] },
}
/** For everybody. */
export const OPEN = { server: 'tickets', effect: 'read', specialists: ['billing'], assurance: 'anonymous', logs: [] }

export const TOOLS = {
  find_seat: { effect: 'read', ...ASKING },
  upgrade_seat: {
    ...{ effect: 'money', ...ASKING, keyArgument: 'key', policy: 'cancel_order' },
    ...{ amount: { minorArgument: 'minor', currency: 'EUR' }, object: 'seat:{seat}', businessKey: 'upgrade:{seat}' },
    ...{ proposal: 'move the seat {seat} to the first row', receipt: 'The seat {seat} is in the first row now.' },
    ...{ factsTool: 'find_seat', lookUpTool: 'find_upgrade' },
  },
}

/** A configuration in a folder of its own: the tickets as a process, unless `server` says where they are. */
export function mcpFiles(tools: Record<string, unknown> = TOOLS, server?: Record<string, unknown>) {
  const folder = scratch()
  const state = join(folder, 'tickets.json')
  const path = join(folder, 'mcp.json')
  const tickets = server ?? { command: process.execPath, args: ['--import', 'tsx', SERVER, state] }
  writeFileSync(path, JSON.stringify({ mcpServers: { tickets }, tools }))
  return {
    state,
    path,
    read: () => (existsSync(state) ? JSON.parse(readFileSync(state, 'utf8')) : { upgrades: {}, calls: 0 }),
    /** Whether the process that was started for the tickets is still there. */
    isRunning: () => {
      try {
        return process.kill(Number(readFileSync(`${state}.pid`, 'utf8')), 0)
      } catch {
        return false
      }
    },
  }
}
