import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { html } from 'hono/html'
import type { CaughtMail, DemoMailbox } from '../customers/demo-mailbox.ts'
import type { CustomerIdentity } from '../customers/identity.ts'
import type { Sessions } from '../customers/sessions.ts'
import { AppError } from '../errors.ts'
import { onlyFromThisMachine } from './loopback.ts'
import { addRoute, jsonBody, jsonResponse, refusals, valid } from './openapi.ts'
import { type CustomerEnv, forgetSession, newSession, principalOrNew } from './principal.ts'
import { session } from './session.ts'

/** A customer of the demo shop to try it as. */
export interface DemoCustomer {
  id: string
  name: string
  email: string
  /** What they may want, in a sentence. */
  situation: string
  /** What they may write. */
  examples?: string[]
}

/** What the demo offers beside the shop itself. */
export interface Demo {
  /** Customers that anybody on this machine may sign in as; left out where there is no demo sign-in. */
  customers?: DemoCustomer[] | undefined
  /** Where mails are caught; left out where they are sent. */
  mailbox?: DemoMailbox | undefined
}

const refused = refusals({
  401: 'The demo takes no customer tokens.',
  404: 'There is no demo here, or not for this machine.',
})
const refusedBody = refusals({
  400: 'The body is not as it must be.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
})

interface Parts {
  sessions: Sessions
  identity: CustomerIdentity
}

/** `/v1/demo/…` and `/demo/mailbox`, for whoever tries Baton on their own machine. */
export function addDemoRoutes(app: OpenAPIHono<CustomerEnv>, { customers, mailbox }: Demo, parts: Parts): void {
  app.use('/v1/demo/*', onlyFromThisMachine)
  app.use('/demo/*', onlyFromThisMachine)
  if (customers) addSignIn(app, customers, parts)
  if (mailbox) addMailbox(app, mailbox)
}

function addSignIn(app: OpenAPIHono<CustomerEnv>, customers: DemoCustomer[], { sessions, identity }: Parts): void {
  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/demo/customers',
      summary: 'Customers of the demo shop to sign in as; only with the demo, from this machine',
      responses: { 200: jsonResponse(demoCustomers, 'The customers.'), ...refused },
    }),
    async (c) => {
      c.header('Cache-Control', 'no-store')
      const { customer } = await identity.session(c.get('principal'))
      return c.json({ customers, signedInAs: customer?.id ?? null })
    },
  )
  addRoute(
    app,
    createRoute({
      method: 'post',
      path: '/v1/demo/sign-in',
      summary: 'Sign in as a customer of the demo shop',
      request: { body: jsonBody(signIn) },
      responses: {
        200: jsonResponse(session, 'Signed in; an anonymous session brings its conversations.'),
        ...refused,
        ...refusedBody,
      },
    }),
    async (c) => {
      const { customerId } = valid(c, 'json', signIn)
      if (!customers.some(({ id }) => id === customerId))
        throw new AppError('demo.no_such_customer', 404, 'There is no such customer in the demo.')
      let principal = await principalOrNew(c, sessions)
      if (!(await identity.signIn(principal, customerId))) {
        await identity.signOut(principal)
        principal = await newSession(c, sessions)
        await identity.signIn(principal, customerId)
      }
      return c.json(await identity.session(await identity.current(principal)))
    },
  )
  addRoute(
    app,
    createRoute({
      method: 'post',
      path: '/v1/demo/sign-out',
      summary: 'Sign out; the next message is a newcomer’s',
      // A body, so that it must be JSON, which a form of another site cannot send.
      request: { body: jsonBody(z.strictObject({})) },
      responses: {
        200: jsonResponse(session, 'Signed out.'),
        ...refused,
        ...refusedBody,
      },
    }),
    async (c) => {
      const principal = c.get('principal')
      if (principal) await identity.signOut(principal)
      forgetSession(c)
      return c.json(await identity.session(null))
    },
  )
}

function addMailbox(app: OpenAPIHono<CustomerEnv>, mailbox: DemoMailbox): void {
  addRoute(
    app,
    createRoute({
      method: 'get',
      path: '/v1/demo/mailbox',
      summary: 'Mails that the demo caught instead of sending them, the latest first',
      responses: { 200: jsonResponse(mails, 'The mails.'), ...refused },
    }),
    async (c) => {
      c.header('Cache-Control', 'no-store')
      return c.json({ mails: await mailbox.list() })
    },
  )
  app.get('/demo/mailbox', async (c) => {
    c.header('Cache-Control', 'no-store')
    return c.html(await mailboxPage(await mailbox.list()))
  })
}

function mailboxPage(mails: CaughtMail[]) {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Demo mailbox</title></head>
<body>
<main>
<h1>Demo mailbox</h1>
<p>Mails that would go to customers, the latest first. Nothing leaves this machine: no SMTP_URL is set.</p>
${mails.length === 0 ? html`<p>No mail yet. Reload the page when one is due.</p>` : mails.map(mailArticle)}
</main>
</body>
</html>
`
}

function mailArticle({ to, subject, text, at }: CaughtMail) {
  return html`<article>
<h2>${subject}</h2>
<p>To ${to}, <time datetime="${at}">${at}</time></p>
<pre>${text}</pre>
</article>
`
}

const signIn = z.strictObject({ customerId: z.string().min(1).max(200) })

const demoCustomers = z
  .object({
    customers: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        email: z.string(),
        situation: z.string(),
        examples: z.array(z.string()).optional(),
      }),
    ),
    signedInAs: z.string().nullable(),
  })
  .meta({ id: 'DemoCustomers' })

const mails = z
  .object({
    mails: z.array(
      z.object({ id: z.string(), to: z.string(), subject: z.string(), text: z.string(), at: z.iso.datetime() }),
    ),
  })
  .meta({ id: 'DemoMails' })
