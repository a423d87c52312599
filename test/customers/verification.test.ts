import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { Principal } from '../../graphs/context.ts'
import type { Customer } from '../../graphs/systems.ts'
import { createInbox } from '../../src/conversations/inbox.ts'
import { createIdentity } from '../../src/customers/identity.ts'
import type { Mail, Mailer } from '../../src/customers/mailer.ts'
import { AddressRefused, createSmtpMailer } from '../../src/customers/mailer.ts'
import { createOneTimeCodes } from '../../src/customers/one-time-code.ts'
import { createSessionIdentities } from '../../src/customers/session-identities.ts'
import type { Database } from '../../src/database/database.ts'
import { scratch } from '../app.ts'
import { open } from '../database/contract.ts'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { codeIn, startMailServer } from './mail-server.ts'

const ANN: Customer = { id: 'cus_ann', name: 'Ann', email: 'ann@example.com', locale: 'en-IE', since: '2025-01-01' }
const BOB: Customer = { ...ANN, id: 'cus_bob', name: 'Bob', email: 'bob@example.com' }
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Keeps mails; a test may have it fail. */
class Post implements Mailer {
  readonly mails: Mail[] = []
  checks = 0
  failure: Error | undefined
  refusal: Error | undefined

  async check() {
    this.checks += 1
    if (this.failure) throw this.failure
  }
  async send(mail: Mail) {
    if (this.failure ?? this.refusal) throw this.failure ?? this.refusal
    this.mails.push(mail)
  }
}

interface World {
  database: Database
  mailer?: Mailer | null
  demo?: boolean
  answerMs?: number
}

async function worldOf({ database: { db }, mailer, demo = false, answerMs = 0 }: World) {
  const post = new Post()
  let now = Date.UTC(2026, 10, 25, 12)
  let slept = 0
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      slept += ms
    },
  }
  const logged: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) })
  const inbox = createInbox({ db, clock, limits: { maxWaiting: 1_000 } })
  const onFile = [ANN, BOB]
  const identity = createIdentity({
    db,
    customers: {
      find: async (id) => onFile.find((customer) => customer.id === id) ?? null,
      findByEmail: async (email) => onFile.find((customer) => customer.email === email.trim().toLowerCase()) ?? null,
    },
    mailer: mailer === undefined ? post : mailer,
    clock,
    log,
    codes: createOneTimeCodes('a-secret'),
    identities: createSessionIdentities({ db, clock, demo }),
    adopt: inbox.adopt,
    shopName: 'Larkfield',
    answerMs,
  })

  /** A visitor with a conversation. */
  async function visitor() {
    const principal: Principal = { customerId: `anonymous:${randomUUID()}`, assurance: 'anonymous', channel: 'web' }
    const say = async (text: string) =>
      (await inbox.accept({ principal: await identity.current(principal), messageId: randomUUID(), text }))
        .conversationId
    const conversationId = await say('hello')
    return {
      principal,
      conversationId,
      say,
      ask: (email: string, turnId: string = randomUUID()) =>
        identity.sendCode({ principal, conversationId, turnId, email }),
      type: (code: string, turnId: string = randomUUID()) =>
        identity.checkCode({ principal, conversationId, turnId, code }),
      now: () => identity.current(principal),
    }
  }

  const ownerOf = async (conversationId: string) =>
    (await db.selectFrom('conversations').select('customer_id').where('id', '=', conversationId).executeTakeFirst())
      ?.customer_id
  return {
    db,
    identity,
    logged,
    post,
    visitor,
    ownerOf,
    latest: () => codeIn(post.mails.at(-1)),
    pass: (ms: number) => {
      now += ms
    },
    slept: () => slept,
  }
}

