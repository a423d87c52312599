import { randomUUID } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import { buildHandoffPacket, type DatedFact } from '../../graphs/handoff-packet.ts'
import {
  type Escalation,
  effectFacts,
  hasActed,
  type Reply,
  type SupportStateValue,
  type TrailEntry,
} from '../../graphs/state.ts'
import { systemDraft, TO_A_PERSON } from '../../graphs/supervisor.ts'
import { stableId } from '../../graphs/thread.ts'
import type { Clock } from '../clock.ts'
import { FencedError } from '../database/fence.ts'
import type { Tables } from '../database/tables.ts'
import { type BatchLimits, batchOf, type InboxRow, inboxRows, upToTakeOver } from './batch.ts'
import type { TurnBudgets } from './budgets.ts'
import { keepPromises, promisesOf } from './commitments.ts'
import { appendEvents, type LoggedEvent, type NewEvent, readEvents } from './event-log.ts'
import type { Outbox } from './outbox.ts'
import { messagesFrom } from './thread-view.ts'
import { recordTold } from './told.ts'
import { recordQuestions } from './unanswered-questions.ts'

/** What a finished turn leaves for everyone who waits for it. */
export interface TurnOutcome {
  turnId: string
  status: 'answered' | 'with_human' | 'awaiting_approval'
  /** The place of the reply in the event log; null without one, and for a person's words, which answer no request. */
  replySeq: number | null
  route: SupportStateValue['route']
  escalation: { id: string; reason: string; status: 'open' | 'claimed' | 'closed' } | null
}

/** A turn in the hands of this process. */
export interface ActiveTurn {
  id: string
  conversationId: string
  /** Grew when this process took the conversation; a write under an older one is refused. */
  epoch: number
  rows: InboxRow[]
  supersedes: number
}

/** What a turn came to, as far as anything outside the graph has to know. */
type Verdict = Pick<SupportStateValue, 'trail' | 'reply' | 'escalation' | 'route' | 'specialist'>

/** A reply may be thrown away for newer messages this often; then it is sent, so that an eager writer gets an answer. */
const MAX_SUPERSEDES = 3

