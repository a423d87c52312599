import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { type Config, loadConfig } from '../config.ts'
import type { MessageResult } from '../conversations/conversations.ts'
import { createLog } from '../log.ts'
import { post } from './post.ts'

/** `baton chat`: a conversation in the terminal, with a running server or in this process. */
export function addChatCommand(program: Command): void {
  program
    .command('chat')
    .description('a conversation in the terminal; an empty line ends it')
    .option('--url <url>', 'a running server; without it the one that owns the database, or this process', address)
    .action(async ({ url }: { url?: string }) => {
      const talk = await talkTo(url)
      const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: 'You: ' })
      try {
        lines.prompt()
        for await (const line of lines) {
          if (line.trim() === '') break
          show(await talk.send(line))
          lines.prompt()
        }
      } finally {
        lines.close()
        await talk.end()
      }
    })
}

function address(text: string): string {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) throw new InvalidArgumentError('an http or https address')
  return text
}

interface Talk {
  send(text: string): Promise<MessageResult>
  end(): Promise<void>
}

/** With the server that is named, or that owns the database; without one, in this process. */
async function talkTo(named: string | undefined): Promise<Talk> {
  if (named !== undefined) return throughServer(named)
  const config = loadConfig()
  const { runningServer } = await import('./running-server.ts')
  const server = await runningServer(config)
  return server ? throughServer(server.url) : inThisProcess(config)
}

async function inThisProcess(config: Config): Promise<Talk> {
  const { createApp } = await import('../app.ts')
  const app = await createApp({ ...config, turns: { ...config.turns, debounceMs: 0 } }, { log: createLog('warn') })
  await app.ingest([config.articlesDir])
  await app.start()
  const visitor = { customerId: `terminal:${randomUUID()}`, assurance: 'anonymous' as const, channel: 'web' }
  let conversationId: string | undefined
  return {
    async send(text) {
      const principal = await app.identity.current(visitor)
      const accepted = await app.conversations.accept({ principal, conversationId, messageId: randomUUID(), text })
      conversationId = accepted.conversationId
      return app.conversations.result(accepted)
    },
    end: () => app.stop(),
  }
}

function throughServer(server: string): Talk {
  const url = new URL('/v1/chat', server)
  let cookie: string | undefined
  let conversationId: string | undefined
  return {
    async send(text) {
      const body = { conversationId, messageId: randomUUID(), text }
      const sent = await post<MessageResult>(url, body, cookie ? { Cookie: cookie } : {})
      cookie = sent.cookie ?? cookie
      conversationId = sent.answer.conversationId
      return sent.answer
    },
    end: async () => {},
  }
}

function show({ reply, status }: MessageResult): void {
  if (!reply) return void process.stderr.write(status === 'with_human' ? '(a person has this conversation)\n' : '')
  process.stdout.write(`${reply.author.name}: ${reply.text}\n`)
  for (const [i, { title, quote }] of reply.citations.entries())
    process.stdout.write(`  [${i + 1}] ${title}: “${quote}”\n`)
}
