import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { seedIfEmpty } from '../../src/systems/demo-shop/seed.ts'
import { createScratchDatabase, cutConnections } from '../postgres.ts'
import { DESK_TOKEN } from './agent.ts'
import { createApprovers } from './approvers.ts'
import { countBeside, openWork } from './beside.ts'
import { CUSTOMER_AUDIENCE, CUSTOMER_SECRET, createCustomer } from './customers.ts'
import { type MoneyOrder, moneyOverrides } from './money.ts'
import { createMoneyCustomer, type MoneyCustomer } from './money-customer.ts'
import { type Wishes, wishesIn } from './money-shop.ts'
import { judgeMoney, type MoneyVerdict, moneyProblems } from './money-verdict.ts'
import { randomFrom } from './random.ts'
import { scriptedArticles } from './scripted.ts'
import type { ServerOrder } from './server-process.ts'
import { createServers, type ServerProcess } from './servers.ts'

/** What a campaign does. */
export interface MoneyCampaignOptions {
  seed: number
  kills: number
  database: 'sqlite' | 'postgres'
  /** Server processes on the one database. */
  processes: number
  /** False: the control. */
  ledger: boolean
  onRound?(kills: number): void
}

/** What a campaign came to. */
export interface MoneyCampaignResult extends MoneyVerdict {
  seed: number
  kills: number
  recoveryKills: number
  /** Times that every connection to the database was cut. */
  cuts: number
  /** What the kills met, read from the rows right after them. */
  met: { turns: number; effects: number; decisions: number }
  seconds: number
}

const CUSTOMERS = 6
const PAYMENT = { least: 5, most: 60 }
const RECOVERY_KILLS = 0.2
/** Kills that come right after people decided, so that many of them fall between the decision and what it sets going. */
const AFTER_DECISION = 0.25
const DECISION_MS = 60
/** Nothing may take longer than this to come to its end once the servers stay up. */
const STUCK_MS = 60_000
const UNDER_WAY = {
  turns: `select count(*) from turns where status = 'running'`,
  effects: `select count(*) from effects where state = 'in_flight'`,
  decisions: `select count(*) from effects join approvals on approvals.effect_key = effects.key
    where effects.state = 'awaiting' and approvals.state != 'pending'`,
}

