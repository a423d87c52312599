import { createHash } from 'node:crypto'
import type { BaseMessage } from '@langchain/core/messages'
import { threadOf } from '../../graphs/thread.ts'
import type { App } from '../app.ts'
import { readEvents, verifyEvents } from '../conversations/event-log.ts'
import { effectOf } from '../conversations/shown-effects.ts'
import type { ShopTables } from '../database/shop.ts'
import { sentIn } from './seen.ts'

/** What must be true after every test, whatever it is about; a line for each that is not. */
export async function brokenInvariants(app: App, before: ShopDigest): Promise<string[]> {
  const conversations = await app.db.selectFrom('conversations').select(['id', 'customer_id']).execute()
  const broken: string[] = []
  for (const { id } of conversations) {
    broken.push(...(await unanswered(app, id)), ...(await disagreeing(app, id)), ...(await effectsAgainstLog(app, id)))
  }
  broken.push(...(await shopAgainstLedger(app)))
  const own = new Set(conversations.map(({ customer_id }) => customer_id))
  const after = await shopDigest(app)
  for (const [customer, digest] of after)
    if (!own.has(customer) && before.get(customer) !== digest)
      broken.push(`the shop's rows of ${customer}, who has no part in this, have changed`)
  return broken
}

/** Every accepted message is dealt with: by one reply, or by a person. */
async function unanswered({ db }: App, conversationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('inbox')
    .leftJoin('turns', 'turns.id', 'inbox.turn_id')
    .select(['inbox.external_id', 'inbox.kind', 'inbox.status', 'turns.outcome'])
    .where('inbox.conversation_id', '=', conversationId)
    .execute()
  return rows.flatMap(({ external_id, kind, status, outcome }) => {
    if (status === 'new' || status === 'running') return [`message ${external_id} was accepted and is ${status}`]
    const { replySeq, status: how } = JSON.parse(outcome ?? '{}') as { replySeq?: number | null; status?: string }
    const dealtWith = kind !== 'message' || typeof replySeq === 'number' || how === 'with_human'
    return dealtWith ? [] : [`message ${external_id} was neither answered nor given to a person`]
  })
}

/** The log's chain, the graph's thread, the log and the outbox tell of the same messages, each once. */
async function disagreeing({ db, graph }: App, conversationId: string): Promise<string[]> {
  const broken: string[] = []
  const events = await readEvents(db, conversationId)
  const link = await verifyEvents(db, conversationId)
  if (link !== null) broken.push(`the log's chain is broken at ${link}`)
  const { values } = await graph.getState({ configurable: { thread_id: conversationId } })
  const thread = threadOf((values as { messages?: BaseMessage[] }).messages ?? [])
  const kept = thread.map(({ role, text }) => `${role === 'customer' ? 'customer' : 'reply'}: ${text}`)
  const logged = events.flatMap(({ type, data }) =>
    type === 'message-received' ? [`customer: ${data.text}`] : type === 'message-sent' ? [`reply: ${data.text}`] : [],
  )
  if ([...kept].sort().join('\n') !== [...logged].sort().join('\n'))
    broken.push(`the thread and the log tell different messages: ${onlyIn(kept, logged)}`)
  const replies = sentIn(events).map(({ data }) => String(data.id))
  if (new Set(replies).size !== replies.length) broken.push('a reply stands twice in the log')
  const turns = sentIn(events).map(({ data }) => String(data.turnId))
  if (new Set(turns).size !== turns.length) broken.push('a turn has two replies')
  const outbox = await db
    .selectFrom('outbox')
    .select(['id', 'status'])
    .where('conversation_id', '=', conversationId)
    .execute()
  const queued = outbox.map(({ id }) => id)
  if ([...queued].sort().join() !== [...replies].sort().join())
    broken.push(`the outbox and the log tell of different replies: ${onlyIn(queued, replies)}`)
  for (const { id, status } of outbox) if (status !== 'sent') broken.push(`reply ${id} is ${status}`)
  return broken
}

function onlyIn(left: string[], right: string[]): string {
  const only = [...left.filter((one) => !right.includes(one)), ...right.filter((one) => !left.includes(one))]
  return JSON.stringify(only.slice(0, 3))
}

/** What the log last said of an effect is what the ledger says, and what the customer was told of it stands in a reply. */
async function effectsAgainstLog({ db }: App, conversationId: string): Promise<string[]> {
  const events = await readEvents(db, conversationId)
  const told = new Map<string, string>()
  for (const event of events) {
    const effect = effectOf(event)
    if (effect) told.set(effect.key, effect.state)
  }
  const rows = await db
    .selectFrom('effects')
    .select(['key', 'tool', 'state', 'business_key', 'message'])
    .where('conversation_id', '=', conversationId)
    .execute()
  const broken = rows
    .filter(({ key, state }) => told.has(key) && told.get(key) !== state)
    .map(({ key, tool, state }) => `${tool} is ${state} in the ledger and ${told.get(key)} in the log`)
  for (const key of told.keys())
    if (!rows.some((row) => row.key === key))
      broken.push(`the log tells of an effect that is not in the ledger: ${key}`)
  const replies = sentIn(events).map(({ data }) => String(data.text))
  for (const { tool, state, message } of rows)
    if (state === 'done' && !replies.some((text) => text.includes(message ?? '?')))
      broken.push(`${tool} was done and the customer was not told: ${message}`)
  return broken
}

