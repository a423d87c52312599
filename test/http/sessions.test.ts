import { SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { GatedModel } from '../conversations/gated-model.ts'
import {
  BILLING,
  createSmallShop,
  errorOf,
  PERSON,
  RETURNS,
  type SmallShop,
  smallConfig,
  threadOf,
  turnOf,
} from '../conversations/small-shop.ts'

const SECRET = 'a-secret-of-the-host-application-0123456789'
const AUDIENCE = 'baton'
const encoded = (secret: string) => new TextEncoder().encode(secret)

interface TokenOptions {
  secret?: string
  audience?: string
  expires?: string
  algorithm?: string
}

function tokenFor(
  sub: string,
  { secret = SECRET, audience = AUDIENCE, expires = '5m', algorithm = 'HS256' }: TokenOptions = {},
) {
  return new SignJWT({ sub })
    .setProtectedHeader({ alg: algorithm })
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(encoded(secret))
}

function shopWithTokens(overrides = {}) {
  const config = smallConfig({ CUSTOMER_JWT_SECRET: SECRET, CUSTOMER_JWT_AUDIENCE: AUDIENCE })
  return createSmallShop(overrides, config)
}

/** A customer whom the host application vouches for. */
async function verified(app: SmallShop, sub: string) {
  const customer = app.customer()
  const headers = { Authorization: `Bearer ${await tokenFor(sub)}` }
  return {
    say: (body: Record<string, unknown>) => customer.say(body, headers),
    request: (path: string) => customer.request(path, { headers }),
  }
}

test('an anonymous customer gets a signed, http-only session that owns the conversation', async () => {
  const app = await createSmallShop()
  const response = await app.server.request('/v1/chat', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ text: BILLING }),
  })
  const cookie = response.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/^baton_session=[\w-]+\.[\w-]+\.[\w-]+;/)
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Lax/)
  const { conversationId } = await turnOf(response)
  const [session = ''] = cookie.split(';')
  const get = (Cookie: string) => app.server.request(`/v1/conversations/${conversationId}`, { headers: { Cookie } })
  expect((await get(session)).status).toBe(200)
  const [header, payload, signature] = session.split('.')
  expect(
    await errorOf(get(`${header}.${payload}.${signature?.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`)),
  ).toMatchObject({
    status: 404,
    code: 'conversation.not_found',
  })
  expect(await errorOf(get(''))).toMatchObject({ status: 404 })
})

test('over https the session cookie is for https alone', async () => {
  const app = await createSmallShop()
  const response = await app.customer().say('hello', { 'X-Forwarded-Proto': 'https' })
  expect(response.headers.get('set-cookie')).toMatch(/Secure/)
})

test('a conversation that is not yours reads as one that is not there', async () => {
  const app = await createSmallShop()
  const [ann, bob] = [app.customer(), app.customer()]
  const { conversationId } = await turnOf(ann.say(BILLING))
  await turnOf(bob.say(BILLING))
  const missing = '7f3c1d2e-1111-4222-8333-444455556666'
  for (const path of ['', '/events']) {
    const [notYours, notThere] = await Promise.all(
      [conversationId, missing].map((id) => errorOf(bob.request(`/v1/conversations/${id}${path}`))),
    )
    expect(notYours).toEqual(notThere)
    expect(notYours).toMatchObject({ status: 404, code: 'conversation.not_found' })
  }
  expect(await errorOf(bob.say({ conversationId, text: 'show me' }))).toMatchObject({ status: 404 })
  expect((await threadOf(ann, conversationId)).messages).toHaveLength(2)
})

test('the same messageId of two customers is two messages', async () => {
  const app = await createSmallShop()
  const [ann, bob] = [app.customer(), app.customer()]
  const [hers, his] = await Promise.all([
    turnOf(ann.say({ messageId: 'm-1', text: BILLING })),
    turnOf(bob.say({ messageId: 'm-1', text: RETURNS })),
  ])
  expect(hers.conversationId).not.toBe(his.conversationId)
  expect([hers.route?.to, his.route?.to]).toEqual(['billing', 'returns'])
})

test('a customer with the host’s token is verified, on every device', async () => {
  const app = await shopWithTokens()
  const phone = await verified(app, 'ann')
  const laptop = await verified(app, 'ann')
  const { conversationId } = await turnOf(phone.say({ text: PERSON }))
  expect((await laptop.request(`/v1/conversations/${conversationId}`)).status).toBe(200)
  const bob = await verified(app, 'bob')
  expect((await bob.request(`/v1/conversations/${conversationId}`)).status).toBe(404)
  const { packet } = (await (await app.desk.get(`/conversations/${conversationId}`)).json()) as { packet: unknown }
  expect(packet).toMatchObject({ identity: { level: 'verified' }, customer: { id: 'ann' } })
})