/** Servers are killed at random points of turns that move money; afterwards everything agreed to must be done, once. */
export async function runMoneyCampaign(options: MoneyCampaignOptions): Promise<MoneyCampaignResult> {
  const began = Date.now()
  const folder = mkdtempSync(join(tmpdir(), 'baton-money-campaign-'))
  const scratch =
    options.database === 'postgres'
      ? await createScratchDatabase()
      : { url: `file:${join(folder, 'baton.db')}`, drop: async () => {} }
  const servers = await createServers()
  try {
    const result = await run(options, servers, folder, scratch.url)
    return { ...result, seed: options.seed, seconds: Math.round((Date.now() - began) / 1_000) }
  } finally {
    await servers.close()
    await scratch.drop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(
  { seed, kills, database, processes, ledger, onRound }: MoneyCampaignOptions,
  servers: Awaited<ReturnType<typeof createServers>>,
  folder: string,
  databaseUrl: string,
) {
  const random = randomFrom(seed)
  const env = {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    ARTICLES_DIR: scriptedArticles(folder),
    DEBOUNCE_MS: '10',
    DESK_TOKEN,
    CUSTOMER_JWT_SECRET: CUSTOMER_SECRET,
    CUSTOMER_JWT_AUDIENCE: CUSTOMER_AUDIENCE,
  }
  const money: MoneyOrder = { ...PAYMENT, ledger, planFile: join(folder, 'plans.jsonl') }
  const order: ServerOrder = { env, model: { least: 0, most: 0 }, inbox: true, money }
  const waiting = await openShop(env, money, random)
  const everybody: MoneyCustomer[] = []
  let present: MoneyCustomer[] = []
  const since = Date.now()
  const approvers = createApprovers(random)

  const running: ServerProcess[] = []
  const startMs = await timed(async () => {
    for (let i = 0; i < processes; i += 1) running.push(await servers.start(order))
  })
  const anyUrl = () => (running[Math.floor(random() * running.length)] as ServerProcess).url

  /** Who has nothing more to ask for makes room for somebody who has. */
  async function traffic(): Promise<unknown> {
    present = present.filter((one) => !one.isContent())
    while (present.length < CUSTOMERS) {
      const next = waiting.shift()
      if (!next) break
      const customer = createMoneyCustomer(await createCustomer(next.customerId), next.texts, random)
      present.push(customer)
      everybody.push(customer)
    }
    return Promise.all([...present.map((one) => one.step(anyUrl(), STUCK_MS)), approvers.visit(anyUrl())])
  }

  // Rounds that nothing interrupts say how long one is.
  let roundMs = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i += 1) roundMs = Math.min(roundMs, await timed(traffic))

  let done = 0
  let recoveryKills = 0
  let cuts = 0
  const met = { turns: 0, effects: 0, decisions: 0 }
  const look = async () => {
    const { turns, effects, decisions } = await countBeside(databaseUrl, UNDER_WAY)
    met.turns += Math.sign(turns)
    met.effects += Math.sign(effects)
    met.decisions += Math.sign(decisions)
  }
  while (done < kills) {
    const victim = Math.floor(random() * processes)
    // Without a round in between, nothing would ever get as far as a decision.
    if (random() < 0.4) await traffic()
    const finished = traffic()
    if (random() < AFTER_DECISION) {
      await approvers.visit(anyUrl(), true)
      await sleep(random() * DECISION_MS)
    } else await sleep(random() * 1.2 * roundMs)
    if (database === 'postgres' && random() < 0.4) {
      cuts += 1
      await cutConnections(databaseUrl)
      await sleep(random() * roundMs)
    }
    await running[victim]?.kill()
    await look()
    done += 1
    if (processes === 1) await finished
    while (done < kills && random() < RECOVERY_KILLS) {
      done += 1
      recoveryKills += 1
      const after = random() * (startMs / processes + roundMs)
      await new Promise<void>((resolve) => {
        servers.start(order, (server) => setTimeout(() => server.kill().then(resolve), after)).catch(() => {})
      })
      await look()
    }
    running[victim] = await servers.start(order)
    await finished
    await approvers.handBack(anyUrl())
    onRound?.(done)
  }

  await settle({ customers: everybody, approvers, anyUrl, openWork: () => openWork(databaseUrl) })
  for (const server of running) server.signal('SIGTERM')
  const exits = await Promise.all(running.map(({ exited }) => exited))
  const app = await openApp(env, money)
  const verdict = await judgeMoney(
    app,
    everybody.flatMap(({ customer }) => customer.messages),
    approvers.decided,
    since,
  )
  await app.stop()
  for (const exit of exits) if (exit !== 0) verdict.stuck.push(`a server did not stop: ${exit}`)
  return { ...verdict, kills: done, recoveryKills, cuts, met }
}

function openApp(env: Record<string, string>, money: MoneyOrder) {
  const config = loadConfig({ ...env, LOG_LEVEL: 'silent' })
  return createApp(config, { log: pino({ level: 'silent' }), ...moneyOverrides(money) })
}

/** Fills the shop and finds what its customers may ask for. */
async function openShop(env: Record<string, string>, money: MoneyOrder, random: () => number): Promise<Wishes[]> {
  const app = await openApp(env, money)
  await seedIfEmpty(app.db, { now: () => Date.now(), sleep: async () => {} })
  const wishes = await wishesIn(app, random)
  await app.stop()
  return wishes
}

/** Everybody comes to an end with what they began, people decide on everything, and nothing may be left waiting. */
async function settle({
  customers,
  approvers,
  anyUrl,
  openWork,
}: {
  customers: MoneyCustomer[]
  approvers: ReturnType<typeof createApprovers>
  anyUrl: () => string
  openWork: () => Promise<number>
}): Promise<void> {
  const until = Date.now() + STUCK_MS
  do await Promise.all(customers.map((one) => one.step(anyUrl(), STUCK_MS)))
  while (customers.some((one) => one.waits()) && Date.now() < until)
  while ((await approvers.visit(anyUrl(), true)) > 0 && Date.now() < until) await sleep(50)
  while ((await openWork()) > 0 && Date.now() < until) await sleep(100)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

/** A result as people read it. */
export function describeMoneyCampaign(name: string, result: MoneyCampaignResult): string {
  const { seed, kills, recoveryKills, cuts, met, acknowledged, counts, seconds } = result
  const { lost, doubled, stuck, diverged, disordered, effectsTwice, effectsMissing, withoutApproval } = result
  const cut = cuts > 0 ? `, ${cuts} times all connections cut` : ''
  const found = `${met.turns} met a running turn, ${met.effects} an effect in flight, ${met.decisions} a decision not acted on yet`
  const bound =
    counts.done > 0 && moneyProblems(result).length === 0
      ? `; 0 in ${counts.done} effects: below ${((3 / counts.done) * 100).toFixed(2)} % at 95 %`
      : ''
  return `${name}, seed ${seed}: ${kills} kills (${recoveryKills} in recovery${cut}; ${found}), ${acknowledged} messages acknowledged, ${counts.planned} effects planned, ${counts.done} done (${counts.returns} returns), ${counts.approved} approved, ${counts.denied} denied; ${effectsTwice.length} effects twice, ${effectsMissing.length} approved or told and missing, ${withoutApproval.length} without approval, ${lost.length} messages lost, ${doubled.length} replies twice, ${stuck.length} stuck, ${disordered.length + diverged.length} differences${bound}. ${seconds} s.`
}

/** The same as figures. */
function figuresOf(
  name: string,
  { seed, kills, recoveryKills, cuts, met, counts, seconds, ...of }: MoneyCampaignResult,
) {
  const { effectsTwice, effectsMissing, withoutApproval, lost, doubled, stuck, disordered, diverged } = of
  const kinds = { effectsTwice, effectsMissing, withoutApproval, lost, doubled, stuck, disordered, diverged }
  const broken = Object.fromEntries(Object.entries(kinds).map(([kind, lines]) => [kind, lines.length]))
  const { acknowledged } = of
  return JSON.stringify({ name, seed, kills, recoveryKills, cuts, met, acknowledged, ...counts, broken, seconds })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      kills: { type: 'string', default: '50' },
      'control-kills': { type: 'string', default: '20' },
      database: { type: 'string', default: 'sqlite' },
      processes: { type: 'string', default: '1' },
    },
  })
  const database = values.database === 'postgres' ? 'postgres' : 'sqlite'
  const seed = Number(values.seed)
  const onRound = (done: number) => process.stderr.write(`\r${done} kills `)
  const ours = await runMoneyCampaign({
    ...{ seed, database, kills: Number(values.kills), processes: Number(values.processes), ledger: true, onRound },
  })
  process.stderr.write('\r')
  console.log(figuresOf('ledger', ours))
  console.log(describeMoneyCampaign(`With the ledger (${database}, processes: ${values.processes})`, ours))
  for (const problem of moneyProblems(ours)) console.log(`  ${problem}`)
  const controlKills = Number(values['control-kills'])
  const control = await runMoneyCampaign({
    ...{ seed, database: 'sqlite', kills: controlKills, processes: 1, ledger: false, onRound },
  })
  process.stderr.write('\r')
  console.log(figuresOf('control', control))
  console.log(describeMoneyCampaign('Control, the ledger switched off', control))
  process.exitCode = moneyProblems(ours).length > 0 || control.effectsTwice.length === 0 ? 1 : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
