import type { Kysely } from 'kysely'
import { Refusal, type Ticket, type Tickets } from '../../../graphs/systems.ts'
import type { Clock } from '../../clock.ts'
import type { Tables } from '../../database/tables.ts'
import { nextNumber } from './counters.ts'

/** Notes for the shop's people. */
export function createTickets({ db, clock }: { db: Kysely<Tables>; clock: Clock }): Tickets {
  return {
    open: (customerId, { subject, detail, key }) =>
      db.transaction().execute(async (trx) => {
        // The counter's row keeps two requests with one key apart, so it comes before the look.
        const number = `T-${await nextNumber(trx, 'ticket')}`
        const customer = await trx
          .selectFrom('shop_customers')
          .select('id')
          .where('id', '=', customerId)
          .executeTakeFirst()
        if (!customer) throw new Refusal('tickets.no_account', 'A ticket needs a customer account.')
        const before = await ticketOf(trx, key, customerId)
        if (before) return before
        const at = clock.now()
        await trx
          .insertInto('shop_tickets')
          .values({ number, request_key: key, customer_id: customerId, subject, detail, opened_at: at })
          .execute()
        return { number, subject, openedAt: new Date(at).toISOString() }
      }),

    settled: (key) => ticketOf(db, key),
  }
}

async function ticketOf(db: Kysely<Tables>, key: string, customerId?: string): Promise<Ticket | null> {
  let tickets = db.selectFrom('shop_tickets').selectAll().where('request_key', '=', key)
  if (customerId !== undefined) tickets = tickets.where('customer_id', '=', customerId)
  const row = await tickets.executeTakeFirst()
  return row ? { number: row.number, subject: row.subject, openedAt: new Date(row.opened_at).toISOString() } : null
}
