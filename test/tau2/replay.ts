import { isDeepStrictEqual } from 'node:util'
import type { PolicyVersion } from '../../src/effects/policy-file.ts'
import type { GoldAction, Task } from './data.ts'
import type { Records } from './records.ts'
import { createShop, type Shop } from './shop.ts'
import { type Called, openVisit, type Visit, verdictOf } from './visit.ts'

/** A recorded call as it went here. */
export interface ReplayedCall {
  /** The task and the tool. */
  name: string
  type: GoldAction['type']
  verdict: ReturnType<typeof verdictOf>
  refusedByOriginal: boolean
  /** Whether the result is the recorded one; true where none is recorded. */
  asRecorded: boolean
}

/** A task as it went here. */
export interface Replay {
  task: string
  calls: ReplayedCall[]
  /** Whether exactly the recorded changes are in the shop's books. */
  isExact: boolean
}

/** Makes a task's recorded calls in a new conversation with a new shop; each effect is agreed to. */
export async function replay(records: Records, policies: PolicyVersion[], task: Task): Promise<Replay> {
  const shop = createShop(records)
  const visit = await openVisit(shop, policies)
  try {
    if (!isIdentifiedBy(task.gold_actions)) await identify(visit, task.known_info)
    const calls: ReplayedCall[] = []
    for (const action of task.gold_actions) {
      const called = await visit.call(action.name, action.arguments)
      calls.push({
        name: `${task.task_id} ${action.name}`,
        type: action.type,
        verdict: verdictOf(called),
        refusedByOriginal: action.error !== null,
        asRecorded: action.result === null || isSame(await resultOf(called, shop), action.result),
      })
    }
    return { task: task.task_id, calls, isExact: isSame(shop.changes(), task.expected_db_changes ?? {}) }
  } finally {
    await visit.close()
  }
}

function isIdentifiedBy(actions: GoldAction[]): boolean {
  return actions.some(({ name, error }) => name.startsWith('find_user_id') && error === null)
}

/** Many recordings begin after the customer was found; here they have to be, by what they say of themselves. */
async function identify({ call, entrance }: Visit, knownInfo: string): Promise<void> {
  for (const [email] of knownInfo.matchAll(/[\w.]+@[\w.]*\w/g))
    if (entrance.isOpen()) await call('find_user_id_by_email', { email })
  const [, first_name, last_name] = /(?:you are|you're|your? name is) (\w+) (\w+)/i.exec(knownInfo) ?? []
  const [zip] = /\b\d{5}\b/.exec(knownInfo) ?? []
  if (entrance.isOpen() && first_name && last_name && zip)
    await call('find_user_id_by_name_zip', { first_name, last_name, zip })
}

async function resultOf({ outcome, planned }: Called, shop: Shop): Promise<unknown> {
  if (planned) return shop.settled(planned.key)
  return outcome.status === 'ok' ? outcome.data : undefined
}

/** The original writes fields that are not set as null. */
function isSame(ours: unknown, recorded: unknown): boolean {
  return isDeepStrictEqual(withoutNulls(ours), withoutNulls(recorded))
}

function withoutNulls(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (_key, part: unknown) => (part === null ? undefined : part)) ?? 'null',
  )
}
