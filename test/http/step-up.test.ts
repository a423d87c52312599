import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import type { Principal } from '../../graphs/context.ts'
import { GatedModel } from '../conversations/gated-model.ts'
import { BILLING, deskViewOf, eventually, PERSON, RETURNS, threadOf, turnOf } from '../conversations/small-shop.ts'
import { codeIn, startMailServer } from '../customers/mail-server.ts'
import { ANN, BOB, createDemo, type DemoApp } from './demo-shop.ts'
import { readEvents } from './event-reader.ts'

/** The session that began a conversation, as the turn's context has it. */
async function sessionIn(app: DemoApp, conversationId: string): Promise<Principal> {
  const { customer_id } = await app.db
    .selectFrom('conversations')
    .select('customer_id')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  return { customerId: customer_id, assurance: 'anonymous', channel: 'web' }
}

/** Proves in a conversation who the customer is, as its turns would. */
async function prove(app: DemoApp, conversationId: string, { email } = ANN): Promise<Principal> {
  const principal = await sessionIn(app, conversationId)
  const request = { principal, conversationId, email }
  expect(await app.identity.sendCode({ ...request, turnId: randomUUID() })).toEqual({ status: 'sent' })
  const body = (await (await app.server.request('/v1/demo/mailbox')).json()) as { mails: { text: string }[] }
  const checked = await app.identity.checkCode({ ...request, turnId: randomUUID(), code: codeIn(body.mails[0]) })
  expect(checked).toMatchObject({ status: 'verified' })
  return principal
}

test('a code by mail makes the browser’s session that customer, with its conversations and no others', async () => {
  const mailServer = await startMailServer()
  const app = await createDemo({}, { SMTP_URL: mailServer.smtpUrl, MAIL_FROM: 'help@larkfield.example' })
  const [visitor, stranger] = [app.customer(), app.customer()]
  const { conversationId } = await turnOf(visitor.say(BILLING))
  const other = await turnOf(stranger.say(RETURNS))
  const principal = await sessionIn(app, conversationId)
  const request = { principal, conversationId, email: ANN.email }
  await app.identity.sendCode({ ...request, turnId: randomUUID() })
  expect(mailServer.received).toHaveLength(1)
  const turnId = randomUUID()
  await app.identity.checkCode({ ...request, turnId, code: codeIn(mailServer.received[0]) })
  expect(await (await visitor.request('/v1/session')).json()).toEqual({
    customer: { id: ANN.id, name: ANN.name },
    assurance: 'verified',
    method: 'code',
  })
  expect(await threadOf(visitor, conversationId)).toMatchObject({ customer: { id: ANN.id } })
  expect((await visitor.request(`/v1/conversations/${other.conversationId}`)).status).toBe(404)
  expect(await threadOf(stranger, other.conversationId)).toMatchObject({
    customer: { id: (await sessionIn(app, other.conversationId)).customerId },
  })
  expect(await turnOf(visitor.say({ conversationId, text: BILLING }))).toMatchObject({ status: 'answered' })
})

test('an open stream goes on through a verification, and is over for a session that signs out', async () => {
  const app = await createDemo()
  const visitor = app.customer()
  const { conversationId } = await turnOf(visitor.say(BILLING))
  const stream = readEvents(await visitor.request(`/v1/conversations/${conversationId}/events`))
  await stream.until((events) => events.filter(({ event }) => event === 'message').length === 2)
  const principal = await prove(app, conversationId)
  await turnOf(visitor.say({ conversationId, text: RETURNS }))
  const seen = await stream.until((events) => events.filter(({ event }) => event === 'message').length === 4)
  expect(seen.filter(({ event }) => event === 'error')).toEqual([])
  await app.identity.signOut(await app.identity.current(principal))
  await turnOf(app.desk.post(conversationId, 'take-over', { agent: 'Mara' }))
  expect((await stream.rest()).at(-1)).toMatchObject({ event: 'error', data: { code: 'conversation.not_found' } })
})

test('a message in flight keeps its answer when its sender is verified meanwhile', async () => {
  const model = new GatedModel()
  const app = await createDemo({ model })
  const visitor = app.customer()
  const { conversationId } = await turnOf(visitor.say('hello'))
  const plain = visitor.say({ conversationId, messageId: 'm-1', text: BILLING })
  const call = await model.asked(1)
  const streamed = readEvents(
    await visitor.say({ conversationId, messageId: 'm-1', text: BILLING }, { Accept: 'text/event-stream' }),
  )
  await prove(app, conversationId)
  const again = visitor.say({ conversationId, messageId: 'm-1', text: BILLING })
  call.answer('Within 5 business days [1].')
  const answer = await turnOf(plain)
  expect(answer).toMatchObject({ status: 'answered' })
  expect(await turnOf(again)).toEqual(answer)
  expect((await streamed.rest()).map(({ event }) => event)).toContain('done')
  expect(model.calls).toHaveLength(1)
})

test('requests beside a verification find the conversation before, during and after it', async () => {
  const app = await createDemo()
  const visitor = app.customer()
  const { conversationId } = await turnOf(visitor.say(BILLING))
  let over = false
  const looking = Array.from({ length: 4 }, async () => {
    const statuses = new Set<number>()
    while (!over) statuses.add((await visitor.request(`/v1/conversations/${conversationId}`)).status)
    return [...statuses]
  })
  await prove(app, conversationId)
  over = true
  expect(await Promise.all(looking)).toEqual(looking.map(() => [200]))
})

test('the person who takes over is told how sure it is who the customer is by now', async () => {
  const model = new GatedModel()
  const app = await createDemo({ model })
  const visitor = app.customer()
  const { conversationId } = await turnOf(visitor.say('hello'))
  const asking = visitor.say({ conversationId, text: BILLING })
  const call = await model.asked(1)
  await prove(app, conversationId)
  const takeOver = app.desk.post(conversationId, 'take-over', { agent: 'Mara' })
  await eventually(() => app.db.selectFrom('inbox').select('id').where('kind', '=', 'take-over').executeTakeFirst())
  call.answer('Within 5 business days [1].')
  await turnOf(takeOver)
  await turnOf(asking)
  const { packet } = await deskViewOf(app, conversationId)
  expect(packet).toMatchObject({ identity: { level: 'verified' }, customer: { id: ANN.id } })
})

test('what a session was told as one customer is not for another one whom the host vouches for', async () => {
  const secret = 'a-secret-of-the-host-application-0123456789'
  const app = await createDemo({}, { CUSTOMER_JWT_SECRET: secret, CUSTOMER_JWT_AUDIENCE: 'baton' })
  const visitor = app.customer()
  const { conversationId } = await turnOf(visitor.say(PERSON))
  await prove(app, conversationId)
  const token = await new SignJWT({ sub: BOB.id })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience('baton')
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secret))
  const headers = { Authorization: `Bearer ${token}` }
  expect((await visitor.request(`/v1/conversations/${conversationId}`, { headers })).status).toBe(404)
  const bob = await (await visitor.request('/v1/session', { headers })).json()
  expect(bob).toEqual({ customer: { id: BOB.id, name: BOB.name }, assurance: 'verified', method: 'host' })
})