/** Where the demo shop keeps the key of the request that made a row. */
const REQUESTED = {
  shop_refunds: 'request_key',
  shop_returns: 'request_key',
  shop_exchanges: 'request_key',
  shop_order_cancellations: 'request_key',
  shop_device_resets: 'request_key',
  shop_tickets: 'request_key',
  shop_subscriptions: 'cancel_key',
} as const
const TABLE_OF: Record<string, keyof typeof REQUESTED> = {
  refund_charge: 'shop_refunds',
  create_return: 'shop_returns',
  exchange_item: 'shop_exchanges',
  cancel_order: 'shop_order_cancellations',
  reset_device: 'shop_device_resets',
  open_ticket: 'shop_tickets',
  cancel_subscription: 'shop_subscriptions',
}

/** What the shop did is what the ledger let it do, once; and nobody got back more than they paid. */
async function shopAgainstLedger({ db }: App): Promise<string[]> {
  const broken: string[] = []
  const effects = await db.selectFrom('effects').select(['key', 'tool', 'state', 'business_key']).execute()
  const under = new Map<string, string[]>()
  for (const [table, column] of Object.entries(REQUESTED)) {
    const rows = await db
      .selectFrom(table as 'shop_refunds')
      .select(column as 'request_key')
      .execute()
    for (const row of rows) {
      const request = row[column as 'request_key'] as string | null
      if (request === null || request.startsWith('seed:')) continue
      const key = request.split(':')[0] ?? ''
      under.set(key, [...(under.get(key) ?? []), table])
      const effect = effects.find((one) => one.key === key)
      if (!effect) broken.push(`${table} has a row that no effect of the ledger made`)
      else if (effect.state === 'planned' || effect.state === 'awaiting' || effect.state === 'failed')
        broken.push(`${table} has the row of an effect that is ${effect.state}: ${effect.tool}`)
    }
  }
  for (const { key, tool, state } of effects) {
    const table = TABLE_OF[tool]
    const rows = under.get(key)?.filter((one) => one === table).length ?? 0
    if (state === 'done' && table && rows !== 1) broken.push(`${tool} is done, and ${table} has ${rows} rows of it`)
  }
  const done = effects.filter(({ state }) => state === 'done').map(({ business_key }) => business_key)
  for (const key of new Set(done))
    if (done.filter((one) => one === key).length > 1) broken.push(`${key} was done more than once`)
  const charges = await db.selectFrom('shop_charges').select(['id', 'amount', 'refunded']).execute()
  const refunds = await db.selectFrom('shop_refunds').select(['charge_id', 'amount']).execute()
  for (const { id, amount, refunded } of charges) {
    const sum = refunds.filter(({ charge_id }) => charge_id === id).reduce((all, refund) => all + refund.amount, 0)
    if (sum !== refunded) broken.push(`${id}: its refunds are ${sum}, the charge says ${refunded}`)
    if (sum > amount) broken.push(`${id}: ${sum} of ${amount} was paid back`)
  }
  return broken
}

/** Of each customer, what stands in the shop's rows, as a hash. */
export type ShopDigest = Map<string, string>

export async function shopDigest({ db }: App): Promise<ShopDigest> {
  const found = new Map<string, string[]>()
  const add = (customer: string, row: object) =>
    void found.set(customer, [...(found.get(customer) ?? []), JSON.stringify(row)])
  const tables = ['shop_orders', 'shop_charges', 'shop_subscriptions', 'shop_devices'] as const
  for (const { id, ...row } of await db.selectFrom('shop_customers').selectAll().execute()) add(id, row)
  for (const table of tables)
    for (const row of await db.selectFrom(table).selectAll().execute())
      add((row as Pick<ShopTables['shop_orders'], 'customer_id'>).customer_id, row)
  return new Map(
    [...found].map(([customer, rows]) => [customer, createHash('sha256').update(rows.sort().join('\n')).digest('hex')]),
  )
}

/** Words by which somebody else could be recognised, by whose they are. */
export async function tellingWords({ db }: App): Promise<Map<string, string[]>> {
  const words = new Map<string, string[]>()
  const add = (customer: string, ...found: (string | null)[]) =>
    void words.set(customer, [...(words.get(customer) ?? []), ...found.flatMap((one) => one ?? [])])
  for (const { id, name, email } of await db.selectFrom('shop_customers').select(['id', 'name', 'email']).execute())
    add(id, id, name, email)
  for (const { customer_id, number, tracking_number } of await db
    .selectFrom('shop_orders')
    .select(['customer_id', 'number', 'tracking_number'])
    .execute())
    add(customer_id, number, tracking_number)
  for (const { customer_id, id, method } of await db
    .selectFrom('shop_charges')
    .select(['customer_id', 'id', 'method'])
    .execute())
    add(customer_id, id, /\d{4}/.test(method) ? method : null)
  for (const { customer_id, serial } of await db.selectFrom('shop_devices').select(['customer_id', 'serial']).execute())
    add(customer_id, serial)
  return words
}

/** Words of somebody else in texts that this customer was sent, unless they typed them. */
export function foreignWords(
  words: Map<string, string[]>,
  { customerId, texts, typed }: { customerId: string; texts: string[]; typed: string[] },
): string[] {
  const own = new Set(words.get(customerId))
  const said = typed.join('\n')
  return [...words].flatMap(([owner, theirs]) =>
    owner === customerId
      ? []
      : theirs
          .filter((word) => !own.has(word) && !said.includes(word) && texts.some((text) => text.includes(word)))
          .map((word) => `${word} of ${owner} in a reply to ${customerId}`),
  )
}