/** Commits what a turn came to, in one transaction: reply, facts, statuses; or throws the unsent reply away for newer messages. */
export function createOutcomes(options: {
  db: Kysely<Tables>
  outbox: Outbox
  budgets: TurnBudgets
  clock: Clock
  batch: BatchLimits
  /** Who a message's sender is by now; it may have been proved since. */
  principalNow(principal: Principal, trx: Transaction<Tables>): Promise<Principal>
}) {
  const { db, outbox, budgets, clock, batch, principalNow } = options

  /** Begins a turn, if this process still has the conversation: another one may have taken these very rows meanwhile. */
  async function begin(turn: ActiveTurn, leadInboxId: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await fence(trx, turn)
      await insertTurn(trx, turn, leadInboxId, clock.now())
    })
  }

  /** @returns the turn that replaces this one, or undefined when this one stands */
  async function commit(turn: ActiveTurn, state: SupportStateValue): Promise<ActiveTurn | undefined> {
    return db.transaction().execute(async (trx) => {
      const conversation = await fence(trx, turn)
      const newer = mayReplace(turn, state) ? newerRows(turn, await inboxRows(trx, turn.conversationId, 'new')) : []
      if (newer.length > 0) return supersede(trx, turn, newer)
      await stand(trx, turn, state, conversation)
      return undefined
    })
  }

  /** What arrived while the turn ran and goes before its reply: an agent who took over always, newer words up to a limit. */
  function newerRows(turn: ActiveTurn, waiting: InboxRow[]): InboxRow[] {
    const taken = upToTakeOver(waiting)
    if (taken.length > 0) return taken
    return turn.supersedes < MAX_SUPERSEDES ? batchOf(waiting, batch, turn.rows) : []
  }

  async function supersede(trx: Transaction<Tables>, turn: ActiveTurn, newer: InboxRow[]): Promise<ActiveTurn> {
    const now = clock.now()
    const next: ActiveTurn = {
      ...turn,
      id: randomUUID(),
      rows: [...turn.rows, ...newer],
      supersedes: turn.supersedes + 1,
    }
    const [lead] = newer
    await trx.updateTable('turns').set({ status: 'superseded', finished_at: now }).where('id', '=', turn.id).execute()
    // What was spent on a reply that nobody got was spent all the same.
    await budgets.settle(trx, { turnId: turn.id, conversationId: turn.conversationId })
    await insertTurn(trx, next, lead?.id ?? '', now)
    const data = { turnId: turn.id, by: next.id }
    await appendEvents(trx, turn.conversationId, [{ type: 'reply-superseded', actor: 'baton', data }], now)
    return next
  }

  async function stand(
    trx: Transaction<Tables>,
    turn: ActiveTurn,
    state: Verdict,
    conversation: { customer_id: string; channel: string; status: string },
    rowStatus: 'done' | 'dead' = 'done',
  ): Promise<void> {
    const now = clock.now()
    const { reply } = state
    const events: NewEvent[] = state.trail.map((entry) => factEvent(turn.id, entry))
    const failure = state.trail.find(({ type }) => type === 'node-failed')
    if (failure) events.push(failedEvent(turn.id, failure))
    if (reply) events.push(sentEvent(turn.id, reply))
    await keepPromises(trx, turn, state.trail, now)
    const escalation = await settleEscalation(trx, turn, state, conversation, events, now)
    const status = state.escalation ? 'with_human' : closedBy(turn) ? 'closed' : 'open'
    if (status === 'closed')
      events.push({ type: 'conversation-closed', actor: agentOf(turn), data: { turnId: turn.id } })
    const last = await appendEvents(trx, turn.conversationId, events, now)
    const logged = numbered(events, last, now)
    await recordTold(trx, turn.conversationId, logged)
    await recordQuestions(trx, turn.conversationId, logged)
    const sentAt = events.findIndex(({ type }) => type === 'message-sent')
    if (reply) {
      const { id, text, author } = reply
      await outbox.put(trx, conversation.channel, turn.id, { id, conversationId: turn.conversationId, text, author })
    }
    const outcome: TurnOutcome = {
      turnId: turn.id,
      status: state.escalation ? 'with_human' : waitsForApproval(state) ? 'awaiting_approval' : 'answered',
      replySeq: reply && reply.author.kind !== 'agent' ? last - events.length + sentAt + 1 : null,
      route: state.route,
      escalation,
    }
    await finish(trx, turn, outcome, now, rowStatus)
    await budgets.settle(trx, { turnId: turn.id, conversationId: turn.conversationId })
    await trx
      .updateTable('conversations')
      .set({ status, specialist: state.specialist, updated_at: now })
      .where('id', '=', turn.conversationId)
      .execute()
  }

  /** Opens, keeps or closes the escalation row so that it says what the thread says. */
  async function settleEscalation(
    trx: Transaction<Tables>,
    turn: ActiveTurn,
    state: Verdict,
    conversation: { customer_id: string; channel: string },
    events: NewEvent[],
    now: number,
  ): Promise<TurnOutcome['escalation']> {
    const open = await trx
      .selectFrom('escalations')
      .select(['id', 'reason', 'status', 'agent'])
      .where('conversation_id', '=', turn.conversationId)
      .where('status', '!=', 'closed')
      .executeTakeFirst()
    if (!state.escalation) {
      if (open) await closeEscalation(trx, turn, open.id, events, now)
      return null
    }
    const { id, reason, detail, triggeredBy } = state.escalation
    const claimedBy = ownerAfter(turn)
    if (open?.id === id) {
      const aside = turn.rows.some(({ body }) => body.aside)
      if (open.status !== 'open' || !claimedBy || aside) return { id, reason, status: open.status }
      await trx
        .updateTable('escalations')
        .set({ status: 'claimed', agent: claimedBy, claimed_at: now })
        .where('id', '=', id)
        .execute()
      events.unshift({ type: 'escalation-claimed', actor: claimedBy, data: { id, agent: claimedBy } })
      return { id, reason, status: 'claimed' }
    }
    // Handed back, and the AI needs a person again.
    if (open) await closeEscalation(trx, turn, open.id, events, now)
    const packet = await packetOf(trx, turn, state, conversation, events, now)
    const status = claimedBy ? 'claimed' : 'open'
    await trx
      .insertInto('escalations')
      .values({
        id,
        conversation_id: turn.conversationId,
        reason,
        detail,
        status,
        agent: claimedBy,
        packet: JSON.stringify(packet),
        opened_at: now,
        claimed_at: claimedBy ? now : null,
        closed_at: null,
      })
      .execute()
    events.push({ type: 'escalation-opened', actor: triggeredBy, data: { id, reason, detail } })
    if (claimedBy) events.push({ type: 'escalation-claimed', actor: claimedBy, data: { id, agent: claimedBy } })
    return { id, reason, status }
  }

  async function closeEscalation(
    trx: Transaction<Tables>,
    turn: ActiveTurn,
    id: string,
    events: NewEvent[],
    now: number,
  ): Promise<void> {
    await trx.updateTable('escalations').set({ status: 'closed', closed_at: now }).where('id', '=', id).execute()
    events.push({ type: 'escalation-closed', actor: agentOf(turn), data: { id } })
  }

  async function packetOf(
    trx: Transaction<Tables>,
    turn: ActiveTurn,
    state: Verdict,
    conversation: { customer_id: string; channel: string },
    events: NewEvent[],
    now: number,
  ) {
    const logged = [
      ...(await readEvents(trx, turn.conversationId)),
      ...events.map((event) => ({ ...event, seq: 0, at: now })),
    ]
    const facts = logged.flatMap(({ type, at, data }) =>
      'turnId' in data && FACTS.has(type)
        ? [{ ...data, type, at: new Date(at).toISOString() } as unknown as DatedFact]
        : [],
    )
    const sender = turn.rows.findLast(({ body }) => body.principal)?.body.principal
    return buildHandoffPacket({
      conversationId: turn.conversationId,
      channel: conversation.channel,
      customerId: conversation.customer_id,
      assurance: sender ? (await principalNow(sender, trx)).assurance : 'anonymous',
      at: new Date(now).toISOString(),
      escalation: state.escalation as NonNullable<SupportStateValue['escalation']>,
      messages: messagesFrom(logged),
      facts,
      promises: await promisesOf(trx, turn.conversationId),
    })
  }

  /** The graph cannot run at all: the rows are set aside, a person gets the conversation, the customer one true sentence. */
  async function giveUp(turn: ActiveTurn, error: string): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const conversation = await fence(trx, turn)
      const open = await openEscalation(trx, turn.conversationId)
      const detail = 'The turn failed several times.'
      const state: Verdict = {
        trail: [{ type: 'node-failed', node: 'turn', error: error.slice(0, 300) }],
        reply: open ? null : { ...systemDraft(TO_A_PERSON), id: stableId('reply', turn.id, 'gave-up') },
        escalation: open ?? {
          id: stableId('escalation', turn.id),
          reason: 'tool_failure',
          detail,
          triggeredBy: 'rule',
        },
        route: null,
        specialist: conversation.specialist,
      }
      await stand(trx, turn, state, conversation, 'dead')
    })
  }

  return { begin, commit, giveUp }
}

