import type { Kysely } from 'kysely'
import { stringify } from 'yaml'
import { type LoggedEvent, readEvents } from '../conversations/event-log.ts'
import { effectOf } from '../conversations/shown-effects.ts'
import type { Tables } from '../database/tables.ts'
import { formatMoney } from '../effects/money.ts'
import { AppError } from '../errors.ts'
import { DEMO_CUSTOMERS } from '../systems/demo-shop/demo-customers.ts'
import { agentName, createMasking, type Masking } from './masking.ts'
import { sentIn } from './seen.ts'

/** Whose situation in the demo shop fits what was done. */
const STAND_INS: Record<string, string> = {
  ...{ create_return: 'cus_1004', exchange_item: 'cus_1004', check_return: 'cus_1004', list_variants: 'cus_1004' },
  ...{
    cancel_subscription: 'cus_1005',
    cancel_order: 'cus_1005',
    reset_device: 'cus_1005',
    run_diagnostics: 'cus_1005',
  },
}

/**
 * A real conversation as a test, with what is personal replaced by stand-ins of the demo shop; what it expects is what
 * happened. Figures in replies are expected by their form: the stand-in's are others.
 * @throws {AppError} 404 when there is no such conversation
 */
export async function testFrom(
  db: Kysely<Tables>,
  conversationId: string,
): Promise<{ yaml: string; masked: Record<string, number> }> {
  const conversation = await db
    .selectFrom('conversations')
    .selectAll()
    .where('id', '=', conversationId)
    .executeTakeFirst()
  if (!conversation) throw new AppError('conversation.not_found', 404, 'There is no such conversation.')
  const events = await readEvents(db, conversationId)
  const rows = await db
    .selectFrom('inbox')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('seq')
    .execute()
  const outcomes = new Map(
    (
      await db.selectFrom('turns').select(['id', 'outcome']).where('conversation_id', '=', conversationId).execute()
    ).map(({ id, outcome }) => [id, outcome === null ? null : (JSON.parse(outcome) as { status: string })]),
  )
  const agents = [...new Set(rows.flatMap((row) => (JSON.parse(row.body) as { agent?: string }).agent ?? []))]
  const decisions = await db
    .selectFrom('approval_decisions')
    .innerJoin('approvals', 'approvals.id', 'approval_decisions.approval_id')
    .select(['approval_decisions.agent', 'decision', 'approval_decisions.reason', 'at', 'effect_key'])
    .where('approvals.conversation_id', '=', conversationId)
    .orderBy('at')
    .execute()
  for (const { agent } of decisions) if (!agents.includes(agent)) agents.push(agent)

  const persona = await personaOf(db, conversation.customer_id, events)
  const masking = createMasking({ ...persona.persons, agents })
  const named = (agent: string) => agentName(agents, agent)
  const steps: Record<string, unknown>[] = []
  for (const turnId of new Set(rows.flatMap(({ turn_id }) => turn_id ?? []))) {
    const own = rows.filter(({ turn_id }) => turn_id === turnId)
    const inTurn = events.filter(({ data }) => data.turnId === turnId)
    const step = actionOf(own, named, (text) => placeholders(masking.mask(text), inTurn, persona.persons.standIn.email))
    const decided = own.find(({ kind }) => kind === 'approval')
    if (decided) {
      // Every decision on the effect came before the turn in which it was done or given up.
      for (const { agent, decision, reason } of decisions.filter(
        ({ effect_key }) => effect_key === decided.external_id,
      ))
        steps.push(
          decision === 'approve'
            ? { approve: named(agent) }
            : { deny: { agent: named(agent), reason: masking.mask(reason ?? '–') } },
        )
    } else if (step) steps.push(step)
    const last = steps.at(-1)
    if (last) last.expect = expectationOf(inTurn, decided ? undefined : outcomes.get(turnId)?.status, masking)
  }
  const test = {
    test: `conversation ${conversationId.slice(0, 8)}`,
    about: 'Made from a real conversation by baton test-from; what is expected is what happened.',
    ...(persona.customer !== 'anonymous' && { customer: persona.customer }),
    ...(persona.byCode && { proves: 'in-steps' }),
    at: new Date(conversation.created_at).toISOString(),
    steps,
    after: { status: conversation.status, effects: effectsIn(events) },
  }
  return { yaml: stringify([test], { lineWidth: 110 }), masked: masking.counts() }
}

type InboxRow = { kind: Tables['inbox']['kind']; body: string }

function actionOf(
  rows: InboxRow[],
  named: (agent: string) => string,
  mask: (text: string) => string,
): Record<string, unknown> | undefined {
  const texts = rows.filter(({ kind }) => kind === 'message').map(({ body }) => mask(textIn(body)))
  if (texts.length > 0) return { say: texts.length === 1 ? texts[0] : texts }
  const [row] = rows
  if (!row) return undefined
  const { agent = '', text = '' } = JSON.parse(row.body) as { agent?: string; text?: string }
  const note = { agent: named(agent), ...(text && { note: mask(text) }) }
  switch (row.kind) {
    case 'take-over':
      return { takeOver: note }
    case 'agent-reply':
      return { agentSays: { agent: named(agent), text: mask(text) } }
    case 'hand-back':
      return { handBack: note }
    case 'close':
      return { close: note }
    default:
      return undefined
  }
}

