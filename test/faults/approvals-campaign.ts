import { setTimeout as sleep } from 'node:timers/promises'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { systemClock } from '../../src/clock.ts'
import { createTestApp, DESK_TOKEN, scratch, testConfig } from '../app.ts'
import { type AskedRefund, type Click, judgeApprovals } from './approvals-verdict.ts'
import { openWork } from './beside.ts'
import { CUSTOMER_AUDIENCE, CUSTOMER_SECRET, createCustomer } from './customers.ts'
import { moneyOverrides, refundText } from './money.ts'
import { randomFrom } from './random.ts'
import { scriptedArticles } from './scripted.ts'

/** What a campaign does. */
export interface ApprovalsCampaignOptions {
  seed: number
  rounds: number
  databaseUrl: string
  /** Applications on the one database; more than one only where it is shared. */
  apps: number
}

/** Rounds that run side by side. */
const AT_ONCE = 10
const RESTART = 0.4
const EXPIRY = 0.35
/** Approvals expire after 72 hours. */
const TOO_LATE_MS = 73 * 3_600_000
/** Nothing may take longer than this to come to rest. */
const STUCK_MS = 60_000
/** The same three people, however they spell their names. */
const AGENTS = [
  ['Noor', 'noor', ' NOOR'],
  ['Ivo', 'IVO'],
  ['Mara', 'mara '],
] as const

type TestApp = Awaited<ReturnType<typeof createTestApp>>

