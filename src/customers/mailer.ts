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

/** How long the mail server may take for each step, in milliseconds. A customer waits for the answer meanwhile. */
const STEP_MS = 5_000

/** Sends through the SMTP server of `smtpUrl`. @param options `stepMs`: the longest wait for each answer of the server */
export function createSmtpMailer({
  smtpUrl,
  from,
  stepMs = STEP_MS,
}: {
  smtpUrl: string
  from: string
  stepMs?: number
}): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: stepMs,
    greetingTimeout: stepMs,
    dnsTimeout: stepMs,
    socketTimeout: stepMs,
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
