import type { Kysely, Transaction } from 'kysely'
import type { CodeOutcome, Identity } from '../../graphs/identity.ts'
import type { Customer, Customers } from '../../graphs/systems.ts'
import type { Clock } from '../clock.ts'
import type { IdentityTables } from '../database/identity-tables.ts'
import type { Tables } from '../database/tables.ts'
import type { Log } from '../log.ts'
import { AddressRefused, type Mailer } from './mailer.ts'
import type { OneTimeCodes } from './one-time-code.ts'
import { type SessionIdentities, sessionOf } from './session-identities.ts'

/** What verification is made with. */
export interface VerificationOptions {
  db: Kysely<Tables>
  customers: Customers
  /** Null where no mail can be sent at all. */
  mailer: Mailer | null
  clock: Clock
  log: Log
  codes: OneTimeCodes
  identities: SessionIdentities
  /** Makes a session's own conversations the customer's. */
  adopt(trx: Transaction<Tables>, sessionId: string, customerId: string): Promise<void>
  /** Whose name the mail is sent in. */
  shopName: string
  /** Milliseconds from being asked to the answer, at least. */
  answerMs: number
}

const CODE_MINUTES = 10
const CODE_MS = CODE_MINUTES * 60_000
const TRIES = 5
const HOUR_MS = 3_600_000
/** Codes an hour; the last one bounds what all guessing together can reach: 1,500 tries at a million codes. */
const A_SESSION = 3
const AN_ADDRESS = 3
const IN_ALL = 300

type CodeRow = Pick<IdentityTables['verification_codes'], 'id' | 'state' | 'customer_id'>
type Check = Pick<IdentityTables['verification_checks'], 'outcome' | 'tries_left'>
type SendRequest = Parameters<Identity['sendCode']>[0] & { sessionId: string }

