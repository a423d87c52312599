import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { type CallOutcome, callTool } from '../../graphs/call-tool.ts'
import type { Principal } from '../../graphs/context.ts'
import type { EffectTool, Tool } from '../../graphs/tool.ts'
import { systemClock } from '../../src/clock.ts'
import { openConversation } from '../../src/conversations/inbox.ts'
import { openSqliteInMemory } from '../../src/database/sqlite.ts'
import { createEffects } from '../../src/effects/effects.ts'
import { loadPolicies } from '../../src/effects/policy-file.ts'
import { log } from '../database/contract.ts'
import { memoryIdentity, unlimited } from '../graphs/doubles.ts'
import { readTools } from './reads.ts'
import { createTau2Shop, readShop, readTasks, type Tau2Data, type Tau2Task, tau2Folder } from './shop.ts'
import { writeTools } from './writes.ts'

const folder = tau2Folder()
const POLICIES = new URL('policies', import.meta.url).pathname
/** Ends the conversation with the AI; here as in the graph no tool of a specialist. */
const HAND_OVER = 'transfer_to_human_agents'

/** Our names have a verb and what it is about. */
const OURS: Record<string, string> = { calculate: 'calculate_sum' }

/** Plays a task's calls through our checks and ledger, each effect as after a yes. */
async function play(task: Tau2Task, data: Tau2Data) {
  const shop = createTau2Shop(data)
  const tools = new Map<string, Tool>([...readTools(shop), ...writeTools(shop)].map((tool) => [tool.name, tool]))
  const effectTools = new Map([...tools].filter(([, { effect }]) => effect !== 'read') as [string, EffectTool][])
  const db = await openSqliteInMemory()
  const policies = await loadPolicies(POLICIES)
  const effects = createEffects({ db, tools: effectTools, policies, clock: systemClock, log, onInbox: () => {} })
  const caller = { effects, identity: memoryIdentity(), budgets: unlimited, now: () => new Date() }
  const conversationId = crypto.randomUUID()
  let principal = signedIn(task, data) ?? ANONYMOUS
  await openConversation(db, conversationId, principal, 0)

  const refused: boolean[] = []
  for (const [i, { name, arguments: given }] of task.gold_actions.entries()) {
    if (name === HAND_OVER) {
      refused.push(false)
      continue
    }
    const { user_id, ...args } = given
    // Our tools take no customer's id: whose it is comes from who was found.
    const others = user_id !== undefined && user_id !== principal.customerId
    const turn = { turnId: `turn-${i}`, conversationId, principal, signal: undefined }
    const { outcome, planned } = await callTool(tools, { name: OURS[name] ?? name, args }, turn, caller)
    const signal = new AbortController().signal
    const performed = planned && !others ? await effects.perform(planned, { turnId: `yes-${i}`, signal }) : undefined
    refused.push(others || (planned ? performed?.status !== 'done' : isNo(outcome)))
    if (name.startsWith('find_user_id') && outcome.status === 'ok' && typeof outcome.data === 'string')
      principal = { ...principal, customerId: outcome.data, assurance: 'verified' }
  }
  await db.destroy()
  return { data, refused }
}

const ANONYMOUS: Principal = { customerId: 'anonymous', assurance: 'anonymous', channel: 'web' }

/** A few tasks leave out that the customer was found: it is then whose order they begin with, once and for all. */
function signedIn({ gold_actions }: Tau2Task, { orders }: Tau2Data): Principal | undefined {
  if (gold_actions.some(({ name, error }) => name.startsWith('find_user_id') && error === null)) return undefined
  const ids = gold_actions.flatMap(({ arguments: { order_id, user_id } }) => [
    user_id,
    orders[String(order_id)]?.user_id,
  ])
  const customerId = ids.find((id) => typeof id === 'string')
  return typeof customerId === 'string' ? { customerId, assurance: 'verified', channel: 'web' } : undefined
}

function isNo(outcome: CallOutcome): boolean {
  return outcome.status === 'ok' ? outcome.data === null : true
}

/** What differs from how the shop was before, with the fields that the original always writes. */
function changesOf(before: Tau2Data, after: Tau2Data) {
  const changed = <Row extends object>(was: Record<string, Row>, is: Record<string, Row>, blank: object) =>
    Object.fromEntries(
      Object.entries(is)
        .filter(([id, row]) => !isDeepStrictEqual(row, was[id]))
        .map(([id, row]) => [id, { ...blank, ...row }]),
    )
  return { orders: changed(before.orders, after.orders, BLANK), users: changed(before.users, after.users, {}) }
}

const BLANK = {
  ...{ cancel_reason: null, exchange_items: null, exchange_new_items: null, exchange_payment_method_id: null },
  ...{ exchange_price_difference: null, return_items: null, return_payment_method_id: null },
}

test('the gold actions of tau2 retail reach the expected changes through our tool layer', {
  timeout: 120_000,
}, async () => {
  if (!folder) throw new Error('the data of tau2 retail is not beside the project')
  const tasks = readTasks(folder)
  const before = readShop(folder)
  const missed: string[] = []
  for (const task of tasks) {
    const { data, refused } = await play(task, structuredClone(before))
    for (const [i, action] of task.gold_actions.entries())
      expect(refused[i], `task ${task.task_id}: ${action.name}`).toBe(action.error !== null)
    const { orders = {}, users = {} } = task.expected_db_changes ?? {}
    const changes = changesOf(before, data)
    if (!isDeepStrictEqual(changes, { orders, users })) missed.push(task.task_id)
  }
  const reached = tasks.length - missed.length
  console.log(
    `tau2 retail: ${reached} of ${tasks.length} tasks reach exactly the expected changes; missed: ${missed.join(', ') || 'none'}`,
  )
  expect(reached / tasks.length).toBeGreaterThanOrEqual(0.95)
})
