import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { session } from '../../src/http/session.ts'
import { serve } from '../../src/main.ts'
import { BILLING, createSmallShop, errorOf, smallConfig, turnOf } from '../conversations/small-shop.ts'
import { codeIn } from '../customers/mail-server.ts'
import { ANN, BOB, createDemo, type DemoApp, demoCustomers, json, systems } from './demo-shop.ts'

const HOST_TOKENS = {
  CUSTOMER_JWT_SECRET: 'a-secret-of-the-host-application-0123456789',
  CUSTOMER_JWT_AUDIENCE: 'baton',
}
const NOBODY = { customer: null, assurance: 'anonymous' }
const SIGN_IN: [string, RequestInit][] = [
  ['/v1/demo/customers', {}],
  ['/v1/demo/sign-in', json({ customerId: ANN.id })],
  ['/v1/demo/sign-out', json({})],
]
const MAILBOX: [string, RequestInit][] = [
  ['/v1/demo/mailbox', {}],
  ['/demo/mailbox', {}],
]

type Browser = ReturnType<DemoApp['customer']>

const sessionOf = async (browser: Browser) => session.parse(await (await browser.request('/v1/session')).json())
const signIn = async (browser: Browser, customerId: string) =>
  session.parse(await (await browser.request('/v1/demo/sign-in', json({ customerId }))).json())

async function mailACode(app: DemoApp, email = ANN.email) {
  const browser = app.customer()
  const { conversationId, turnId } = await turnOf(browser.say(BILLING))
  const { customer_id: customerId } = await app.db
    .selectFrom('conversations')
    .select('customer_id')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  const principal = { customerId, assurance: 'anonymous' as const, channel: 'web' }
  return { browser, sent: await app.identity.sendCode({ principal, conversationId, turnId, email }) }
}

test('a newcomer becomes a demo customer, keeps the conversation, and signs out', async () => {
  const app = await createDemo()
  const browser = app.customer()
  expect(await sessionOf(browser)).toEqual(NOBODY)
  expect(await (await browser.request('/v1/demo/customers')).json()).toEqual({
    customers: demoCustomers,
    signedInAs: null,
  })
  const { conversationId } = await turnOf(browser.say(BILLING))
  const ann = { customer: { id: ANN.id, name: ANN.name }, assurance: 'verified', method: 'demo' }
  expect(await signIn(browser, ANN.id)).toEqual(ann)
  expect(await sessionOf(browser)).toEqual(ann)
  expect(await (await browser.request('/v1/demo/customers')).json()).toMatchObject({ signedInAs: ANN.id })
  expect(await browser.thread(conversationId)).toMatchObject({ customer: { id: ANN.id } })
  expect(await turnOf(browser.say({ conversationId, text: BILLING }))).toMatchObject({ status: 'answered' })
  const out = await browser.request('/v1/demo/sign-out', json({}))
  expect(await out.json()).toEqual(NOBODY)
  expect(await sessionOf(browser)).toEqual(NOBODY)
  expect(await errorOf(browser.request(`/v1/conversations/${conversationId}`))).toMatchObject({ status: 404 })
})

test('a demo customer finds their conversations again in another browser', async () => {
  const app = await createDemo()
  const [one, other] = [app.customer(), app.customer()]
  await signIn(one, ANN.id)
  const { conversationId } = await turnOf(one.say(BILLING))
  await signIn(other, ANN.id)
  expect(await other.thread(conversationId)).toMatchObject({ id: conversationId })
})

test('signing in as somebody else leaves everything of the first one behind', async () => {
  const app = await createDemo()
  const browser = app.customer()
  await signIn(browser, ANN.id)
  const { conversationId } = await turnOf(browser.say(BILLING))
  expect(await signIn(browser, BOB.id)).toMatchObject({ customer: { id: BOB.id } })
  expect(await errorOf(browser.request(`/v1/conversations/${conversationId}`))).toMatchObject({ status: 404 })
  const his = await turnOf(browser.say(BILLING))
  expect(await browser.thread(his.conversationId)).toMatchObject({ customer: { id: BOB.id } })
})

test('a session that has signed out stays signed out, also for who kept its cookie', async () => {
  const app = await createDemo()
  const begun = await app.server.request('/v1/demo/sign-in', json({ customerId: ANN.id }))
  const Cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? ''
  const ask = async () => (await app.server.request('/v1/session', { headers: { Cookie } })).json()
  expect(await ask()).toMatchObject({ customer: { id: ANN.id } })
  const { headers, ...out } = json({})
  await app.server.request('/v1/demo/sign-out', { ...out, headers: { ...(headers as object), Cookie } })
  expect(await ask()).toEqual(NOBODY)
})

test('only customers of the demo can be signed in as', async () => {
  const app = await createDemo()
  const browser = app.customer()
  const refused = await errorOf(browser.request('/v1/demo/sign-in', json({ customerId: 'cus_eve' })))
  expect(refused).toMatchObject({ status: 404, code: 'demo.no_such_customer' })
  expect(await sessionOf(browser)).toEqual(NOBODY)
})

test('a form of another site can sign nobody in or out', async () => {
  const app = await createDemo()
  for (const [path, init] of SIGN_IN.slice(1))
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const request = app.server.request(path, { ...init, headers: { 'Content-Type': type } })
      expect(await errorOf(request)).toMatchObject({ status: 415, code: 'request.not_json' })
    }
})

