import type { App } from '../../src/app.ts'
import { hashOfArgs } from '../../src/effects/effect-key.ts'
import { judge, problemsOf } from './verdict.ts'

/** A click of an agent with the answer to it. */
export interface Click {
  /** However it was spelled. */
  agent: string
  decision: 'approve' | 'deny'
  status: number
  state: string | undefined
  code: string | undefined
}

/** A refund that a customer said yes to and that people have to agree to. */
export interface AskedRefund {
  chargeId: string
  minor: number
  customerId: string
  conversationId: string
  /** What the customer was told when saying yes. */
  status: string
  cardId?: string
  /** How many people the card asks for, and the cents that it shows. */
  needed?: number
  shown?: number
  clicks: Click[]
}

/** Judges every refund by the shop's books and by what the desk and the customer were told. */
export async function judgeApprovals(app: Pick<App, 'db' | 'graph'>, asked: AskedRefund[]) {
  const { db } = app
  const books = await db.selectFrom('shop_refunds').selectAll().execute()
  const effects = await db.selectFrom('effects').selectAll().execute()
  const approvals = await db.selectFrom('approvals').selectAll().execute()
  const messages = await db.selectFrom('events').selectAll().where('type', '=', 'message-sent').execute()
  const escalations = await db.selectFrom('escalations').select(['reason', 'detail']).execute()
  const problems = problemsOf(await judge(app, []))
  problems.push(...escalations.map(({ reason, detail }) => `a person was asked: ${reason}, ${detail}`))
  const counts = { refunds: asked.length, approved: 0, denied: 0, expired: 0, pending: 0, done: 0, forTwo: 0 }

  for (const one of asked) {
    const wrong = (what: string) => problems.push(`${one.chargeId}: ${what}: ${JSON.stringify(one.clicks)}`)
    const approval = approvals.find(({ id }) => id === one.cardId)
    const effect = effects.find(({ key }) => key === approval?.effect_key)
    if (!approval || !effect) {
      wrong('there is no approval of it, or no effect')
      continue
    }
    const state = approval.state as 'approved' | 'denied' | 'expired' | 'pending'
    counts[state] += 1
    const needed = one.minor > 50_000 ? 2 : 1
    if (needed === 2) counts.forTwo += 1
    if (one.needed !== needed || one.shown !== one.minor) wrong(`the card asks ${one.needed} and shows ${one.shown}`)
    if (one.status !== 'awaiting_approval') wrong(`the customer was told ${one.status}`)

    const accepted = one.clicks.filter(({ status }) => status === 200)
    const agreed = new Set(accepted.filter(({ decision }) => decision === 'approve').map(({ agent }) => agent))
    const objected = accepted.some(({ decision }) => decision === 'deny')
    for (const click of one.clicks) {
      const tooLate = click.status === 409 && /^approvals\.(?:decided|expired)$/.test(click.code ?? '')
      if (click.status !== 200 && !tooLate) wrong(`a click was answered ${click.status} ${click.code}`)
      if ((click.state === 'approved' || click.state === 'denied') && click.state !== state)
        wrong(`the desk was told ${click.state} and it is ${state}`)
    }
    if (state === 'approved' && agreed.size < needed) wrong(`only ${[...agreed]} agreed`)
    if (state === 'denied' && !objected) wrong('nobody objected')
    if (state === 'pending' && (agreed.size >= needed || objected)) wrong('it was decided and is pending')

    const paid = books.filter(({ charge_id }) => charge_id === one.chargeId)
    if (paid.length !== (state === 'approved' ? 1 : 0)) wrong(`${state}, and ${paid.length} times in the books`)
    const [refund] = paid
    if (refund) {
      counts.done += 1
      const executed = { charge: refund.charge_id, amountMinor: refund.amount, reason: refund.reason }
      if (hashOfArgs(executed) !== approval.args_hash) wrong('something else was done than was approved')
      if (refund.request_key !== effect.key || refund.amount !== one.minor) wrong(`${refund.amount} was paid`)
    }
    const want = ENDS[state]
    if (effect.state !== want.state || effect.code !== want.code) wrong(`${state}, and ${effect.state} ${effect.code}`)
    const said = messages.filter(({ conversation_id }) => conversation_id === one.conversationId)
    const told = said.filter(({ data }) =>
      String(JSON.parse(data).text).includes(effect.message ?? 'to agree to this first'),
    )
    if (told.length === 0) wrong(`${state}, and its customer was not told`)
    if (state === 'denied' && !effect.message?.includes(`We looked at ${one.chargeId}.`))
      wrong(`its customer was told another reason: ${effect.message}`)
  }
  const strangers = books.filter(({ charge_id }) => !asked.some(({ chargeId }) => chargeId === charge_id))
  problems.push(...strangers.map(({ charge_id }) => `${charge_id} was paid back and nobody had asked`))
  return { problems, counts }
}

/** What becomes of an effect, by what became of its approval. */
const ENDS = {
  approved: { state: 'done', code: null },
  denied: { state: 'failed', code: 'effect.denied' },
  expired: { state: 'failed', code: 'effect.expired' },
  pending: { state: 'awaiting', code: null },
}
