import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import type { Overrides } from '../app.ts'
import { DEMO_CUSTOMERS } from '../systems/demo-shop/demo-customers.ts'
import { checkState, checkStep, type Miss } from './check.ts'
import { brokenInvariants, foreignWords, shopDigest, tellingWords } from './invariants.ts'
import type { LoadedScenario } from './load-scenarios.ts'
import { inManner } from './manner.ts'
import { demoCustomerId, type RecordedAnswer, type Step } from './scenario.ts'
import { atRest, look, sentIn } from './seen.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { Stage, Theatre } from './stage.ts'
import { type Line, transcript } from './transcript.ts'
import { type Answered, createVisitor, type Visitor } from './visitor.ts'

/** How one playing of a test went. */
export interface Played {
  test: string
  file: string
  ok: boolean
  misses: Miss[]
  conversation: Line[]
  ms: number
}

/** How a test is played. */
export interface PlayOptions {
  /** Varies what a manner makes of the texts. */
  seed: number
  live: boolean
  overrides?: ((clock: SimulatedClock) => Overrides) | undefined
  onAnswer?: ((answer: RecordedAnswer) => void) | undefined
}

/** Waits for a burst to be over where a test has one. */
const DEBOUNCE_MS = 120
/** The questions for the address and for the code, and one more. */
const MOST_PROOFS = 3

/** Plays a test from its beginning to the first step that does not come as expected. */
export async function play(theatre: Theatre, scenario: LoadedScenario, options: PlayOptions): Promise<Played> {
  const begun = performance.now()
  const { live } = options
  const bursts = scenario.steps.some(({ say = [] }) => say.length > 1)
  await using stage = await theatre.open({
    at: Date.parse(scenario.at),
    debounceMs: bursts || scenario.manner.length > 0 ? DEBOUNCE_MS : 0,
    recorded: scenario.model === 'recorded' && !live ? allAnswers(scenario) : undefined,
    live,
    modelFails: scenario.steps.some(({ fault }) => fault?.model !== undefined),
    overrides: options.overrides,
    onAnswer: options.onAnswer,
  })
  const performing = await createPerformance(stage, scenario, options.seed)
  const misses: Miss[] = []
  for (const [i, step] of scenario.steps.entries()) {
    if (misses.length > 0) break
    misses.push(...(await performing.take(step, `step ${i + 1}${about(step)}`)))
  }
  if (misses.length === 0) misses.push(...(await performing.after()))
  misses.push(...(await performing.invariants()))
  const { test, file } = scenario
  const conversation = await transcript(stage.app)
  return { test, file, ok: misses.length === 0, misses, conversation, ms: Math.round(performance.now() - begun) }
}

/** Only what is recorded in a file for the whole test is there from the beginning. */
function allAnswers({ recorded = [], steps }: LoadedScenario): RecordedAnswer[] {
  return [...recorded, ...steps.flatMap(({ answers = [] }) => answers)]
}

function about({ say }: Step): string {
  return say ? ` “${say.join(' / ').slice(0, 60)}”` : ''
}

