import { pino } from 'pino'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { Overrides } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { serve } from '../../src/main.ts'
import { serveWithoutInbox } from './ack-first.ts'
import { type MoneyOrder, moneyOverrides } from './money.ts'
import { recordingChannel, ScriptedModel, scriptedRouter, scriptedSpecialist } from './scripted.ts'

/** What a server process is told when it is to begin. */
export interface ServerOrder {
  env: Record<string, string>
  /** Where the channel's server keeps what it took; left out: the customer reads the log, as on the web. */
  channelFile?: string
  /** Whether the channel can be asked what it took. */
  channelFinds?: boolean
  /** Milliseconds of a model call. */
  model: { least: number; most: number }
  /** False: the control, which acknowledges first and keeps its queue in memory. */
  inbox: boolean
  /** Set where customers have money moved. */
  money?: MoneyOrder
  logFile?: string
}

// The process waits here with everything loaded, so that a restart costs what a start costs and not the loading.
process.on('message', (order: ServerOrder) => {
  begin(order).catch((error: Error) => {
    process.send?.({ failed: error.message })
    process.exitCode = 1
    process.disconnect()
  })
})
process.on('disconnect', () => process.exit())
process.send?.({ loaded: true })

async function begin({ env, channelFile, channelFinds, model, inbox, money, logFile }: ServerOrder): Promise<void> {
  const config = loadConfig(env)
  const answers = new ScriptedModel(model)
  const overrides: Overrides = {
    log: logFile ? pino({ level: 'warn' }, pino.destination({ dest: logFile, sync: true })) : pino({ level: 'silent' }),
    models: { name: 'scripted', answers, routes: undefined, health: () => [] },
    router: scriptedRouter,
    specialists: [scriptedSpecialist],
    limiter: new RateLimiterMemory({ points: 1_000_000, duration: 60 }),
    seed: 'demo-customers',
    ...(money && { ...moneyOverrides(money), seed: 'everybody' as const }),
    ...(channelFile && { channels: [recordingChannel(channelFile, { find: channelFinds ?? true, most: 10 })] }),
  }
  const server = inbox ? await serve(config, undefined, overrides) : await serveWithoutInbox(config, overrides)
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)))
  process.send?.({ url: server.url })
}
