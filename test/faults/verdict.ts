import type { Kysely } from 'kysely'
import type { Author } from '../../graphs/state.ts'
import { threadOf } from '../../graphs/thread.ts'
import type { App } from '../../src/app.ts'
import { GENESIS, type LoggedEvent, linkHash, readEvents } from '../../src/conversations/event-log.ts'
import type { Tables } from '../../src/database/tables.ts'
import type { SentMessage } from './customers.ts'
import type { Delivered } from './scripted.ts'

/** What is wrong after a campaign, a line each; nothing where the promises held. */
export interface Verdict {
  /** Acknowledged messages that are not exactly once in the thread, or that nobody answered. */
  lost: string[]
  /** Replies that the customer got twice, and messages that two replies answer. */
  doubled: string[]
  /** Accepted rows whose turn never ended. */
  stuck: string[]
  /** Threads whose messages stand in another order than they arrived in. */
  disordered: string[]
  /** Differences between what the graph keeps, what the log says and what clients were told. */
  diverged: string[]
}

export const KINDS = ['lost', 'doubled', 'stuck', 'disordered', 'diverged'] as const

export function problemsOf(verdict: Verdict): string[] {
  return KINDS.flatMap((kind) => verdict[kind].map((line) => `${kind}: ${line}`))
}

/**
 * Judges the real server by what its clients were told and by what its database and its channel hold.
 * @param taken what the channel's server took; left out where the customer reads the log
 */
export async function judge(
  app: Pick<App, 'db' | 'graph'>,
  sent: SentMessage[],
  taken?: Delivered[],
): Promise<Verdict> {
  const verdict: Verdict = { lost: [], doubled: [], stuck: [], disordered: [], diverged: [] }
  const { db } = app
  const inbox = await db.selectFrom('inbox').selectAll().orderBy('seq').execute()
  const outbox = await db.selectFrom('outbox').selectAll().execute()
  const logged: { conversationId: string; reply: LoggedEvent }[] = []

  for (const { id, status } of inbox) if (status !== 'done') verdict.stuck.push(`inbox row ${id} is ${status}`)
  for (const { id, status } of outbox) if (status !== 'sent') verdict.stuck.push(`outbox row ${id} is ${status}`)

  const conversations = await db.selectFrom('conversations').select(['id', 'event_hash']).execute()
  for (const { id, event_hash } of conversations) {
    const rows = inbox.filter(({ conversation_id }) => conversation_id === id)
    const events = await readEvents(db, id)
    await compareThread(app, id, rows, events, verdict)
    const replies = events.filter(({ type }) => type === 'message-sent')
    logged.push(...replies.map((reply) => ({ conversationId: id, reply })))
    judgeReplies(id, replies, outbox, verdict)
    if ((await chain(db, id)) !== event_hash) verdict.diverged.push(`${id}: the log's chain is broken`)
  }
  const delivered = taken ?? logged.map(({ conversationId, reply }) => textOf(conversationId, reply))
  for (const { reply } of logged) {
    const times = delivered.filter(({ id }) => id === reply.data.id).length
    if (times > 1) verdict.doubled.push(`reply ${reply.data.id} was sent ${times} times`)
    if (times === 0) verdict.lost.push(`reply ${reply.data.id} was never sent`)
  }
  await judgeSenders(
    db,
    sent,
    inbox,
    logged.map(({ reply }) => reply),
    verdict,
  )
  judgeAnswers(sent, delivered, verdict)
  return verdict
}

function textOf(conversationId: string, { data }: LoggedEvent): Delivered {
  return { id: String(data.id), conversationId, text: String(data.text) }
}

/** What was acknowledged is there once and answered, and what its sender was told is what the log says. */
async function judgeSenders(
  db: Kysely<Tables>,
  sent: SentMessage[],
  inbox: { external_id: string; kind: string; turn_id: string | null }[],
  replies: LoggedEvent[],
  verdict: Verdict,
): Promise<void> {
  const turns = new Map((await db.selectFrom('turns').selectAll().execute()).map((turn) => [turn.id, turn]))
  for (const message of sent.filter(({ acknowledged }) => acknowledged)) {
    const rows = inbox.filter(({ external_id }) => external_id === message.messageId)
    if (rows.length !== 1) verdict.lost.push(`${message.messageId} has ${rows.length} inbox rows`)
    const [row] = rows
    if (!row) continue
    const turn = turns.get(row.turn_id ?? '')
    if (turn?.status !== 'done' || !turn.outcome) verdict.lost.push(`${message.messageId} was not answered`)
    const { status } = JSON.parse(turn?.outcome ?? '{}')
    const reply = replies.find(({ data }) => data.turnId === row.turn_id && (data.author as Author).kind !== 'agent')
    if (status === 'answered' && !reply && row.kind === 'message')
      verdict.lost.push(`${message.messageId} was answered with nothing`)
    for (const told of message.told)
      if (told.turnId !== row.turn_id || told.reply?.id !== reply?.data.id)
        verdict.diverged.push(`${message.messageId}: the client was told of another reply`)
  }
}

