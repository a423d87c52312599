import { createTransport } from 'nodemailer'

/** A mail as plain text. */
export interface Mail {
  /** Of this mail alone: the same one sent again carries the same id, so that its receiver can tell. */
  id: string
  to: string
  subject: string
  text: string
}

/** Sends mails to customers. */
export interface Mailer {
  /**
   * Resolves when the mail is with whoever delivers it.
   * @throws {AddressRefused} when the mail server takes mails, but none to this address
   */
  send(mail: Mail): Promise<void>
  /** Goes as far as sending does without a mail. @throws when no mail could be sent now */
  check(): Promise<void>
}

/** The mail server does not know the address, or wants nothing to do with it. */
export class AddressRefused extends Error {
  constructor() {
    super('The mail server refuses the address.')
    this.name = 'AddressRefused'
  }
}

/** Milliseconds. A customer waits for the answer meanwhile. */
const CONNECT_MS = 5_000
const SILENCE_MS = 10_000

/** Sends through the SMTP server of `smtpUrl`. */
export function createSmtpMailer({ smtpUrl, from }: { smtpUrl: string; from: string }): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const host = from.replace(/>$/, '').split('@').at(-1)
  return {
    async send({ id, to, subject, text }) {
      const mail = {
        from,
        to: { name: '', address: to },
        subject,
        text,
        messageId: `<${id}@${host}>`,
        // No out-of-office answers to a code.
        headers: { 'Auto-Submitted': 'auto-generated' },
      }
      await transport.sendMail(mail).catch((error: Error & { command?: string }) => {
        throw error.command === 'RCPT TO' ? new AddressRefused() : error
      })
    },
    async check() {
      await transport.verify()
    },
  }
}
