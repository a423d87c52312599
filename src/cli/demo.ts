import type { Command } from 'commander'
import { type Config, loadConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { post } from './post.ts'

interface Reseeded {
  customers: number
  orders: number
}

/** `baton demo …`: the shop that comes with Baton. */
export function addDemoCommands(program: Command): void {
  program
    .command('demo')
    .description('the demo shop')
    .command('reseed')
    .description('empty the demo shop and fill it anew, with days counted back from today')
    .option('--json', 'what is in it as one JSON object on stdout')
    .action(async ({ json }: { json?: boolean }) => {
      const filled = await reseedAnywhere(loadConfig())
      if (json) process.stdout.write(`${JSON.stringify(filled)}\n`)
      else process.stdout.write(`${filled.customers} customers, ${filled.orders} orders\n`)
    })
}

async function reseedAnywhere(config: Config): Promise<Reseeded> {
  const [{ createApp }, { runningServer }] = await Promise.all([import('../app.ts'), import('./running-server.ts')])
  const server = await runningServer(config)
  if (server) {
    const headers = { Authorization: `Bearer ${server.token}` }
    return (await post<Reseeded>(new URL('/v1/owner/demo-reseed', server.url), {}, headers)).answer
  }
  const app = await createApp(config, { log: createLog('warn') })
  try {
    return await app.reseedDemoShop()
  } finally {
    await app.stop()
  }
}