/** What somebody typed to prove who they are is the stand-in's own when the test is played. */
function placeholders(text: string, events: LoggedEvent[], email: string): string {
  const typed = email === '' ? text : text.replaceAll(email, '{{email}}')
  const verified = events.some(({ type }) => type === 'customer-verified')
  if (!verified && !events.some(({ type }) => type === 'code-refused')) return typed
  return typed.replace(/(?<!\d)\d{3}[ -]?\d{3}(?!\d)/, verified ? '{{code}}' : '{{wrong code}}')
}

function textIn(body: string): string {
  return (JSON.parse(body) as { text: string }).text
}

function expectationOf(events: LoggedEvent[], status: string | undefined, masking: Masking): Record<string, unknown> {
  const dataOf = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data)
  const [route] = dataOf('route-decided').map(
    ({ route }) => route as { to: string; by: string; asks: { to: string }[]; needsClarification?: boolean },
  )
  const tools = dataOf('tool-called').map(({ tool, status }) => ({ tool, status }))
  const replies = sentIn(events)
  const cited = replies.flatMap(({ data }) =>
    (data.citations as { articleId: string }[]).map(({ articleId }) => articleId),
  )
  const [escalation] = dataOf('escalation-opened')
  const person = replies.some(({ data }) => (data.author as { kind: string }).kind === 'agent')
  const claims = dataOf('claim-made').flatMap(({ values }) =>
    (values as { text: string }[]).map(({ text }) => masking.mask(text)),
  )
  return {
    ...(status && { status }),
    ...(route && { route: { to: route.to, by: route.by } }),
    ...(route && route.asks.length > 1 && { asks: route.asks.map(({ to }) => to) }),
    ...(tools.length > 0 && { tools }),
    ...(cited.length > 0 && { citations: [...new Set(cited)] }),
    replies: replies.length,
    ...(replies.length > 0 &&
      !person && { contains: replies.map(({ data }) => openingOf(masking.mask(String(data.text)))) }),
    ...(escalation && { escalation: { reason: escalation.reason } }),
    ...(claims.length > 0 && { claims: [...new Set(claims)] }),
  }
}

/** The first sentence of a reply; where it has figures, as a pattern in which each may be another. */
function openingOf(text: string): string {
  const opening = (/^[^\n]*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text.split('\n')[0] ?? '').slice(0, 160)
  if (!/\d/.test(opening)) return opening
  return `/${opening.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\d+/g, '\\d+')}/`
}

/** What became of each effect, the oldest first. */
function effectsIn(events: LoggedEvent[]) {
  const found = new Map<string, { tool: string; state: string; amount?: string }>()
  for (const event of events) {
    const effect = effectOf(event)
    if (effect)
      found.set(effect.key, {
        tool: effect.tool,
        state: effect.state,
        ...(effect.amount && { amount: formatMoney(effect.amount) }),
      })
  }
  return [...found.values()]
}

/** Who plays the customer, and what is known of the real one. */
async function personaOf(db: Kysely<Tables>, customerId: string, events: LoggedEvent[]) {
  const opened = events.find(({ type }) => type === 'conversation-opened')
  const byCode = events.some(({ type }) => type === 'customer-verified')
  const signedIn = opened?.data.assurance !== 'anonymous'
  const real = await db
    .selectFrom('shop_customers')
    .select(['name', 'email'])
    .where('id', '=', customerId)
    .executeTakeFirst()
  const orders = await db
    .selectFrom('shop_orders')
    .select('number')
    .where('customer_id', '=', customerId)
    .orderBy('number')
    .execute()
  const tools = events.filter(({ type }) => type === 'tool-called').map(({ data }) => String(data.tool))
  const known = DEMO_CUSTOMERS.find(({ id }) => id === customerId)
  const fitting = tools.flatMap((tool) => STAND_INS[tool] ?? [])[0] ?? 'cus_1001'
  const standIn = known ?? DEMO_CUSTOMERS.find(({ id }) => id === fitting) ?? DEMO_CUSTOMERS[0]
  return {
    customer: signedIn || byCode ? (standIn?.id ?? 'anonymous') : 'anonymous',
    byCode: byCode && !signedIn,
    persons: {
      real: { name: real?.name, email: real?.email, orders: orders.map(({ number }) => number) },
      standIn: {
        name: standIn?.name ?? '',
        email: standIn?.email ?? '',
        orders: standIn ? (standIn.situation.match(/LF-\d+/g) ?? []) : [],
      },
    },
  }
}
