import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'

/** A mail server that keeps what it gets; gone when the test ends. */
export async function startMailServer(refuses: { address?: string; sender?: boolean } = {}) {
  const received: Email[] = []
  let connections = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onConnect(_session, done) {
      connections += 1
      done()
    },
    onMailFrom(_address, _session, done) {
      done(refuses.sender ? refusal('this sender may not') : undefined)
    },
    onRcptTo({ address }, _session, done) {
      done(address === refuses.address ? refusal('no such mailbox') : undefined)
    },
    onData(stream, _session, done) {
      text(stream)
        .then((raw) => PostalMime.parse(raw))
        .then((mail) => received.push(mail))
        .then(() => done(), done)
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const stop = () => new Promise<void>((resolve) => server.close(resolve))
  onTestFinished(stop)
  return { smtpUrl: `smtp://127.0.0.1:${port}`, received, connections: () => connections, stop }
}

function refusal(message: string) {
  return Object.assign(new Error(message), { responseCode: 550 })
}

/** The six digits in a mail. */
export function codeIn(mail: { text?: string | undefined } | undefined): string {
  const code = mail?.text?.match(/\b\d{6}\b/)?.[0]
  if (!code) throw new Error('there is no code in the mail')
  return code
}