function verificationContract(name: string, create: () => Promise<string>): void {
  const world = async (options: Omit<World, 'database'> = {}) =>
    worldOf({ database: await open(await create()), ...options })

  describe(name, () => {
    test('the code that was mailed to the address on file makes the session that customer', async () => {
      const { visitor, post, latest, identity, ownerOf } = await world()
      const ann = await visitor()
      expect(await ann.now()).toEqual(ann.principal)
      expect(await ann.ask(' Ann@Example.COM ')).toEqual({ status: 'sent' })
      expect(post.mails.map(({ to }) => to)).toEqual([ANN.email])
      expect(post.mails[0]?.subject).not.toMatch(/\d/)
      const code = latest()
      const verified = await ann.type(` ${code.slice(0, 3)} ${code.slice(3)} `)
      const principal = {
        customerId: ANN.id,
        assurance: 'verified',
        channel: 'web',
        sessionId: ann.principal.customerId,
      }
      expect(verified).toEqual({ status: 'verified', principal })
      expect(await ann.now()).toEqual(principal)
      expect(await identity.current(principal as Principal)).toEqual(principal)
      expect(await ownerOf(ann.conversationId)).toBe(ANN.id)
      expect(await identity.session(await ann.now())).toEqual({
        customer: { id: ANN.id, name: 'Ann' },
        assurance: 'verified',
        method: 'code',
      })
    })

    test('a real mail server receives exactly one mail with the code', async () => {
      const { smtpUrl, received } = await startMailServer()
      const mailer = createSmtpMailer({ smtpUrl, from: 'Larkfield <help@larkfield.example>' })
      const { visitor } = await world({ mailer })
      const ann = await visitor()
      const turnId = randomUUID()
      expect(await ann.ask(ANN.email, turnId)).toEqual({ status: 'sent' })
      expect(await ann.ask(ANN.email, turnId)).toEqual({ status: 'sent' })
      expect(received).toHaveLength(1)
      expect(received[0]).toMatchObject({ to: [{ address: ANN.email }], subject: 'Your one-time code for Larkfield' })
      expect(received[0]?.text?.match(/\d{6}/g)).toHaveLength(1)
      expect(await ann.type(codeIn(received[0]))).toMatchObject({ status: 'verified' })
    })

    test('an address that is not on file is answered like one that is, with as much work and no mail', async () => {
      const { visitor, post, db, slept } = await world({ answerMs: 1_000 })
      const [ann, eve] = [await visitor(), await visitor()]
      const hers = await ann.ask(ANN.email)
      const [checks, waited] = [post.checks, slept()]
      expect(await eve.ask('eve@example.com')).toEqual(hers)
      expect([post.checks, slept()]).toEqual([2 * checks, 2 * waited])
      expect(post.mails.map(({ to }) => to)).toEqual([ANN.email])
      for (let left = 4; left >= 0; left -= 1) expect(await eve.type('000000')).toEqual(await ann.type('000000'))
      expect(await eve.type('000000')).toEqual({ status: 'expired' })
      expect(JSON.stringify(await db.selectFrom('verification_codes').selectAll().execute())).not.toMatch(/example/)
    })

    test('even the right code of an address that is not on file verifies nobody', async () => {
      const { visitor } = await world()
      const eve = await visitor()
      const turnId = randomUUID()
      await eve.ask('eve@example.com', turnId)
      expect(await eve.type(createOneTimeCodes('a-secret').of(turnId).code)).toEqual({ status: 'wrong', triesLeft: 4 })
      expect(await eve.now()).toEqual(eve.principal)
    })

    test('a mail server that is down is the same for everybody, and the same turn may try again', async () => {
      const { visitor, post, latest, logged } = await world()
      const [ann, eve] = [await visitor(), await visitor()]
      post.failure = Object.assign(new Error(`451 <${ANN.email}> try again later`), { code: 'EENVELOPE' })
      const turnId = randomUUID()
      for (let i = 0; i < 4; i += 1) {
        expect(await ann.ask(ANN.email, turnId)).toEqual({ status: 'failed' })
        expect(await eve.ask('eve@example.com')).toEqual({ status: 'failed' })
      }
      expect(await ann.type('000000')).toEqual({ status: 'expired' })
      expect(logged.join()).toContain('EENVELOPE')
      expect(logged.join()).not.toContain('@')
      post.failure = undefined
      expect(await ann.ask(ANN.email, turnId)).toEqual({ status: 'sent' })
      expect(await ann.type(latest())).toMatchObject({ status: 'verified' })
    })

    test('an address on file that bounces is answered like any other', async () => {
      const { visitor, post } = await world()
      post.refusal = new AddressRefused()
      expect(await (await visitor()).ask(ANN.email)).toEqual({ status: 'sent' })
    })

    test('without a way to send mails nothing is sent and nothing kept', async () => {
      const { visitor, db } = await world({ mailer: null })
      expect(await (await visitor()).ask(ANN.email)).toEqual({ status: 'failed' })
      expect(await db.selectFrom('verification_codes').selectAll().execute()).toEqual([])
    })

    test('a turn that was cut off before it knew that the mail was gone mails the same once more', async () => {
      const { visitor, post, db, pass } = await world()
      const ann = await visitor()
      const turnId = randomUUID()
      await ann.ask(ANN.email, turnId)
      await db.updateTable('verification_codes').set({ state: 'sending' }).execute()
      pass(30 * MINUTE)
      expect(await ann.ask(ANN.email, turnId)).toEqual({ status: 'sent' })
      expect(post.mails).toHaveLength(2)
      expect(post.mails[1]).toEqual(post.mails[0])
      expect(await db.selectFrom('verification_codes').selectAll().execute()).toHaveLength(1)
      expect(await ann.type(codeIn(post.mails[0]))).toMatchObject({ status: 'verified' })
    })

    test('five wrong codes are the end of it, also for the right one', async () => {
      const { visitor, latest } = await world()
      const ann = await visitor()
      await ann.ask(ANN.email)
      const wrong = latest() === '111111' ? '222222' : '111111'
      for (const triesLeft of [4, 3, 2, 1, 0]) expect(await ann.type(wrong)).toEqual({ status: 'wrong', triesLeft })
      expect(await ann.type(latest())).toEqual({ status: 'expired' })
      expect(await ann.now()).toEqual(ann.principal)
    })

    test('what is no code at all counts as a wrong one', async () => {
      const { visitor } = await world()
      const ann = await visitor()
      expect(await ann.type('123456')).toEqual({ status: 'expired' })
      await ann.ask(ANN.email)
      for (const [i, typed] of ['', 'yes', '１２３４５６', '9'.repeat(10_000)].entries())
        expect(await ann.type(typed)).toEqual({ status: 'wrong', triesLeft: 4 - i })
    })

    test('a turn that runs again counts its try once and is told the same', async () => {
      const { visitor, latest } = await world()
      const ann = await visitor()
      await ann.ask(ANN.email)
      const [wrongTurn, rightTurn] = [randomUUID(), randomUUID()]
      const wrong = latest() === '111111' ? '222222' : '111111'
      for (let i = 0; i < 7; i += 1) expect(await ann.type(wrong, wrongTurn)).toEqual({ status: 'wrong', triesLeft: 4 })
      const verified = await ann.type(latest(), rightTurn)
      expect(verified).toMatchObject({ status: 'verified' })
      expect(await ann.type(latest(), rightTurn)).toEqual(verified)
      expect(await ann.type(wrong, rightTurn)).toEqual(verified)
    })

    test('tries side by side are all counted', async () => {
      const { visitor, latest, db } = await world()
      const ann = await visitor()
      await ann.ask(ANN.email)
      const wrong = latest() === '111111' ? '222222' : '111111'
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => ann.type(wrong)))
      expect(outcomes.filter(({ status }) => status === 'wrong')).toHaveLength(5)
      expect(await db.selectFrom('verification_codes').select(['tries', 'state']).execute()).toEqual([
        { tries: 5, state: 'spent' },
      ])
    })

    test('a code is good for ten minutes', async () => {
      const { visitor, latest, pass } = await world()
      const ann = await visitor()
      await ann.ask(ANN.email)
      pass(10 * MINUTE)
      expect(await ann.type(latest())).toEqual({ status: 'expired' })
      await ann.ask(ANN.email)
      pass(10 * MINUTE - 1)
      expect(await ann.type(latest())).toMatchObject({ status: 'verified' })
    })

    test('a code is good once, and a newer one takes the place of an older one', async () => {
      const { visitor, post, latest } = await world()
      const ann = await visitor()
      await ann.ask(ANN.email)
      await ann.ask(ANN.email)
      const [older, newer] = post.mails.map(codeIn)
      expect(older).not.toBe(newer)
      expect(await ann.type(older ?? '')).toEqual({ status: 'wrong', triesLeft: 4 })
      expect(await ann.type(newer ?? '')).toMatchObject({ status: 'verified' })
      expect(await ann.type(latest())).toEqual({ status: 'expired' })
    })

    test('a code is useless in another session', async () => {
      const { visitor, latest } = await world()
      const [ann, eve] = [await visitor(), await visitor()]
      await ann.ask(ANN.email)
      expect(await eve.type(latest())).toEqual({ status: 'expired' })
      await eve.ask('eve@example.com')
      expect(await eve.type(codeIn({ text: latest() }))).toEqual({ status: 'wrong', triesLeft: 4 })
      expect(await eve.now()).toEqual(eve.principal)
      expect(await ann.type(latest())).toMatchObject({ status: 'verified' })
    })

    test('three codes an hour a session and an address, whoever asks', async () => {
      const { visitor, pass, post } = await world()
      const ann = await visitor()
      for (let i = 0; i < 3; i += 1) expect(await ann.ask(ANN.email)).toEqual({ status: 'sent' })
      expect(await ann.ask(BOB.email)).toEqual({ status: 'too_many' })
      expect(await (await visitor()).ask(ANN.email)).toEqual({ status: 'too_many' })
      expect(await (await visitor()).ask(BOB.email)).toEqual({ status: 'sent' })
      const eve = await visitor()
      for (let i = 0; i < 3; i += 1) await eve.ask('eve@example.com')
      expect(await (await visitor()).ask('Eve@example.com')).toEqual({ status: 'too_many' })
      expect(post.mails).toHaveLength(4)
      pass(HOUR)
      expect(await ann.ask(ANN.email)).toEqual({ status: 'sent' })
    })

    test('asking side by side finds no room beyond the limit', async () => {
      const { visitor, post } = await world()
      const visitors = await Promise.all(Array.from({ length: 8 }, visitor))
      const answers = await Promise.all(visitors.map(({ ask }) => ask(ANN.email)))
      expect(answers.filter(({ status }) => status === 'sent')).toHaveLength(3)
      expect(post.mails).toHaveLength(3)
    })

    test('all together may ask for three hundred codes an hour', async () => {
      const { visitor, db, pass } = await world()
      const ann = await visitor()
      await ann.ask(ANN.email)
      const [row] = await db.selectFrom('verification_codes').selectAll().execute()
      if (!row) throw new Error('there is no code')
      const others = Array.from({ length: 299 }, (_, i) => ({
        ...row,
        id: `id-${i}`,
        turn_id: `turn-${i}`,
        session_id: `session-${i}`,
        email_hash: `hash-${i}`,
      }))
      await db.insertInto('verification_codes').values(others).execute()
      expect(await (await visitor()).ask(BOB.email)).toEqual({ status: 'too_many' })
      pass(HOUR)
      expect(await (await visitor()).ask(BOB.email)).toEqual({ status: 'sent' })
    })

    test('exactly the session’s own conversations become the customer’s', async () => {
      const { visitor, latest, ownerOf, db } = await world()
      const [ann, stranger] = [await visitor(), await visitor()]
      const second = await ann.say('another matter')
      await ann.ask(ANN.email)
      await ann.type(latest())
      expect([await ownerOf(ann.conversationId), await ownerOf(second)]).toEqual([ANN.id, ANN.id])
      expect(await ownerOf(stranger.conversationId)).toBe(stranger.principal.customerId)
      const keys = await db.selectFrom('inbox').select(['conversation_id', 'dedupe_key']).execute()
      for (const { conversation_id, dedupe_key } of keys)
        expect(dedupe_key.startsWith(`${ANN.id} `)).toBe(conversation_id !== stranger.conversationId)
      expect(await ownerOf(await ann.say('a third one'))).toBe(ANN.id)
    })

    test('after twelve hours the session only claims to be the customer, until a new code', async () => {
      const { visitor, latest, pass, identity } = await world()
      const ann = await visitor()
      await ann.ask(ANN.email)
      await ann.type(latest())
      pass(12 * HOUR - 1)
      expect(await ann.now()).toMatchObject({ customerId: ANN.id, assurance: 'verified' })
      pass(1)
      const claimed = await ann.now()
      expect(claimed).toMatchObject({ customerId: ANN.id, assurance: 'claimed' })
      const { conversationId } = ann
      const request = { principal: claimed, conversationId, email: ANN.email }
      expect(await identity.sendCode({ ...request, turnId: randomUUID() })).toEqual({ status: 'sent' })
      const typed = await identity.checkCode({ ...request, turnId: randomUUID(), code: latest() })
      expect(typed).toMatchObject({ status: 'verified', principal: { customerId: ANN.id, assurance: 'verified' } })
    })

    test('a session that is one customer never becomes another one', async () => {
      const { visitor, latest, pass, post } = await world()
      const ann = await visitor()
      await ann.ask(ANN.email)
      await ann.type(latest())
      pass(13 * HOUR)
      expect(await ann.ask(BOB.email)).toEqual({ status: 'sent' })
      expect(post.mails).toHaveLength(1)
      expect(await ann.now()).toMatchObject({ customerId: ANN.id, assurance: 'claimed' })
    })

    test('nobody proves to be somebody else in a conversation that is a customer’s', async () => {
      const { visitor, latest, post, identity } = await world()
      const [ann, bob] = [await visitor(), await visitor()]
      await ann.ask(ANN.email)
      await ann.type(latest())
      const inHers = { principal: bob.principal, conversationId: ann.conversationId }
      expect(await identity.sendCode({ ...inHers, turnId: randomUUID(), email: BOB.email })).toEqual({ status: 'sent' })
      expect(post.mails).toHaveLength(1)
      await bob.ask(BOB.email)
      const typed = await identity.checkCode({ ...inHers, turnId: randomUUID(), code: latest() })
      expect(typed).toEqual({ status: 'expired' })
      expect(await bob.now()).toEqual(bob.principal)
    })

    test('a customer whom the host vouches for stays as they are', async () => {
      const { identity, visitor } = await world()
      const { conversationId } = await visitor()
      const principal: Principal = { customerId: 'cus_host', assurance: 'verified', channel: 'web' }
      expect(await identity.current(principal)).toEqual(principal)
      const request = { principal, conversationId, turnId: randomUUID() }
      expect(await identity.sendCode({ ...request, email: ANN.email })).toEqual({ status: 'failed' })
      expect(await identity.checkCode({ ...request, code: '123456' })).toEqual({ status: 'expired' })
      expect(await identity.session(principal)).toEqual({
        customer: { id: 'cus_host' },
        assurance: 'verified',
        method: 'host',
      })
    })

    test('who has signed out is nobody, for good', async () => {
      const { identity, visitor, latest, post } = await world({ demo: true })
      const ann = await visitor()
      expect(await identity.signIn(ann.principal, ANN.id)).toBe(true)
      const signedIn = await ann.now()
      await identity.signOut(signedIn)
      expect(await identity.current(signedIn)).toEqual(ann.principal)
      expect(await identity.signIn(ann.principal, ANN.id)).toBe(false)
      await ann.ask(ANN.email)
      expect(post.mails).toHaveLength(1)
      expect(await ann.type(latest())).toEqual({ status: 'expired' })
    })

    test('a demo sign-in counts for nothing once the installation is no demo', async () => {
      const database = await open(await create())
      const before = await worldOf({ database, demo: true })
      const ann = await before.visitor()
      await before.identity.signIn(ann.principal, ANN.id)
      const after = await worldOf({ database })
      expect(await after.identity.current(await ann.now())).toEqual(ann.principal)
    })
  })
}

verificationContract('SQLite', async () => `file:${scratch()}/baton.db`)

describe.skipIf(!TEST_DATABASE_URL)('with a server', () => verificationContract('PostgreSQL', openScratchDatabase))