const forged: Record<string, () => Promise<string> | string> = {
  'another secret': () => tokenFor('ann', { secret: 'another-secret-of-the-host-application-0' }),
  'another audience': () => tokenFor('ann', { audience: 'another' }),
  'a date that is over': () => tokenFor('ann', { expires: '-1m' }),
  'another algorithm': () => tokenFor('ann', { algorithm: 'HS512', secret: SECRET.repeat(2) }),
  'no signature': () => new UnsecuredJWT({ sub: 'ann' }).setAudience(AUDIENCE).setExpirationTime('5m').encode(),
  'no expiry': () =>
    new SignJWT({ sub: 'ann' }).setProtectedHeader({ alg: 'HS256' }).setAudience(AUDIENCE).sign(encoded(SECRET)),
  'no subject': () =>
    new SignJWT()
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(AUDIENCE)
      .setExpirationTime('5m')
      .sign(encoded(SECRET)),
  'a subject that looks anonymous': () => tokenFor('anonymous:7f3c1d2e-1111-4222-8333-444455556666'),
  'no token at all': () => '',
  'something else': () => 'not-a-token',
}

test.each(Object.entries(forged))('a token with %s is refused and nothing is stored', async (_name, make) => {
  const app = await shopWithTokens()
  const headers = { Authorization: `Bearer ${await make()}` }
  expect(await errorOf(app.customer().say({ text: BILLING }, headers))).toMatchObject({
    status: 401,
    code: 'session.invalid_token',
  })
  expect(await app.db.selectFrom('inbox').select('id').execute()).toEqual([])
})

test('an installation without customer tokens takes none', async () => {
  const app = await createSmallShop()
  const headers = { Authorization: `Bearer ${await tokenFor('ann')}` }
  expect(await errorOf(app.customer().say({ text: BILLING }, headers))).toMatchObject({ status: 401 })
})

test('an anonymous session that signs in takes its conversations along and no others', async () => {
  const app = await shopWithTokens()
  const [visitor, stranger] = [app.customer(), app.customer()]
  const { conversationId } = await turnOf(visitor.say(BILLING))
  const other = await turnOf(stranger.say(RETURNS))
  const headers = { Authorization: `Bearer ${await tokenFor('ann')}` }
  const signedIn = await visitor.request(`/v1/conversations/${conversationId}`, { headers })
  expect(signedIn.status).toBe(200)
  expect(signedIn.headers.get('set-cookie')).toMatch(/^baton_session=;.*Max-Age=0/)
  const ann = await verified(app, 'ann')
  expect((await ann.request(`/v1/conversations/${conversationId}`)).status).toBe(200)
  expect((await ann.request(`/v1/conversations/${other.conversationId}`)).status).toBe(404)
  expect((await threadOf(stranger, other.conversationId)).messages).toHaveLength(2)
})

test('a message sent before signing in and again after it is one message', async () => {
  const model = new GatedModel()
  const app = await shopWithTokens({ model })
  const visitor = app.customer()
  await turnOf(visitor.say('hello'))
  const before = visitor.say({ messageId: 'm-1', text: BILLING })
  const call = await model.asked(1)
  const headers = { Authorization: `Bearer ${await tokenFor('ann')}` }
  const again = visitor.say({ messageId: 'm-1', text: BILLING }, headers)
  call.answer('Within 5 business days [1].')
  expect(await turnOf(again)).toEqual(await turnOf(before))
  expect(model.calls).toHaveLength(1)
})

test('signing in with an id that the account has used before keeps both messages', async () => {
  const app = await shopWithTokens()
  const ann = await verified(app, 'ann')
  const hers = await turnOf(ann.say({ messageId: 'm-1', text: BILLING }))
  const visitor = app.customer()
  const anonymous = await turnOf(visitor.say({ messageId: 'm-1', text: RETURNS }))
  const headers = { Authorization: `Bearer ${await tokenFor('ann')}` }
  expect((await visitor.request(`/v1/conversations/${anonymous.conversationId}`, { headers })).status).toBe(200)
  expect(await turnOf(ann.say({ messageId: 'm-1', text: BILLING }))).toEqual(hers)
})

test('the desk refuses whoever has no token', async () => {
  const app = await createSmallShop()
  const { conversationId } = await turnOf(app.customer().say(PERSON))
  const paths = [
    ['GET', '/queue'],
    ['GET', `/conversations/${conversationId}`],
    ['GET', '/no-such-page'],
    ...['take-over', 'reply', 'hand-back', 'close'].map((action) => [
      'POST',
      `/conversations/${conversationId}/${action}`,
    ]),
  ]
  for (const [method = '', path] of paths)
    for (const token of [
      undefined,
      'Bearer ',
      'Bearer desk-token-for-tests2',
      'Basic desk-token-for-tests',
      'desk-token-for-tests',
    ])
      expect(
        await errorOf(
          app.server.request(`/v1/desk${path}`, {
            method,
            headers: { 'Content-Type': 'application/json', ...(token !== undefined && { Authorization: token }) },
            ...(method === 'POST' && { body: JSON.stringify({ agent: 'Eve', text: 'hi' }) }),
          }),
        ),
      ).toMatchObject({ status: 401, code: 'desk.unauthorized' })
  expect(await errorOf(app.server.request('/v1/owner/ingest', { method: 'POST', body: '{}' }))).toMatchObject({
    status: 401,
  })
})

test('the desk’s token is no customer and a customer’s cookie no agent', async () => {
  const app = await createSmallShop()
  const customer = app.customer()
  const { conversationId } = await turnOf(customer.say(PERSON))
  expect((await customer.request('/v1/desk/queue')).status).toBe(401)
  const headers = { Authorization: `Bearer ${app.deskToken}` }
  expect((await customer.request(`/v1/conversations/${conversationId}`, { headers })).status).toBe(401)
})
