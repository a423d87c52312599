import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import type { MessageResult } from '../conversations/conversations.ts'
import { AppError } from '../errors.ts'
import type { Stage } from './stage.ts'

/** What the application answered to a message. */
export type Answered = Pick<MessageResult, 'status' | 'reply' | 'conversationId'> | { status: 'refused'; why: string }

/** Somebody at a browser of their own, through the application's HTTP interface. */
export interface Visitor {
  readonly conversationId: string | undefined
  /** What they have typed so far. */
  readonly typed: string[]
  signIn(customerId: string): Promise<void>
  /** Sends messages one right after the other, without waiting for answers in between. */
  say(texts: string[], options?: { twice?: boolean }): Promise<Answered[]>
  /** The latest code in the demo's mailbox for an address; undefined where there is none. */
  code(email: string): Promise<string | undefined>
  beginAnew(): void
}

const TRIES = 8
const AGAIN_MS = 250

interface Message {
  text: string
  messageId: string
}

const accepted = z.object({ conversationId: z.string() })
const mails = z.object({ mails: z.array(z.object({ to: z.string(), text: z.string() })) })
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

export function createVisitor(stage: Stage): Visitor {
  let cookie = ''
  let conversationId: string | undefined
  const typed: string[] = []

  async function request(path: string, body?: object, accept = 'application/json'): Promise<Response> {
    const headers = new Headers({ Accept: accept, ...(cookie && { Cookie: cookie }) })
    if (body) headers.set('Content-Type', 'application/json')
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
    const response = await stage.app.server.request(path, init)
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }

  /** As a page does it: what was not acknowledged is sent again under its own id. */
  async function send(message: Message, onAccepted: (conversationId: string) => void): Promise<Answered> {
    for (let tries = 1; ; tries += 1) {
      const crashed = stage.crashed.then(() => 'crashed' as const)
      const told = await Promise.race([tell(message, onAccepted), crashed])
      if (told === 'crashed') {
        await stage.restart()
        continue
      }
      if (!('again' in told)) return told
      if (tries === TRIES) return { status: 'refused', why: told.again }
      await setTimeout(AGAIN_MS)
    }
  }

  async function tell(message: Message, onAccepted: (conversationId: string) => void) {
    const body = { ...message, ...(conversationId && { conversationId }) }
    const response = await request('/v1/chat', body, 'text/event-stream')
    if (!response.ok) {
      const { error } = refusal.parse(await response.json())
      return response.status === 503 ? { again: error.message } : { status: 'refused' as const, why: error.message }
    }
    for await (const { event, data } of eventsOf(response)) {
      if (event === 'accepted') onAccepted(accepted.parse(data).conversationId)
      if (event === 'done') return data as Answered
      if (event === 'error') return { again: refusal.parse({ error: data }).error.message }
    }
    return { again: 'the connection was cut' }
  }

  return {
    get conversationId() {
      return conversationId
    },
    typed,
    async signIn(customerId) {
      const response = await request('/v1/demo/sign-in', { customerId })
      if (!response.ok) throw new AppError('simulate.sign_in', 500, `${customerId} could not sign in.`)
    },
    async say(texts, { twice = false } = {}) {
      const sent: Promise<Answered>[] = []
      for (const text of texts) {
        typed.push(text)
        const message = { text, messageId: randomUUID() }
        // Only when one is stored is it known which conversation the next one belongs to.
        const stored = new Promise<void>((resolve) => {
          const answer = send(message, (id) => {
            conversationId = id
            resolve()
          })
          sent.push(answer)
          answer.then(
            () => resolve(),
            () => resolve(),
          )
        })
        await stored
        if (twice) sent.push(send(message, () => {}))
      }
      return Promise.all(sent)
    },
    async code(email) {
      const response = await request('/v1/demo/mailbox')
      const mail = mails.parse(await response.json()).mails.find(({ to }) => to === email)
      return /\b\d{6}\b/.exec(mail?.text ?? '')?.[0]
    },
    beginAnew() {
      conversationId = undefined
    },
  }
}

/** The server-sent events of a response, as they come. */
async function* eventsOf(response: Response): AsyncGenerator<{ event: string; data: unknown }> {
  let left = ''
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    const blocks = (left + decoder.decode(bytes, { stream: true })).split('\n\n')
    left = blocks.pop() ?? ''
    for (const block of blocks) {
      const event = /^event: ?(.*)$/m.exec(block)?.[1]
      const data = /^data: ?(.*)$/m.exec(block)?.[1]
      if (event && data) yield { event, data: JSON.parse(data) }
    }
  }
}
