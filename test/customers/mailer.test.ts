import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { AddressRefused, createSmtpMailer } from '../../src/customers/mailer.ts'
import { startMailServer } from './mail-server.ts'

const FROM = 'Larkfield <help@larkfield.example>'
const MAIL = { id: 'code-1', to: 'ann@example.com', subject: 'Your code', text: 'It is 123456.\n' }

test('a mail arrives as it was written, with its own Message-ID, and wants no automatic answer', async () => {
  const { smtpUrl, received } = await startMailServer()
  await createSmtpMailer({ smtpUrl, from: FROM }).send(MAIL)
  expect(received).toHaveLength(1)
  expect(received[0]).toMatchObject({
    from: { name: 'Larkfield', address: 'help@larkfield.example' },
    to: [{ address: 'ann@example.com' }],
    subject: 'Your code',
    text: expect.stringContaining('It is 123456.'),
    messageId: '<code-1@larkfield.example>',
  })
  expect(received[0]?.headers).toContainEqual(
    expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }),
  )
})

test('what is in an address reaches nobody else', async () => {
  const { smtpUrl, received } = await startMailServer()
  const to = 'ann@example.com, eve@example.com'
  const sent = createSmtpMailer({ smtpUrl, from: FROM }).send({ ...MAIL, to })
  await sent.catch(() => {})
  expect(received.flatMap((mail) => mail.to?.map(({ address }) => address) ?? [])).not.toContain('eve@example.com')
})

test('checking goes as far as the mail server and sends nothing', async () => {
  const { smtpUrl, received, connections, stop } = await startMailServer()
  const mailer = createSmtpMailer({ smtpUrl, from: FROM })
  await mailer.check()
  expect([connections(), received.length]).toEqual([1, 0])
  await stop()
  await expect(mailer.check()).rejects.toThrow()
  await expect(mailer.send(MAIL)).rejects.toThrow()
})

test('an address that the mail server refuses is told from a mail server that takes no mails', async () => {
  const picky = await startMailServer({ address: MAIL.to })
  await expect(createSmtpMailer({ smtpUrl: picky.smtpUrl, from: FROM }).send(MAIL)).rejects.toThrow(AddressRefused)
  const closed = await startMailServer({ sender: true })
  const sent = createSmtpMailer({ smtpUrl: closed.smtpUrl, from: FROM }).send(MAIL)
  await expect(sent).rejects.not.toThrow(AddressRefused)
})

test('a mail server that says nothing is given up', async () => {
  const sockets: Socket[] = []
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as { port: number }
  const mailer = createSmtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: FROM, stepMs: 50 })
  await expect(mailer.check()).rejects.toThrow(/timeout|greeting/i)
})

test.each([
  [{ SMTP_URL: 'mail.example.com' }, /SMTP_URL: an address such as smtp:/],
  [{ SMTP_URL: 'https://mail.example.com', MAIL_FROM: 'a@b.example' }, /SMTP_URL: an address such as smtp:/],
  [{ SMTP_URL: 'smtp://', MAIL_FROM: 'a@b.example' }, /SMTP_URL: an address such as smtp:/],
  [{ SMTP_URL: 'smtp://mail.example.com' }, /MAIL_FROM: needed with SMTP_URL/],
  [{ SMTP_URL: 'smtp://mail.example.com', MAIL_FROM: 'the shop' }, /MAIL_FROM: an address, or Name <address>/],
  [{ SMTP_URL: 'smtp://m.example', MAIL_FROM: 'a@b.example\r\nBcc: c@d.example' }, /MAIL_FROM: an address/],
  [{ SMTP_URL: 'ftp://user:hunter2@mail.example.com', MAIL_FROM: 'a@b.example' }, /^(?!.*hunter2).*SMTP_URL/s],
])('%j stops the start and says why', (env, problem) => {
  expect(() => loadConfig(env)).toThrow(problem)
})

test('a mail server and a sender are a mail configuration', () => {
  const env = { SMTP_URL: 'smtps://user:p%40ss@mail.example.com:465', MAIL_FROM: FROM }
  expect(loadConfig(env).mail).toEqual({ smtpUrl: env.SMTP_URL, from: FROM })
  expect(loadConfig({}).mail).toBeUndefined()
})
