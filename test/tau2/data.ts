import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Changes, Records } from './records.ts'

/** A call that the original's authors recorded. Of reads, most results are left out. */
export interface GoldAction {
  name: string
  arguments: Record<string, unknown>
  type: 'read' | 'write' | 'generic'
  result: unknown
  /** Why the original refused it; null when it did not. */
  error: string | null
}

/** A customer's request with the calls that fulfil it. */
export interface Task {
  task_id: string
  /** Who the customer says they are. */
  known_info: string
  gold_actions: GoldAction[]
  expected_db_changes: Changes | null
}

const RECORDS = 'shared/data/tau2-retail.db.json'
const TASKS = 'shared/data/tau2-retail.tasks.dev.jsonl'

/** The shop and the tasks from the folder `shared/data` beside or above the repository; null where there is none. */
export function loadRetail(): { records: Records; tasks: Task[] } | null {
  for (let folder = fileURLToPath(new URL('.', import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, RECORDS)))
      return {
        records: JSON.parse(readFileSync(join(folder, RECORDS), 'utf8')),
        tasks: readFileSync(join(folder, TASKS), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      }
    if (dirname(folder) === folder) return null
  }
}