/** What the graph's thread holds is what arrived, in its order, and what the log says was sent. */
async function compareThread(
  { graph }: Pick<App, 'graph'>,
  id: string,
  rows: { id: string; kind: string; external_id: string }[],
  events: LoggedEvent[],
  verdict: Verdict,
): Promise<void> {
  const { values } = await graph.getState({ configurable: { thread_id: id } })
  const thread = threadOf(values.messages ?? [])
  const arrived = rows.filter(({ kind }) => kind === 'message')
  const kept = thread.filter(({ role }) => role === 'customer').map((message) => message.id)
  for (const row of arrived) {
    const times = kept.filter((one) => one === row.id).length
    if (times !== 1) verdict.lost.push(`${row.external_id} is ${times} times in the thread`)
  }
  if (kept.join() !== arrived.map((row) => row.id).join()) verdict.disordered.push(`${id}: not in the order of arrival`)
  const received = events.filter(({ type }) => type === 'message-received').map(({ data }) => data.inboxId)
  if (received.join() !== arrived.map((row) => row.id).join())
    verdict.diverged.push(`${id}: the log names other messages`)
  const written = thread.filter(({ role }) => role !== 'customer').map((message) => `${message.id} ${message.text}`)
  const logged = events.filter(({ type }) => type === 'message-sent').map(({ data }) => `${data.id} ${data.text}`)
  for (const text of written.filter((one) => !logged.includes(one)))
    verdict.diverged.push(`${id}: in the thread and not in the log: ${text.slice(0, 200)}`)
  for (const text of logged.filter((one) => !written.includes(one)))
    verdict.diverged.push(`${id}: in the log and not in the thread: ${text.slice(0, 200)}`)
  if (verdict.diverged.length === 0 && written.join('\n') !== logged.join('\n'))
    verdict.diverged.push(`${id}: the thread and the log tell the replies in another order`)
}

function judgeReplies(
  id: string,
  replies: LoggedEvent[],
  outbox: { id: string; conversation_id: string; turn_id: string }[],
  verdict: Verdict,
): void {
  const turnIds = replies.map(({ data }) => data.turnId)
  if (new Set(turnIds).size !== turnIds.length) verdict.doubled.push(`${id}: a turn with two replies in the log`)
  const queued = outbox.filter(({ conversation_id }) => conversation_id === id)
  if (
    queued
      .map((row) => row.id)
      .sort()
      .join() !==
    replies
      .map(({ data }) => data.id)
      .sort()
      .join()
  )
    verdict.diverged.push(`${id}: the outbox and the log name other replies`)
}

/** Every reply of the scripted model says which messages it answers. */
export function judgeAnswers(sent: SentMessage[], taken: Delivered[], verdict: Verdict): void {
  const texts = new Map<string, Set<string>>()
  for (const { id, text } of taken)
    for (const asked of text.match(/Asked: (.*)\. Try /s)?.[1]?.split(' | ') ?? [])
      texts.set(asked, (texts.get(asked) ?? new Set()).add(id))
  for (const { messageId, text } of sent) {
    const replies = texts.get(text)?.size ?? 0
    if (replies > 1) verdict.doubled.push(`${messageId} was answered by ${replies} replies`)
  }
}

async function chain(db: Kysely<Tables>, id: string): Promise<string> {
  const rows = await db.selectFrom('events').selectAll().where('conversation_id', '=', id).orderBy('seq').execute()
  return rows.reduce((hash, row, i) => (row.seq === i + 1 ? linkHash(hash, row) : 'a gap'), GENESIS)
}

/** Judges the control: an acknowledged message counts as lost when it is not in the thread or no reply to it was sent. */
export async function judgeControl(app: Pick<App, 'graph'>, sent: SentMessage[], taken: Delivered[]): Promise<Verdict> {
  const verdict: Verdict = { lost: [], doubled: [], stuck: [], disordered: [], diverged: [] }
  for (const { messageId, conversationId, text, acknowledged } of sent) {
    if (!acknowledged) continue
    const { values } = await app.graph.getState({ configurable: { thread_id: conversationId ?? '' } })
    const kept = threadOf(values.messages ?? []).filter(({ id }) => id === messageId).length
    const answered = taken.some((reply) => reply.text.includes(text))
    if (kept !== 1 || !answered)
      verdict.lost.push(`${messageId}: ${kept} times in the thread, ${answered ? '' : 'not '}answered`)
  }
  for (const id of new Set(taken.map((reply) => reply.id))) {
    const times = taken.filter((reply) => reply.id === id).length
    if (times > 1) verdict.doubled.push(`reply ${id} was sent ${times} times`)
  }
  judgeAnswers(sent, taken, verdict)
  return verdict
}