export type Outcomes = ReturnType<typeof createOutcomes>

/** The escalation for which a person owns the conversation, if one does. */
export async function openEscalation(
  db: Kysely<Tables> | Transaction<Tables>,
  conversationId: string,
): Promise<Escalation | undefined> {
  const open = await db
    .selectFrom('escalations')
    .select(['id', 'reason', 'detail'])
    .where('conversation_id', '=', conversationId)
    .where('status', '!=', 'closed')
    .executeTakeFirst()
  return open && { ...open, reason: open.reason as Escalation['reason'], triggeredBy: 'rule' }
}

/** From here the rows are this turn's, whatever happens to the process. */
async function insertTurn(trx: Transaction<Tables>, turn: ActiveTurn, leadInboxId: string, now: number): Promise<void> {
  await trx
    .insertInto('turns')
    .values({
      id: turn.id,
      conversation_id: turn.conversationId,
      status: 'running',
      lead_inbox_id: leadInboxId,
      supersedes: turn.supersedes,
      outcome: null,
      started_at: now,
      finished_at: null,
    })
    .execute()
  // Attempts are this turn's: a reply thrown away for newer words was no failure.
  await trx
    .updateTable('inbox')
    .set({ status: 'running', turn_id: turn.id, attempts: 0 })
    .where(
      'id',
      'in',
      turn.rows.map(({ id }) => id),
    )
    .execute()
}

