import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { pino } from 'pino'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { seedIfEmpty } from '../../src/systems/demo-shop/seed.ts'
import { createScratchDatabase } from '../postgres.ts'
import { DESK_TOKEN } from './agent.ts'
import { createApprovers } from './approvers.ts'
import { CUSTOMER_AUDIENCE, CUSTOMER_SECRET, createCustomer } from './customers.ts'
import { groupsOf } from './groups.ts'
import { openWork } from './kill-campaign.ts'
import { type MoneyOrder, moneyOverrides } from './money.ts'
import { createMoneyCustomer, type MoneyCustomer, type Wish } from './money-customer.ts'
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
  seconds: number
}

const CUSTOMERS = 6
const PAYMENT = { least: 5, most: 60 }
const RECOVERY_KILLS = 0.25
/** Nothing may take longer than this to come to its end once the servers stay up. */
const STUCK_MS = 60_000

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
  const customers = await openShop(env, money, random)
  const since = Date.now()
  const approvers = createApprovers(random)

  const running: ServerProcess[] = []
  for (let i = 0; i < processes; i += 1) running.push(await servers.start(order))
  const anyUrl = () => (running[Math.floor(random() * running.length)] as ServerProcess).url
  const traffic = () =>
    Promise.all([...customers.map((one) => one.step(anyUrl(), STUCK_MS)), approvers.visit(anyUrl())])

  // Rounds that nothing interrupts say how long one is.
  let roundMs = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i += 1) roundMs = Math.min(roundMs, await timed(traffic))

  let done = 0
  let recoveryKills = 0
  let cuts = 0
  while (done < kills) {
    const victim = Math.floor(random() * processes)
    const finished = traffic()
    await sleep(random() * 1.2 * roundMs)
    if (database === 'postgres' && random() < 0.4) {
      cuts += 1
      await cutConnections(databaseUrl)
      await sleep(random() * roundMs)
    }
    await running[victim]?.kill()
    done += 1
    if (processes === 1) await finished
    while (done < kills && random() < RECOVERY_KILLS) {
      done += 1
      recoveryKills += 1
      const after = random() * 2 * roundMs
      await new Promise<void>((resolve) => {
        servers.start(order, (server) => setTimeout(() => server.kill().then(resolve), after)).catch(() => {})
      })
    }
    running[victim] = await servers.start(order)
    await finished
    await approvers.handBack(anyUrl())
    onRound?.(done)
  }

  await settle({ customers, approvers, anyUrl, openWork: () => openWork(databaseUrl) })
  for (const server of running) server.signal('SIGTERM')
  const exits = await Promise.all(running.map(({ exited }) => exited))
  const app = await openApp(env, money)
  const verdict = await judgeMoney(
    app,
    customers.flatMap(({ customer }) => customer.messages),
    approvers.decided,
    since,
  )
  await app.stop()
  for (const exit of exits) if (exit !== 0) verdict.stuck.push(`a server did not stop: ${exit}`)
  return { ...verdict, kills: done, recoveryKills, cuts }
}

function openApp(env: Record<string, string>, money: MoneyOrder) {
  const config = loadConfig({ ...env, LOG_LEVEL: 'silent' })
  return createApp(config, { log: pino({ level: 'silent' }), ...moneyOverrides(money) })
}

/** Fills the shop and finds customers in it who have enough to ask for. */
async function openShop(
  env: Record<string, string>,
  money: MoneyOrder,
  random: () => number,
): Promise<MoneyCustomer[]> {
  const app = await openApp(env, money)
  await seedIfEmpty(app.db, { now: () => Date.now(), sleep: async () => {} })
  const charges = await app.db
    .selectFrom('shop_charges')
    .select(['id', 'customer_id', 'amount'])
    .where('status', '=', 'paid')
    .where('amount', '>=', 300)
    .orderBy('id')
    .execute()
  await app.stop()
  const byCustomer = groupsOf(charges, ({ customer_id }) => customer_id)
  const richest = [...byCustomer].toSorted(([, a], [, b]) => b.length - a.length).slice(0, CUSTOMERS)
  return Promise.all(
    richest.map(async ([id, own]) => {
      // A part each time, so that the shop itself would not notice a second one; the dear ones need people.
      const wishes = own.map(({ id: chargeId, amount }): Wish => {
        return { chargeId, minor: Math.max(100, Math.floor(amount * 0.4)) }
      })
      return createMoneyCustomer(
        await createCustomer(id),
        wishes.toSorted(() => random() - 0.5),
        random,
      )
    }),
  )
}

async function cutConnections(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await client.end()
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
  const { seed, kills, recoveryKills, cuts, acknowledged, counts, seconds } = result
  const { lost, doubled, stuck, diverged, disordered, effectsTwice, effectsMissing, withoutApproval } = result
  const bound =
    counts.done > 0 ? `; 0 in ${counts.done} effects: below ${((3 / counts.done) * 100).toFixed(2)} % at 95 %` : ''
  return `${name}, seed ${seed}: ${kills} kills (${recoveryKills} in recovery${cuts > 0 ? `, ${cuts} times all connections cut` : ''}), ${acknowledged} messages acknowledged, ${counts.planned} effects planned, ${counts.done} done, ${counts.approved} approved, ${counts.denied} denied; ${effectsTwice.length} effects twice, ${effectsMissing.length} approved or told and missing, ${withoutApproval.length} without approval, ${lost.length} messages lost, ${doubled.length} replies twice, ${stuck.length} stuck, ${disordered.length + diverged.length} differences${moneyProblems(result).length === 0 ? bound : ''}. ${seconds} s.`
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
  console.log(describeMoneyCampaign(`With the ledger (${database}, processes: ${values.processes})`, ours))
  for (const problem of moneyProblems(ours)) console.log(`  ${problem}`)
  const controlKills = Number(values['control-kills'])
  const control = await runMoneyCampaign({
    ...{ seed, database: 'sqlite', kills: controlKills, processes: 1, ledger: false, onRound },
  })
  process.stderr.write('\r')
  console.log(describeMoneyCampaign('Control, the ledger switched off', control))
  process.exitCode = moneyProblems(ours).length > 0 || control.effectsTwice.length === 0 ? 1 : 0
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