async function createPerformance(stage: Stage, scenario: LoadedScenario, seed: number) {
  const before = await shopDigest(stage.app)
  const words = await tellingWords(stage.app)
  const visitors = new Map<string, Visitor>()
  const seenUpTo = new Map<string, number>()
  let last: Visitor | undefined
  if (stage.recorded && scenario.recorded) stage.recorded.add(scenario.recorded)

  async function visitor(name: string): Promise<Visitor> {
    const known = visitors.get(name)
    if (known) return known
    const made = createVisitor(stage)
    visitors.set(name, made)
    const customerId = demoCustomerId(name)
    const proves = name === scenario.customer ? scenario.proves : 'sign-in'
    if (customerId && proves === 'sign-in') await made.signIn(customerId)
    return made
  }

  /** Says who they are when they are asked, as somebody would who has the mailbox open. */
  async function prove(who: Visitor, customerId: string, answered: Answered[]): Promise<Answered[]> {
    const email = DEMO_CUSTOMERS.find(({ id }) => id === customerId)?.email ?? ''
    let latest = answered
    for (let i = 0; i < MOST_PROOFS; i += 1) {
      const asked = latest.findLast((one) => 'reply' in one && one.reply?.action)
      const action = asked && 'reply' in asked ? asked.reply?.action?.kind : undefined
      if (action === 'verify-email') latest = await who.say([email])
      else if (action === 'verify-code') latest = await who.say([(await who.code(email)) ?? 'there is no mail'])
      else break
    }
    return latest
  }

  async function say(step: Step, texts: string[]): Promise<string | undefined> {
    const name = step.customer ?? scenario.customer
    const who = await visitor(name)
    last = who
    if (step.newConversation) who.beginAnew()
    const customerId = demoCustomerId(name)
    const email = DEMO_CUSTOMERS.find(({ id }) => id === customerId)?.email
    const filled: string[] = []
    for (const text of texts) {
      const code = text.includes('{{') && email ? await who.code(email) : undefined
      filled.push(
        text
          .replaceAll('{{code}}', code ?? '000000')
          .replaceAll('{{wrong code}}', code === '111111' ? '222222' : '111111')
          .replaceAll('{{email}}', email ?? ''),
      )
    }
    const written = filled.flatMap((text) => inManner(text, scenario.manner, seed))
    let answered = await who.say(written, { twice: step.deliveredTwice === true })
    if (customerId && scenario.proves === 'code' && name === scenario.customer)
      answered = await prove(who, customerId, answered)
    const refused = answered.find((one) => one.status === 'refused')
    // Of a burst the last one is answered, and the others are merged into it.
    return refused?.status ?? answered.at(-1)?.status
  }

  async function desk(path: string, body: object): Promise<string | undefined> {
    const response = await stage.app.server.request(`/v1/desk/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${stage.app.deskToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return response.ok ? undefined : 'refused'
  }

  async function act(step: Step): Promise<string | undefined> {
    const at = `conversations/${last?.conversationId ?? ''}`
    const { takeOver, agentSays, handBack, close, approve, deny } = step
    if (step.say) return say(step, step.say)
    if (takeOver) return desk(`${at}/take-over`, takeOver)
    if (agentSays) return desk(`${at}/reply`, agentSays)
    if (handBack) return desk(`${at}/hand-back`, handBack)
    if (close) return desk(`${at}/close`, close)
    if (approve) return desk(`approvals/${await waiting()}/approve`, { agent: approve.agent })
    if (deny) return desk(`approvals/${await waiting()}/deny`, deny)
    if (step.restart) await stage.restart()
    if (step.wait) {
      stage.clock.step(durationOf(step.wait))
      await stage.app.effects.settle()
    }
    return undefined
  }

  /** The approval that has been waiting the longest. */
  async function waiting(): Promise<string> {
    return (await stage.app.approvals.list({ state: 'pending' }))[0]?.id ?? crypto.randomUUID()
  }

  async function take(step: Step, where: string): Promise<Miss[]> {
    if (step.answers) stage.recorded?.add(step.answers)
    if (step.fault) stage.strike(step.fault)
    const told = await act(step)
    const left = await settled(step)
    const miss = (what: string, expected: string, seen: string): Miss => ({ where, what, expected, seen })
    const misses = left.map((seen) => miss('rest', 'nothing is left to be worked on', seen))
    for (const kind of stage.faults.missed())
      misses.push(miss('fault', kind, 'what it was to strike did not take place'))
    stage.faults.set(undefined)
    if (step.say && !scenario.recorded) misses.push(...misfits(where))
    const conversationId = last?.conversationId
    if (!conversationId) {
      if (step.expect && step.say) misses.push(miss('conversation', 'one', `there is none; the message was ${told}`))
      return misses
    }
    const seen = await look(stage.app, conversationId, seenUpTo.get(conversationId) ?? 0, told)
    seenUpTo.set(conversationId, seen.events.at(-1)?.seq ?? seenUpTo.get(conversationId) ?? 0)
    for (const found of await checkStep(step.expect ?? {}, seen, stage.app)) misses.push({ where, ...found })
    const texts = sentIn(seen.events)
      .filter(({ data }) => (data.author as { kind: string }).kind !== 'agent')
      .map(({ data }) => `${data.text} ${JSON.stringify(data.citations)}`)
    const { customer_id } = await ownerOf(conversationId)
    for (const found of foreignWords(words, { customerId: customer_id, texts, typed: last?.typed ?? [] }))
      misses.push(miss('privacy', 'nothing of another customer', found))
    return misses
  }

  function misfits(where: string): Miss[] {
    const expected = 'as many as are asked for'
    return (stage.recorded?.misfits() ?? []).map((seen) => ({ where, what: 'answers', expected, seen }))
  }

  async function ownerOf(id: string) {
    const query = stage.app.db.selectFrom('conversations').select('customer_id').where('id', '=', id)
    return query.executeTakeFirstOrThrow()
  }

  async function settled(step: Step): Promise<string[]> {
    const left = await atRest(() => stage.app)
    // What a fault left open is looked up some seconds later.
    if (step.fault?.tool || step.fault?.crash) {
      await setTimeout(50)
      await stage.app.effects.settle()
      return atRest(() => stage.app)
    }
    return left
  }

  return {
    take,

    async after(): Promise<Miss[]> {
      const id = last?.conversationId
      const misses = misfits('after')
      if (!scenario.after || !id) return misses
      const seen = await look(stage.app, id, 0)
      const found = await checkState(scenario.after, seen, stage.app)
      return [...misses, ...found.map((one) => ({ where: 'after', ...one }))]
    },

    async invariants(): Promise<Miss[]> {
      const broken = await brokenInvariants(stage.app, before)
      return broken.map((seen) => ({ where: 'always', what: 'invariant', expected: 'none is broken', seen }))
    },
  }
}

const UNITS: Record<string, number> = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }

function durationOf(text: string): number {
  const [, count, unit = ''] = /^(\d+) (\w+?)s?$/.exec(text) ?? []
  return z.coerce.number().parse(count) * (UNITS[unit] ?? 0)
}
