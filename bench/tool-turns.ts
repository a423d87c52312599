import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessage, type BaseMessage } from '@langchain/core/messages'
import type { ChatResult } from '@langchain/core/outputs'
import { SignJWT } from 'jose'
import billing from '../graphs/specialists/billing.ts'
import returns from '../graphs/specialists/returns.ts'
import techSupport from '../graphs/specialists/tech-support.ts'
import type { Systems } from '../graphs/systems.ts'
import { refundCharge } from '../graphs/tools/refunds.ts'
import { createApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { withoutLedger } from '../src/simulate/without-ledger.ts'
import { quantile } from './measure.ts'

/** A turn that uses a tool, in one setting: own milliseconds, median, and the processor's part of them. */
export interface ToolTurn {
  turn: 'asked for a refund, told what would be done' | 'said yes, told that it is done'
  setting: 'with ledger and policy' | 'tool alone'
  median: number
  cpu: number
}

const SECRET = 'a-secret-of-nobody-but-this-benchmark'
const AUDIENCE = 'bench'
const WARM_UP = 5

/**
 * What the ledger and the policy cost a customer: the whole durable turn, through the endpoint, that plans a refund in the
 * demo shop, and the one that performs it, beside the same turns in which the tool is simply run. A customer each time.
 */
export async function timeToolTurns(articles: string, repetitions: number): Promise<ToolTurn[]> {
  const settings = ['with ledger and policy', 'tool alone'] as const
  const opened = []
  for (const setting of settings) opened.push({ setting, ...(await open(articles, setting === 'tool alone')) })
  const samples = settings.map(() => [[] as Sample[], [] as Sample[]])
  try {
    for (let i = -WARM_UP; i < repetitions; i += 1)
      for (const [at, system] of opened.entries()) {
        const [plan, perform] = await system.refund(i + WARM_UP)
        if (i < 0) continue
        samples[at]?.[0]?.push(plan)
        samples[at]?.[1]?.push(perform)
      }
  } finally {
    for (const system of opened) await system.close()
  }
  return opened.flatMap(({ setting }, at) =>
    TURNS.map((turn, i) => {
      const of = samples[at]?.[i] ?? []
      const median = (what: keyof Sample) =>
        quantile(
          of.map((sample) => sample[what]),
          0.5,
        )
      return { turn, setting, median: median('wall'), cpu: median('cpu') }
    }),
  )
}

const TURNS = ['asked for a refund, told what would be done', 'said yes, told that it is done'] as const

/** One specialist with one tool, so that the turn costs what the tool costs. */
const REFUNDS = { ...billing, tools: (systems: Systems) => [refundCharge(systems)] }

interface Sample {
  wall: number
  cpu: number
}

async function open(articles: string, alone: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-tools-'))
  const config = loadConfig({
    DATABASE_URL: `file:${join(folder, 'bench.db')}`,
    ARTICLES_DIR: articles,
    DEBOUNCE_MS: '0',
    LOG_LEVEL: 'error',
    CUSTOMER_JWT_SECRET: SECRET,
    CUSTOMER_JWT_AUDIENCE: AUDIENCE,
  })
  const model = new RefundingModel({})
  const models = { name: 'scripted', answers: model, routes: undefined, health: () => [] }
  const app = await createApp(config, {
    models,
    specialists: [REFUNDS, returns, techSupport],
    ...(alone && { effects: withoutLedger }),
  })
  await app.ingest([articles])
  await app.start()
  const charges = await app.db
    .selectFrom('shop_charges')
    .select(['id', 'customer_id'])
    .where('status', '=', 'paid')
    .where('subscription_id', 'is not', null)
    .where('amount', '<=', 1_000)
    .orderBy('id')
    .execute()
  const ofEach = [...new Map(charges.map((charge) => [charge.customer_id, charge])).values()]

  async function say(token: string, conversationId: string | undefined, text: string, expected: RegExp) {
    const cpu = process.cpuUsage()
    const start = performance.now()
    const response = await app.server.request('/v1/chat', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ conversationId, text }),
    })
    const body = (await response.json()) as { conversationId: string; reply: { text: string } }
    const wall = performance.now() - start
    const { user, system } = process.cpuUsage(cpu)
    if (!expected.test(body.reply?.text)) throw new Error(`bench: "${text}" was answered ${JSON.stringify(body)}`)
    return { id: body.conversationId, sample: { wall, cpu: (user + system) / 1000 } }
  }

  return {
    async refund(n: number): Promise<[Sample, Sample]> {
      const charge = ofEach[n]
      if (!charge) throw new Error('bench: the shop has too few customers')
      model.charge = charge.id
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(charge.customer_id)
        .setAudience(AUDIENCE)
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(SECRET))
      const plan = await say(
        token,
        undefined,
        'I was charged the wrong amount for my subscription, please refund the payment',
        /Shall I go ahead/,
      )
      const perform = await say(token, plan.id, 'yes', /on its way back/)
      return [plan.sample, perform.sample]
    },
    async close() {
      await app.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Calls for the refund of the charge that it was told. */
class RefundingModel extends BaseChatModel {
  charge = ''

  override _llmType() {
    return 'scripted'
  }

  override bindTools() {
    return this.withConfig({})
  }

  override async _generate(_messages: BaseMessage[]): Promise<ChatResult> {
    const args = { charge: this.charge, reason: 'wrong_amount' }
    const tool_calls = [{ type: 'tool_call' as const, id: 'call', name: 'refund_charge', args }]
    return { generations: [{ text: '', message: new AIMessage({ content: '', tool_calls }) }] }
  }
}