const FACTS = new Set<string>([
  ...['tone-noticed', 'route-decided', 'passages-used', 'tool-called', 'handed-off', 'gate-decided', 'claim-made'],
  ...['node-failed', 'code-sent', 'code-refused', 'customer-verified'],
  ...effectFacts,
])

async function fence(trx: Transaction<Tables>, turn: ActiveTurn) {
  const held = await trx
    .updateTable('conversations')
    .set({ epoch: turn.epoch })
    .where('id', '=', turn.conversationId)
    .where('epoch', '=', turn.epoch)
    .returning(['customer_id', 'channel', 'status', 'specialist'])
    .executeTakeFirst()
  if (!held) throw new FencedError(turn.conversationId)
  return held
}

async function finish(
  trx: Transaction<Tables>,
  turn: ActiveTurn,
  outcome: TurnOutcome,
  now: number,
  status: 'done' | 'dead' = 'done',
): Promise<void> {
  await trx
    .updateTable('turns')
    .set({ status, outcome: JSON.stringify(outcome), finished_at: now })
    .where('id', '=', turn.id)
    .execute()
  await trx.updateTable('inbox').set({ status }).where('turn_id', '=', turn.id).execute()
}

/** Only an AI's answer to the customer is thrown away; a handover, a person's words and news of what was done stand. */
function mayReplace(turn: ActiveTurn, state: SupportStateValue): boolean {
  const acted = state.trail.some(hasActed)
  return turn.rows.every(({ kind }) => kind === 'message') && state.reply !== null && !state.escalation && !acted
}

function waitsForApproval({ trail }: Pick<SupportStateValue, 'trail'>): boolean {
  return trail.some(({ type }) => type === 'effect-awaiting')
}

function factEvent(turnId: string, { type, ...data }: TrailEntry): NewEvent {
  return { type, actor: actorOf(data), data: { turnId, ...data } }
}

function actorOf(data: Omit<TrailEntry, 'type'>): string {
  for (const who of ['specialist', 'agent', 'speaker', 'owner'])
    if (who in data) return String(data[who as keyof typeof data])
  return 'supervisor'
}

function failedEvent(turnId: string, { type, ...failure }: TrailEntry): NewEvent {
  return { type: 'turn-failed', actor: 'baton', data: { turnId, ...failure } }
}

function sentEvent(turnId: string, { id, text, author, citations, model, degraded, action }: Reply): NewEvent {
  return {
    type: 'message-sent',
    actor: author.name,
    data: { turnId, id, text, author, citations, model, ...(degraded && { degraded }), ...(action && { action }) },
  }
}

function numbered(events: NewEvent[], last: number, at: number): LoggedEvent[] {
  return events.map((event, i) => ({ ...event, seq: last - events.length + i + 1, at }))
}

function agentOf(turn: ActiveTurn): string {
  return turn.rows.find(({ body }) => body.agent)?.body.agent ?? ''
}

/** The agent who has the conversation when the turn is over, if one took it or wrote in it. */
function ownerAfter(turn: ActiveTurn): string | null {
  const keeps = turn.rows.every(({ kind }) => kind !== 'hand-back' && kind !== 'close')
  return keeps ? agentOf(turn) || null : null
}

function closedBy(turn: ActiveTurn): boolean {
  return turn.rows.some(({ kind }) => kind === 'close')
}