test.each([
  ['a page whose own name points here', 'http://evil.example:3000', {}],
  ['the local network', 'http://192.168.1.7:3000', {}],
  ['a name that only looks like this machine', 'http://127.0.0.1.evil.example', {}],
  ['a name that ends like this machine', 'http://notlocalhost', {}],
  ['behind a proxy', 'http://127.0.0.1:3000', { 'X-Forwarded-For': '203.0.113.7' }],
  ['behind another proxy', 'http://localhost', { Forwarded: 'for=203.0.113.7' }],
  ['behind a proxy that only says so', 'http://localhost', { Via: '1.1 gateway' }],
  ['behind a proxy that ends TLS', 'http://localhost', { 'X-Forwarded-Proto': 'https' }],
])('there is no demo for %s', async (_name, origin, extra) => {
  const app = await createDemo()
  for (const [path, init] of [...SIGN_IN, ...MAILBOX]) {
    const headers = { ...(init.headers as object), ...extra }
    const refused = await errorOf(app.server.request(`${origin}${path}`, { ...init, headers }))
    expect(refused, path).toMatchObject({ status: 404, code: 'request.not_found' })
  }
})

test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])(
  'the demo answers at %s',
  async (origin) => {
    const app = await createDemo()
    expect((await app.server.request(`${origin}/v1/demo/customers`)).status).toBe(200)
  },
)

test.each([
  ['without a demo shop', () => createSmallShop({ systems })],
  ['on an address that others reach', () => createDemo({}, { HOST: '0.0.0.0' })],
  ['on a name that others reach', () => createDemo({}, { HOST: 'baton.example' })],
])('there is no demo %s', async (_name, create) => {
  const app = await create()
  for (const [path, init] of [...SIGN_IN, ...MAILBOX])
    expect(await errorOf(app.server.request(path, init)), path).toMatchObject({ status: 404 })
})

test('there is no demo sign-in where a host application vouches for customers', async () => {
  const app = await createDemo({}, HOST_TOKENS)
  for (const [path, init] of SIGN_IN)
    expect(await errorOf(app.server.request(path, init)), path).toMatchObject({ status: 404 })
})

test('there is no demo mailbox where mails are sent', async () => {
  const app = await createDemo({}, { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'help@larkfield.example' })
  for (const [path, init] of MAILBOX)
    expect(await errorOf(app.server.request(path, init)), path).toMatchObject({ status: 404 })
  expect((await app.server.request('/v1/demo/customers')).status).toBe(200)
})

test('over a real connection the demo looks at who is calling and whom they name', async () => {
  const server = await serve(smallConfig({ PORT: '0' }), undefined, { demoCustomers })
  try {
    expect((await fetch(`${server.url}/v1/demo/customers`)).status).toBe(200)
    // fetch would not let the Host header be set.
    const status = await new Promise((resolve, reject) => {
      const headers = { Host: 'evil.example' }
      request(`${server.url}/v1/demo/customers`, { headers }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(404)
    // As nginx forwards unless told otherwise.
    const { port } = new URL(server.url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.end(`GET /v1/demo/customers HTTP/1.0\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.[01] 404 /)
  } finally {
    await server.stop()
  }
})

test('the demo mailbox shows the code, and whoever types it is that customer', async () => {
  const app = await createDemo()
  const { browser, sent } = await mailACode(app)
  expect(sent).toEqual({ status: 'sent' })
  const body = mailboxBody.parse(await (await browser.request('/v1/demo/mailbox')).json())
  expect(body.mails.map(({ to }) => to)).toEqual([ANN.email])
  const page = await browser.request('/demo/mailbox')
  expect(page.headers.get('content-type')).toMatch(/^text\/html/)
  expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/)
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(await page.text()).toContain(codeIn(body.mails[0]))
})

test('the mailbox page shows a mail as the text it is', async () => {
  const app = await createDemo()
  await mailACode(app, BOB.email)
  const page = await (await app.server.request('/demo/mailbox')).text()
  expect(page).toContain('Hello Bob &lt;b&gt;Byrne&lt;/b&gt;,')
  expect(page).not.toContain('<b>')
})

test('an empty mailbox says so, and a full one keeps the last twenty mails', async () => {
  const app = await createDemo()
  expect(await (await app.server.request('/demo/mailbox')).text()).toContain('No mail yet')
  const mails = Array.from({ length: 25 }, (_, i) => ({
    id: `mail-${i}`,
    recipient: ANN.email,
    subject: 'A mail',
    body: 'Hello',
    sent_at: i,
  }))
  await app.db.insertInto('demo_mails').values(mails).execute()
  await mailACode(app)
  const body = mailboxBody.parse(await (await app.server.request('/v1/demo/mailbox')).json())
  expect(body.mails).toHaveLength(20)
  expect(body.mails[0]?.subject).toMatch(/one-time code/)
  expect(await app.db.selectFrom('demo_mails').selectAll().execute()).toHaveLength(20)
})

test('the OpenAPI document lists what the demo adds', async () => {
  const paths = async (app: DemoApp) => {
    const document = z.object({ paths: z.record(z.string(), z.unknown()) })
    return Object.keys(document.parse(await (await app.server.request('/openapi.json')).json()).paths)
  }
  expect(await paths(await createDemo())).toEqual(expect.arrayContaining(SIGN_IN.map(([path]) => path)))
  expect((await paths(await createSmallShop({ systems }))).filter((path) => path.includes('demo'))).toEqual([])
})

const mailboxBody = z.object({
  mails: z.array(
    z.object({ id: z.string(), to: z.string(), subject: z.string(), text: z.string(), at: z.iso.datetime() }),
  ),
})
