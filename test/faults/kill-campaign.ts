import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createScratchDatabase } from '../postgres.ts'
import { createAgent, DESK_TOKEN } from './agent.ts'
import { openWork } from './beside.ts'
import { CUSTOMER_AUDIENCE, CUSTOMER_SECRET, createCustomer } from './customers.ts'
import { randomFrom } from './random.ts'
import { delivered, ScriptedModel, scriptedArticles, scriptedRouter, scriptedSpecialist } from './scripted.ts'
import type { ServerOrder } from './server-process.ts'
import { createServers, type ServerProcess } from './servers.ts'
import { judge, judgeControl, KINDS, problemsOf, type Verdict } from './verdict.ts'

/** What a campaign does. */
export interface CampaignOptions {
  seed: number
  kills: number
  database: 'sqlite' | 'postgres'
  /** Server processes on the one database. */
  processes: number
  /** False: the control. */
  inbox: boolean
  /** Leave the database of a campaign that found something, and say where it is. */
  keep?: boolean
  onRound?(kills: number): void
}

/** What a campaign came to. */
export interface CampaignResult extends Verdict {
  seed: number
  kills: number
  /** Kills while a server was starting or going on with what an earlier one left. */
  recoveryKills: number
  messages: number
  acknowledged: number
  /** Acknowledged by the event `accepted` alone: the sender never learned more. */
  acceptedOnly: number
  replies: number
  /** Milliseconds until everybody who wrote at once is answered, when nothing interrupts. */
  turnMs: number
  seconds: number
}

const CUSTOMERS = 5
const MODEL = { least: 20, most: 80 }
const RECOVERY_KILLS = 0.2
/** Nothing may take longer than this to come to its end once the servers stay up. */
const STUCK_MS = 60_000

/** Servers are killed at random points of random turns; afterwards everything that was acknowledged must be there, once. */
export async function runKillCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const began = Date.now()
  const folder = mkdtempSync(join(tmpdir(), 'baton-kill-campaign-'))
  const scratch =
    options.database === 'postgres'
      ? await createScratchDatabase()
      : { url: `file:${join(folder, 'baton.db')}`, drop: async () => {} }
  const servers = await createServers()
  let kept = false
  try {
    const campaign = await run(options, servers, folder, scratch.url)
    kept = options.keep === true && problemsOf(campaign).length > 0
    if (kept) console.log(`Left for a look: ${scratch.url}`)
    return { ...campaign, seed: options.seed, seconds: Math.round((Date.now() - began) / 1_000) }
  } finally {
    await servers.close()
    if (!kept) {
      await scratch.drop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function run(
  { seed, kills, processes, inbox, onRound }: CampaignOptions,
  servers: Awaited<ReturnType<typeof createServers>>,
  folder: string,
  databaseUrl: string,
) {
  const random = randomFrom(seed)
  const channelFile = join(folder, 'channel.jsonl')
  const env = {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    ARTICLES_DIR: scriptedArticles(folder),
    DEBOUNCE_MS: '20',
    DESK_TOKEN,
    CUSTOMER_JWT_SECRET: CUSTOMER_SECRET,
    CUSTOMER_JWT_AUDIENCE: CUSTOMER_AUDIENCE,
  }
  const order: ServerOrder = { env, channelFile, model: MODEL, inbox }
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, (_, i) => createCustomer(`customer${i + 1}`)))
  const agent = createAgent(random)

  const running: ServerProcess[] = []
  const startMs = await timed(async () => {
    for (let i = 0; i < processes; i += 1) running.push(await servers.start(order))
  })
  const anyUrl = () => (running[Math.floor(random() * running.length)] as ServerProcess).url

  /** Everybody writes; resolves when every sender has an answer or was cut off. */
  function traffic(): Promise<unknown> {
    const sends = customers.flatMap((customer) => {
      const open = customer.messages.filter(
        ({ acknowledged, dropped, told }) => !dropped && (!acknowledged || told.length === 0),
      )
      // Some senders are content with knowing that it arrived; then nobody will ever ask again.
      for (const message of open) if (message.acknowledged && (!inbox || random() < 0.5)) message.dropped = true
      const again = open.filter(({ dropped }) => !dropped)
      const burst = random() < 0.3 ? 0 : 1 + Math.floor(random() * 3)
      const fresh = Array.from({ length: burst }, () =>
        customer.write(random() < 0.03 ? 'let me talk to a person' : QUESTION),
      )
      const repeated = random() < 0.1 ? customer.messages.slice(0, 1).filter(({ told }) => told.length > 0) : []
      const all = [...again, ...fresh, ...repeated]
      // Its first message opens the conversation: the others need to know which.
      const now = customer.conversationId === undefined ? all.slice(0, 1) : all
      return now.map((message) =>
        customer.send(anyUrl(), message, inbox && random() < 0.5 ? 'stream' : 'json', STUCK_MS),
      )
    })
    return Promise.all([...sends, ...(inbox ? [agent.visit(anyUrl())] : [])])
  }

  // A round that nothing interrupts says how long one is; the first of all opens the conversations.
  const answered = async () => {
    await traffic()
    const expected = () =>
      customers.flatMap(({ messages }) => messages).filter((message) => message.acknowledged).length
    while (!inbox && delivered(channelFile).length < expected()) await sleep(5)
  }
  await answered()
  const turnMs = Math.min(await timed(answered), await timed(answered))

  let done = 0
  let recoveryKills = 0
  while (done < kills) {
    const victim = Math.floor(random() * processes)
    const finished = traffic()
    await sleep(random() * 1.2 * turnMs)
    await running[victim]?.kill()
    done += 1
    // With a second process the traffic goes on there and runs into the restart.
    if (processes === 1) await finished
    while (done < kills && random() < RECOVERY_KILLS) {
      done += 1
      recoveryKills += 1
      const after = random() * (startMs / processes + turnMs)
      const killed = new Promise<void>((resolve) => {
        servers.start(order, (server) => setTimeout(() => server.kill().then(resolve), after)).catch(() => {})
      })
      await killed
    }
    running[victim] = await servers.start(order)
    await finished
    onRound?.(done)
  }

  await settle({ customers, agent, anyUrl, inbox, openWork: () => openWork(databaseUrl) })
  for (const server of running) server.signal('SIGTERM')
  const exits = await Promise.all(running.map(({ exited }) => exited))

  const app = await createApp(loadConfig({ ...env, LOG_LEVEL: 'silent' }), {
    log: pino({ level: 'silent' }),
    models: { name: 'scripted', answers: new ScriptedModel(), routes: undefined, health: () => [] },
    router: scriptedRouter,
    specialists: [scriptedSpecialist],
  })
  const sent = [...customers.flatMap(({ messages }) => messages), ...agent.messages()]
  const taken = delivered(channelFile)
  const verdict = inbox ? await judge(app, sent, taken) : await judgeControl(app, sent, taken)
  await app.stop()
  for (const exit of exits) if (exit !== 0) verdict.stuck.push(`a server did not stop: ${exit}`)
  const acknowledged = sent.filter((message) => message.acknowledged)
  return {
    ...verdict,
    kills: done,
    recoveryKills,
    messages: sent.length,
    acknowledged: acknowledged.length,
    acceptedOnly: acknowledged.filter(({ told }) => told.length === 0).length,
    replies: taken.length,
    turnMs: Math.round(turnMs),
  }
}

