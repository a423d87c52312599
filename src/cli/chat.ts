import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { createApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import type { MessageResult } from '../conversations/conversations.ts'
import { createLog } from '../log.ts'

/** `baton chat`: a conversation in the terminal, with a running server or in this process. */
export function addChatCommand(program: Command): void {
  program
    .command('chat')
    .description('a conversation in the terminal; an empty line ends it')
    .option('--url <url>', 'a running server; without it everything runs in this process')
    .action(async ({ url }: { url?: string }) => {
      const talk = url ? throughServer(url) : await inThisProcess()
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

interface Talk {
  send(text: string): Promise<MessageResult>
  end(): Promise<void>
}

async function inThisProcess(): Promise<Talk> {
  const config = loadConfig()
  const app = await createApp({ ...config, turns: { ...config.turns, debounceMs: 0 } }, { log: createLog('warn') })
  await app.ingest([config.articlesDir])
  await app.start()
  const principal = { customerId: `terminal:${randomUUID()}`, assurance: 'anonymous' as const, channel: 'web' }
  let conversationId: string | undefined
  return {
    async send(text) {
      const accepted = await app.conversations.accept({ principal, conversationId, messageId: randomUUID(), text })
      conversationId = accepted.conversationId
      return app.conversations.result(accepted)
    },
    end: () => app.stop(),
  }
}

function throughServer(url: string): Talk {
  let cookie = ''
  let conversationId: string | undefined
  return {
    async send(text) {
      const response = await fetch(new URL('/v1/chat', url), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(cookie && { Cookie: cookie }) },
        body: JSON.stringify({ conversationId, messageId: randomUUID(), text }),
      })
      cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
      const body = (await response.json()) as MessageResult & { error?: { message: string } }
      if (body.error) throw new Error(body.error.message)
      conversationId = body.conversationId
      return body
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
