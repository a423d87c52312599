import type { Command } from 'commander'
import { loadConfig } from '../config.ts'
import { progressBar } from './progress.ts'

/** `baton serve`: the whole system until SIGINT or SIGTERM. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('the whole system: endpoints, pages, and the turns that an earlier process left')
    .action(async () => {
      const config = loadConfig()
      const { buildPagesIfStale } = await import('../web/build.js')
      const { serve } = await import('../main.ts')
      await buildPagesIfStale({ log: say })
      const bar = progressBar('Articles')
      const server = await serve(config, bar.update)
      bar.stop()
      say(`
  Chat       ${server.url}/
  API        ${server.url}/docs
  Desk API   ${server.url}/v1/desk/queue   Authorization: Bearer ${config.deskToken ? '$DESK_TOKEN' : server.deskToken}
${server.hasMailbox ? `  Demo       sign in as a demo customer on the page; mails of the demo: ${server.url}/demo/mailbox\n` : ''}${config.models ? `  Model      ${config.models.chat}` : '  No language model: answers are extracts from the articles. Set OPENAI_API_KEY or OPENAI_BASE_URL for one.'}
  Stop       Ctrl+C
`)
      await stopSignal()
      say('Stopping: running turns finish their step, nothing is lost.')
      await server.stop()
      process.exit(0)
    })
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