const QUESTION = 'I was charged twice for my subscription'

/** Senders try again until they are served, then everything that was accepted has to come to its end. */
async function settle({
  customers,
  agent,
  anyUrl,
  inbox,
  openWork,
}: {
  customers: Awaited<ReturnType<typeof createCustomer>>[]
  agent: ReturnType<typeof createAgent>
  anyUrl: () => string
  inbox: boolean
  openWork: () => Promise<number>
}): Promise<void> {
  const until = Date.now() + STUCK_MS
  for (;;) {
    const open = customers.flatMap((customer) =>
      customer.messages.filter(({ acknowledged }) => !acknowledged).map((message) => ({ customer, message })),
    )
    if (open.length === 0 || Date.now() > until) break
    for (const { customer, message } of open) await customer.send(anyUrl(), message, 'json', STUCK_MS)
  }
  if (!inbox) return
  await agent.visit(anyUrl())
  // A message after all others is answered after all others.
  await Promise.all(
    customers.map((customer) => customer.send(anyUrl(), customer.write(QUESTION), 'json', until - Date.now())),
  )
  while ((await openWork()) > 0 && Date.now() < until) await sleep(100)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** A result as people read it. */
export function describeCampaign(name: string, result: CampaignResult): string {
  const { seed, kills, recoveryKills, messages, acknowledged, acceptedOnly, replies, turnMs, seconds } = result
  const counts = KINDS.map((kind) => `${result[kind].length} ${kind}`).join(', ')
  const bound =
    problemsOf(result).length === 0 ? `; none in ${acknowledged}: below ${percent(3 / acknowledged)} at 95 %` : ''
  return `${name}, seed ${seed}: ${kills} kills (${recoveryKills} in recovery), ${messages} messages, ${acknowledged} acknowledged (${acceptedOnly} by \`accepted\` alone), ${replies} replies; ${counts}${bound}. A round ${turnMs} ms, ${seconds} s.`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      kills: { type: 'string', default: '50' },
      database: { type: 'string', default: 'sqlite' },
      processes: { type: 'string', default: '1' },
      'without-inbox': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  })
  const database = values.database === 'postgres' ? 'postgres' : 'sqlite'
  const options = {
    seed: Number(values.seed),
    kills: Number(values.kills),
    database,
    processes: Number(values.processes),
    keep: values.keep,
  } as const
  const onRound = (done: number) => process.stderr.write(`\r${done} kills `)
  const ours = values['without-inbox'] ? undefined : await runKillCampaign({ ...options, inbox: true, onRound })
  const control = await runKillCampaign({ ...options, processes: 1, inbox: false, onRound })
  process.stderr.write('\r')
  if (ours) {
    console.log(
      describeCampaign(
        `With the inbox (${database}, ${options.processes} process${options.processes > 1 ? 'es' : ''})`,
        ours,
      ),
    )
    for (const problem of problemsOf(ours)) console.log(`  ${problem}`)
  }
  console.log(describeCampaign('Control, acknowledged first and queued in memory', control))
  process.exitCode = (ours ?? control).lost.length > 0 || (ours && problemsOf(ours).length > 0) ? 1 : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