/** Verifies customers by one-time codes. An address that is not on file costs the same and is answered the same. */
export function createVerification(options: VerificationOptions): Pick<Identity, 'sendCode' | 'checkCode'> {
  const { db, customers, mailer, clock, log, codes, identities, adopt, shopName, answerMs } = options

  async function send(request: SendRequest, mailer: Mailer): Promise<'sent' | 'too_many' | 'failed'> {
    const customer = await customers.findByEmail(request.email)
    const row = await db.transaction().execute((trx) => open(trx, request, customer))
    if (!row) return 'too_many'
    if (row.state !== 'sending') return 'sent'
    try {
      await mailer.check()
      if (customer && customer.id === row.customer_id) await mail(mailer, customer, request.turnId)
    } catch (error) {
      const { turnId, conversationId } = request
      log.warn({ turnId, conversationId, error: nameOf(error) }, 'a one-time code could not be mailed')
      // Answering otherwise would tell that this address is on file.
      if (!(error instanceof AddressRefused)) {
        await db.deleteFrom('verification_codes').where('id', '=', row.id).where('state', '=', 'sending').execute()
        return 'failed'
      }
    }
    await db.transaction().execute((trx) => markSent(trx, row.id, request.sessionId))
    return 'sent'
  }

  /** This turn's code, new or from before a crash; undefined when there were too many. */
  async function open(
    trx: Transaction<Tables>,
    { sessionId, conversationId, turnId, email }: SendRequest,
    customer: Customer | null,
  ): Promise<CodeRow | undefined> {
    await oneAtATime(trx)
    const known = await trx
      .selectFrom('verification_codes')
      .select(['id', 'state', 'customer_id'])
      .where('turn_id', '=', turnId)
      .executeTakeFirst()
    if (known) return known
    const emailHash = codes.hash('email', email.trim().toLowerCase())
    const now = clock.now()
    if (await tooMany(trx, sessionId, emailHash, now - HOUR_MS)) return undefined
    const may = await mayBecome(trx, sessionId, conversationId, customer?.id)
    const { id, code } = codes.of(turnId)
    const row = { id, state: 'sending' as const, customer_id: may ? (customer?.id ?? null) : null }
    await trx
      .insertInto('verification_codes')
      .values({
        ...row,
        session_id: sessionId,
        conversation_id: conversationId,
        turn_id: turnId,
        email_hash: emailHash,
        code_hash: codes.hash('code', id, code),
        tries: 0,
        created_at: now,
        expires_at: now + CODE_MS,
      })
      .execute()
    return row
  }

  /**
   * A conversation that is a customer's already, and a session that is, take no other one: the thread holds what the
   * first one was told.
   */
  async function mayBecome(
    trx: Transaction<Tables>,
    sessionId: string,
    conversationId: string,
    customerId: string | undefined,
  ): Promise<boolean> {
    const owner = await trx
      .selectFrom('conversations')
      .select('customer_id')
      .where('id', '=', conversationId)
      .executeTakeFirst()
    const became = await identities.find(sessionId, trx)
    return [sessionId, customerId].includes(owner?.customer_id) && (!became || became.customer_id === customerId)
  }

  async function mail(mailer: Mailer, { email, name }: Customer, turnId: string): Promise<void> {
    const { id, code } = codes.of(turnId)
    await mailer.send({
      id: `code-${id}`,
      to: email,
      // Not the code itself: subjects are shown on locked screens.
      subject: `Your one-time code for ${shopName}`,
      text: `Hello ${name},

your code is ${code}

Type it into the chat in which you asked for it, within ${CODE_MINUTES} minutes.

If you did not ask for it, ignore this mail: without the code nobody gets in. Give it to nobody, also not on the phone; ${shopName} never asks for it elsewhere.
`,
    })
  }

  /** The latest code is the one that counts. Its time begins when the mail is gone. */
  async function markSent(trx: Transaction<Tables>, id: string, sessionId: string): Promise<void> {
    await trx
      .updateTable('verification_codes')
      .set({ state: 'expired' })
      .where('session_id', '=', sessionId)
      .where('state', '=', 'sent')
      .where('id', '!=', id)
      .execute()
    await trx
      .updateTable('verification_codes')
      .set({ state: 'sent', expires_at: clock.now() + CODE_MS })
      .where('id', '=', id)
      .where('state', '=', 'sending')
      .execute()
  }

  async function checkOnce(
    trx: Transaction<Tables>,
    sessionId: string,
    { conversationId, turnId, code }: Parameters<Identity['checkCode']>[0],
  ): Promise<Check> {
    const known = await trx
      .selectFrom('verification_checks')
      .select(['outcome', 'tries_left'])
      .where('turn_id', '=', turnId)
      .where('session_id', '=', sessionId)
      .executeTakeFirst()
    if (known) return known
    const check = await judge(trx, sessionId, conversationId, code)
    await trx
      .insertInto('verification_checks')
      .values({ turn_id: turnId, session_id: sessionId, checked_at: clock.now(), ...check })
      .execute()
    return check
  }

  async function judge(
    trx: Transaction<Tables>,
    sessionId: string,
    conversationId: string,
    typed: string,
  ): Promise<Check> {
    // Counted before it is compared, in one statement: tries side by side cannot share one.
    const tried = await trx
      .updateTable('verification_codes')
      .set((eb) => ({ tries: eb('tries', '+', 1) }))
      .where('session_id', '=', sessionId)
      .where('state', '=', 'sent')
      .where('expires_at', '>', clock.now())
      .where('tries', '<', TRIES)
      .returning(['id', 'customer_id', 'code_hash', 'tries'])
      .executeTakeFirst()
    if (!tried) return { outcome: 'expired', tries_left: 0 }
    const { id, customer_id: customerId, tries } = tried
    const right = codes.matches(tried.code_hash, id, typed)
    if (!right || customerId === null) {
      const left = TRIES - tries
      if (left === 0) await trx.updateTable('verification_codes').set({ state: 'spent' }).where('id', '=', id).execute()
      return { outcome: 'wrong', tries_left: left }
    }
    const proved =
      (await mayBecome(trx, sessionId, conversationId, customerId)) &&
      (await identities.prove(trx, sessionId, customerId, 'code'))
    await trx
      .updateTable('verification_codes')
      .set({ state: proved ? 'verified' : 'expired' })
      .where('id', '=', id)
      .execute()
    if (!proved) return { outcome: 'expired', tries_left: 0 }
    await adopt(trx, sessionId, customerId)
    await trx
      .updateTable('verification_codes')
      .set({ state: 'expired' })
      .where('session_id', '=', sessionId)
      .where('state', '=', 'sent')
      .execute()
    return { outcome: 'verified', tries_left: 0 }
  }

  /** Limits are counted and kept under one lock: two senders side by side would both find room for the last one. */
  async function oneAtATime(trx: Transaction<Tables>): Promise<void> {
    await trx
      .insertInto('settings')
      .values({ key: 'verification-lock', value: '' })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: '' }))
      .execute()
  }

  return {
    async sendCode({ principal, ...request }) {
      const sessionId = sessionOf(principal)
      if (!mailer || sessionId === null) return { status: 'failed' }
      const began = clock.now()
      const status = await send({ principal, ...request, sessionId }, mailer)
      // The time it takes must not tell either whether a mail went out.
      const left = began + answerMs - clock.now()
      if (left > 0) await clock.sleep(left)
      return { status }
    },

    async checkCode(request): Promise<CodeOutcome> {
      const sessionId = sessionOf(request.principal)
      if (sessionId === null) return { status: 'expired' }
      const { outcome, tries_left } = await db.transaction().execute((trx) => checkOnce(trx, sessionId, request))
      if (outcome === 'wrong') return { status: 'wrong', triesLeft: tries_left }
      const principal = await identities.current(request.principal)
      // Signed out since: what this turn was told before holds no more.
      if (outcome === 'expired' || principal.assurance === 'anonymous') return { status: 'expired' }
      return { status: 'verified', principal }
    },
  }
}

/** A mail server's own words name the address, which is nothing for a log. */
function nameOf(error: unknown): string {
  const { name, code, command, responseCode } = error as Error & Record<'code' | 'command' | 'responseCode', unknown>
  return [name, code, command, responseCode].filter((part) => part !== undefined).join(' ')
}

async function tooMany(
  trx: Transaction<Tables>,
  sessionId: string,
  emailHash: string,
  since: number,
): Promise<boolean> {
  const { all, session, address } = await trx
    .selectFrom('verification_codes')
    .select(({ fn, case: when }) => [
      fn.countAll<number>().as('all'),
      fn.count<number>(when().when('session_id', '=', sessionId).then(1).end()).as('session'),
      fn.count<number>(when().when('email_hash', '=', emailHash).then(1).end()).as('address'),
    ])
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow()
  return Number(all) >= IN_ALL || Number(session) >= A_SESSION || Number(address) >= AN_ADDRESS
}
