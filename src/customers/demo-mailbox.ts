import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Tables } from '../database/tables.ts'
import type { Mail, Mailer } from './mailer.ts'

/** A mail that the demo caught. */
export interface CaughtMail extends Mail {
  /** ISO instant. */
  at: string
}

/** Keeps mails instead of sending them, for whoever tries the demo on their own machine. */
export interface DemoMailbox extends Mailer {
  /** The latest first. */
  list(): Promise<CaughtMail[]>
}

const KEPT = 20

/** The last mails as rows: they outlive a restart, as a mail would. */
export function createDemoMailbox({ db, clock }: { db: Kysely<Tables>; clock: Clock }): DemoMailbox {
  return {
    async send({ id, to, subject, text }) {
      await db
        .insertInto('demo_mails')
        .values({ id, recipient: to, subject, body: text, sent_at: clock.now() })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
      const kept = db.selectFrom('demo_mails').select('id').orderBy('sent_at', 'desc').orderBy('id').limit(KEPT)
      await db.deleteFrom('demo_mails').where('id', 'not in', kept).execute()
    },

    async check() {},

    async list() {
      const mails = await db
        .selectFrom('demo_mails')
        .selectAll()
        .orderBy('sent_at', 'desc')
        .orderBy('id')
        .limit(KEPT)
        .execute()
      return mails.map(({ id, recipient, subject, body, sent_at }) => ({
        id,
        to: recipient,
        subject,
        text: body,
        at: new Date(sent_at).toISOString(),
      }))
    },
  }
}
