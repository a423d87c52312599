import type { Kysely, Selectable } from 'kysely'
import type { Clock } from '../clock.ts'
import { appendEvents } from '../conversations/event-log.ts'
import type { Live } from '../conversations/live.ts'
import type { PromiseStatus, Tables } from '../database/tables.ts'
import { AppError } from '../errors.ts'

/** Something that an agent told a customer they would do. */
export interface PromiseCard {
  id: string
  conversationId: string
  text: string
  owner: string
  status: PromiseStatus
  madeAt: string
  dueAt: string
  /** Open, and due before now. */
  overdue: boolean
  settledAt: string | null
  settledBy: string | null
  note: string | null
}

/** What became of a promise, in the words of the agent who says so. */
export interface Settlement {
  agent: string
  outcome: Exclude<PromiseStatus, 'open'>
  note?: string | undefined
}

const LISTED = 200

/** The promises of people: each has an owner and a due date, and is settled once, by a person. */
export function createPromises({ db, clock, live }: { db: Kysely<Tables>; clock: Clock; live: Live }) {
  function cardOf(row: Selectable<Tables['promises']>): PromiseCard {
    return {
      id: row.id,
      conversationId: row.conversation_id,
      text: row.text,
      owner: row.owner,
      status: row.status,
      madeAt: new Date(row.made_at).toISOString(),
      dueAt: new Date(row.due_at).toISOString(),
      overdue: row.status === 'open' && row.due_at < clock.now(),
      settledAt: row.settled_at === null ? null : new Date(row.settled_at).toISOString(),
      settledBy: row.settled_by,
      note: row.note,
    }
  }

  return {
    /** The first due first. */
    async list(
      filter: { status?: PromiseStatus | undefined; owner?: string | undefined } = {},
    ): Promise<PromiseCard[]> {
      let query = db.selectFrom('promises').selectAll().orderBy('due_at').limit(LISTED)
      if (filter.status) query = query.where('status', '=', filter.status)
      if (filter.owner) query = query.where('owner', '=', filter.owner)
      return (await query.execute()).map(cardOf)
    },

    /** @throws {AppError} 404; 409 `promises.settled` */
    async settle(id: string, { agent, outcome, note }: Settlement): Promise<PromiseCard> {
      const row = await db.transaction().execute(async (trx) => {
        const now = clock.now()
        const settled = await trx
          .updateTable('promises')
          .set({ status: outcome, settled_at: now, settled_by: agent.trim(), note: note?.trim() || null })
          .where('id', '=', id)
          .where('status', '=', 'open')
          .returningAll()
          .executeTakeFirst()
        if (!settled) return undefined
        const { conversation_id, text, owner } = settled
        const data = { id, text, owner, ...(settled.note !== null && { note: settled.note }) }
        await appendEvents(trx, conversation_id, [{ type: `promise-${outcome}`, actor: agent.trim(), data }], now)
        return settled
      })
      if (row) {
        live.changed(row.conversation_id)
        return cardOf(row)
      }
      const known = await db.selectFrom('promises').select('id').where('id', '=', id).executeTakeFirst()
      if (!known) throw new AppError('promises.not_found', 404, 'There is no such promise.')
      throw new AppError('promises.settled', 409, 'This promise is settled already.')
    },
  }
}

export type Promises = ReturnType<typeof createPromises>