/** Customers want several dear refunds at once, and people decide on them: in any order, twice, too late, in between a restart. */
export async function runApprovalsCampaign({ seed, rounds, databaseUrl, apps: count }: ApprovalsCampaignOptions) {
  const random = randomFrom(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  let ahead = 0
  const clock = { ...systemClock, now: () => systemClock.now() + ahead }
  const config = testConfig({
    DATABASE_URL: databaseUrl,
    ARTICLES_DIR: scriptedArticles(scratch()),
    CUSTOMER_JWT_SECRET: CUSTOMER_SECRET,
    CUSTOMER_JWT_AUDIENCE: CUSTOMER_AUDIENCE,
  })
  const limiter = new RateLimiterMemory({ points: 1_000_000, duration: 60 })
  const open = () => {
    const money = moneyOverrides({ least: 0, most: 5, ledger: true, planFile: '' })
    return createTestApp({ ...money, clock, limiter }, config)
  }
  const apps: TestApp[] = []
  for (let i = 0; i < count; i += 1) apps.push(await open())
  const asked: AskedRefund[] = []
  const figures = { restarts: 0, expiries: 0, clicks: 0, late: 0 }

  async function post(path: string, token: string, body: object): Promise<{ status: number; body: unknown }> {
    const response = await pick(apps).server.request(path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }

  /** One customer asks for everything in one message and says yes to it. */
  async function ask(name: string, refunds: number): Promise<AskedRefund[]> {
    const [app] = apps as [TestApp, ...TestApp[]]
    const charges = Array.from({ length: refunds }, (_, i) => ({
      chargeId: `ch_${name}${'abcde'[i]}`,
      minor: 5_001 + Math.floor(random() * (random() < 0.3 ? 90_000 : 44_000)),
    }))
    await addToShop(app, name, charges)
    const { token } = await createCustomer(name)
    const text = charges.map(({ chargeId, minor }) => refundText(chargeId, minor)).join(', ')
    const proposed = await post('/v1/chat', token, { text })
    const { conversationId } = proposed.body as { conversationId: string }
    const agreed = await post('/v1/chat', token, { conversationId, text: 'yes' })
    const { status } = agreed.body as { status: string }
    return charges.map((charge) => ({ ...charge, customerId: name, conversationId, status, clicks: [] }))
  }

  async function round(n: number): Promise<AskedRefund[]> {
    const refunds = 2 + Math.floor(random() * 4)
    // Of one customer, or each of another.
    if (random() < 0.5) return ask(`r${n}`, refunds)
    return (await Promise.all(Array.from({ length: refunds }, (_, i) => ask(`r${n}x${i}`, 1)))).flat()
  }

  async function click(one: AskedRefund, agent: string, decision: 'approve' | 'deny'): Promise<Click> {
    const said = { agent, ...(decision === 'deny' && { reason: `We looked at ${one.chargeId}.` }) }
    const { status, body } = await post(`/v1/desk/approvals/${one.cardId}/${decision}`, DESK_TOKEN, said)
    const { state, error } = body as { state?: string; error?: { code: string } }
    figures.clicks += 1
    return { agent: agent.trim().toLowerCase(), decision, status, state, code: error?.code }
  }

  /** What people do with a card: agree, object, both at once, or too few of them agree, however often. */
  function clicksOn(one: AskedRefund): (() => Promise<void>)[] {
    const people = shuffled(AGENTS, random)
    const by = (person: number, decision: 'approve' | 'deny') =>
      Array.from({ length: random() < 0.4 ? 2 : 1 }, () => {
        const agent = pick(people[person] ?? ['Noor'])
        return async () => void one.clicks.push(await click(one, agent, decision))
      })
    const fate = random()
    if (fate < 0.5) return Array.from({ length: one.needed ?? 1 }, (_, person) => by(person, 'approve')).flat()
    if (fate < 0.65) return by(0, 'deny')
    if (fate < 0.85) return [...by(0, 'approve'), ...by(1, 'deny'), ...by(2, 'approve')]
    return one.needed === 2 ? [...by(0, 'approve'), ...by(0, 'approve')] : []
  }

  async function findCards(waiting: AskedRefund[]): Promise<void> {
    const response = await pick(apps).desk.get('/approvals?state=pending')
    const { approvals } = (await response.json()) as { approvals: Card[] }
    for (const one of waiting) {
      const card = approvals.find(({ args }) => args.charge === one.chargeId)
      if (!card) throw new Error(`nobody is asked about ${one.chargeId}: ${one.status}`)
      Object.assign(one, { cardId: card.id, needed: card.needed, shown: card.amount?.minor })
    }
  }

  async function restart(): Promise<void> {
    figures.restarts += 1
    const at = Math.floor(random() * apps.length)
    await apps[at]?.stop()
    apps[at] = await open()
  }

  async function rest(): Promise<void> {
    const until = Date.now() + STUCK_MS
    while ((await openWork(databaseUrl)) > 0) {
      if (Date.now() > until) throw new Error('it does not come to rest')
      await sleep(10)
    }
  }

  for (let n = 0; n < rounds; n += AT_ONCE) {
    const now = await Promise.all(Array.from({ length: Math.min(AT_ONCE, rounds - n) }, (_, i) => round(n + i)))
    const waiting = now.flat()
    asked.push(...waiting)
    await findCards(waiting)
    const clicks = shuffled(waiting.flatMap(clicksOn), random)
    const middle = Math.floor(random() * clicks.length)
    await Promise.all(clicks.slice(0, middle).map((work) => work()))
    if (random() < RESTART) await restart()
    await Promise.all(clicks.slice(middle).map((work) => work()))
    if (random() < EXPIRY) {
      await rest()
      ahead += TOO_LATE_MS
      figures.expiries += 1
      // Before or after anybody has noticed that it is too late.
      if (random() < 0.5) await pick(apps).effects.settle()
    } else await rest()
    const late = waiting.filter(() => random() < 0.4)
    figures.late += late.length
    for (const one of late) one.clicks.push(await click(one, 'Ada', random() < 0.7 ? 'approve' : 'deny'))
    await pick(apps).effects.settle()
    await rest()
  }
  const [app] = apps as [TestApp, ...TestApp[]]
  const { problems, counts } = await judgeApprovals(app, asked)
  return { problems, counts: { ...counts, ...figures } }
}

interface Card {
  id: string
  needed: number
  amount: { minor: number } | null
  args: { charge?: string }
}

/** A customer with charges twice as high as what they will ask for: the shop itself would pay a second time. */
async function addToShop({ db }: TestApp, id: string, charges: { chargeId: string; minor: number }[]): Promise<void> {
  await db
    .insertInto('shop_customers')
    .values({ id, name: id, email: `${id}@example.com`, locale: 'en-IE', country: 'IE', since: '2026-01-01' })
    .execute()
  await db
    .insertInto('shop_charges')
    .values(
      charges.map(({ chargeId, minor }) => ({
        ...{ id: chargeId, customer_id: id, at: Date.now(), description: `Order of ${chargeId}`, amount: minor * 2 },
        ...{ refunded: 0, status: 'paid' as const, method: 'Visa ending in 4242' },
        ...{ order_number: null, subscription_id: null },
      })),
    )
    .execute()
}

function shuffled<T>(things: readonly T[], random: () => number): T[] {
  return things
    .map((thing) => ({ thing, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ thing }) => thing)
}
