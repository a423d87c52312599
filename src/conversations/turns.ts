import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { isGraphBubbleUp, RunControl } from '@langchain/langgraph'
import { type BulkheadPolicy, bulkhead } from 'cockatiel'
import type { Kysely } from 'kysely'
import type { Principal } from '../../graphs/context.ts'
import type { SupportStateValue } from '../../graphs/state.ts'
import type { Clock } from '../clock.ts'
import type { ConversationLocks } from '../database/database.ts'
import { FencedError } from '../database/fence.ts'
import type { Tables } from '../database/tables.ts'
import { isUnavailable } from '../database/unavailable.ts'
import type { Log } from '../log.ts'
import { type BatchLimits, batchOf, type InboxRow, inboxRows, isComplete } from './batch.ts'
import type { InboxBody } from './inbox.ts'
import type { Live } from './live.ts'
import { dropOldNews } from './old-news.ts'
import type { Outbox } from './outbox.ts'
import { type ActiveTurn, type Outcomes, openEscalation } from './outcome.ts'
import type { GraphRunner } from './run-graph.ts'

/** How turns are taken. */
export interface TurnLimits extends BatchLimits {
  /** Milliseconds of silence before a burst counts as complete, and the most that a burst may wait. */
  debounceMs: number
  debounceCapMs: number
  /** Turns that run at once in this process. */
  concurrent: number
}

const MAX_ATTEMPTS = 3
const RETRY_MS = 200
/** How long to wait before looking again at a conversation that another process has. */
const HELD_ELSEWHERE_MS = 100
/** How often the rows are searched for work that nobody took: left by another process, or dropped while they were away. */
const SWEEP_MS = 1_000
/** How long to wait before asking again a database that is full, busy or away. */
const UNAVAILABLE_MS = 500

/** Takes accepted work out of the inbox: conversations side by side, each one turn at a time. */
export function createTurns(options: {
  db: Kysely<Tables>
  runner: GraphRunner
  outcomes: Outcomes
  outbox: Outbox
  locks: ConversationLocks
  live: Live
  clock: Clock
  log: Log
  limits: TurnLimits
  shared: boolean
}) {
  const { db, runner, outcomes, outbox, locks, live, clock, log, limits } = options
  const slots: BulkheadPolicy = bulkhead(limits.concurrent, Number.POSITIVE_INFINITY)
  const active = new Map<string, Promise<void>>()
  const again = new Set<string>()
  const controls = new Set<RunControl>()
  const excused = new Set<string>()
  const stopping = new AbortController()
  let sweeper: Promise<void> = Promise.resolve()

  function schedule(conversationId: string): void {
    if (stopping.signal.aborted) return
    if (active.has(conversationId)) return void again.add(conversationId)
    const run = slots
      .execute(() => take(conversationId))
      .catch((error: Error) =>
        log.error({ conversationId, error: error.message }, 'a conversation could not be worked on'),
      )
      .finally(() => {
        active.delete(conversationId)
        if (again.delete(conversationId)) schedule(conversationId)
      })
    active.set(conversationId, run)
  }

  /** Works through everything that waits in a conversation, if no other process has it. */
  async function take(conversationId: string): Promise<void> {
    const lock = await locks.acquire(conversationId)
    if (!lock) {
      const left = await inboxRows(db, conversationId, 'new')
      if (left.length === 0) return
      await pause(HELD_ELSEWHERE_MS)
      return void again.add(conversationId)
    }
    try {
      const epoch = await nextEpoch(conversationId)
      while (!stopping.signal.aborted && !lock.lost.aborted) {
        // A turn that waits for nothing outside never lets go of the event loop: what has arrived is accepted first.
        await setImmediate()
        const turn = await claim(conversationId, epoch)
        if (!turn) return
        await work(turn, lock.lost)
      }
    } catch (error) {
      if (error instanceof FencedError) log.warn({ conversationId }, error.message)
      else throw error
    } finally {
      await lock.release()
    }
  }

  async function nextEpoch(conversationId: string): Promise<number> {
    const { epoch } = await db
      .updateTable('conversations')
      .set((eb) => ({ epoch: eb('epoch', '+', 1) }))
      .where('id', '=', conversationId)
      .returning('epoch')
      .executeTakeFirstOrThrow()
    return epoch
  }

  /** The turn that was running when a process died, or else the next one. */
  async function claim(conversationId: string, epoch: number): Promise<ActiveTurn | undefined> {
    const left = await inboxRows(db, conversationId, 'running')
    const [first] = left
    if (first?.turn_id) {
      const rows = left.filter(({ turn_id }) => turn_id === first.turn_id)
      const { supersedes } = await db
        .selectFrom('turns')
        .select('supersedes')
        .where('id', '=', first.turn_id)
        .executeTakeFirstOrThrow()
      return { id: first.turn_id, conversationId, epoch, rows, supersedes }
    }
    const rows = await gather(conversationId)
    const [lead] = rows
    if (!lead) return undefined
    if (await dropOldNews(db, lead)) return claim(conversationId, epoch)
    const turn: ActiveTurn = { id: randomUUID(), conversationId, epoch, rows, supersedes: 0 }
    await outcomes.begin(turn, lead.id)
    return turn
  }

  /** Waits until a burst is over. Nothing is held open meanwhile. */
  async function gather(conversationId: string): Promise<InboxRow[]> {
    for (;;) {
      const waiting = await inboxRows(db, conversationId, 'new')
      const batch = batchOf(waiting, limits)
      const [first, last] = [batch[0], batch.at(-1)]
      if (!first || !last || isComplete(waiting, batch, limits)) return batch
      const until = Math.min(last.received_at + limits.debounceMs, first.received_at + limits.debounceCapMs)
      const left = until - clock.now()
      if (left <= 0 || stopping.signal.aborted) return stopping.signal.aborted ? [] : batch
      await pause(left)
    }
  }

  async function work(turn: ActiveTurn, lost: AbortSignal): Promise<void> {
    const { conversationId, id: turnId } = turn
    const attempt = await countAttempt(turn)
    const gaveUp = attempt >= MAX_ATTEMPTS
    live.turn(conversationId, { turnId, inboxIds: turn.rows.map(({ id }) => id) })
    const control = new RunControl()
    controls.add(control)
    // One signal a turn: a long-lived one would collect listeners.
    const cancel = new AbortController()
    const stop = () => cancel.abort(lost.reason)
    lost.addEventListener('abort', stop, { once: true })
    try {
      lost.throwIfAborted()
      const state = await runner.run({
        turnId,
        conversationId,
        epoch: turn.epoch,
        rows: turn.rows,
        principal: await principalOf(turn),
        unsentReplyId: turn.supersedes > 0 || gaveUp ? await unsentReply(turn) : undefined,
        openEscalation: () => openEscalation(db, conversationId),
        gaveUp,
        signal: cancel.signal,
        control,
        onProgress: (data) => live.progress(conversationId, data),
      })
      // A run that was broken off may end as if it were done, with half of its state.
      lost.throwIfAborted()
      if (isSilent(turn, state)) throw new Error('the graph ended without a reply')
      const next = await outcomes.commit(turn, state)
      live.changed(conversationId)
      if (next) return await work(next, lost)
      void outbox.flush(stopping.signal)
    } catch (error) {
      const drained = control.drainRequested || isGraphBubbleUp(error)
      // A node that meets an outage stops the run as a shutdown does.
      const unavailable = isUnavailable(error) || (drained && !control.drainRequested)
      if (error instanceof FencedError || lost.aborted || drained || unavailable) await excuse(turn)
      if (error instanceof FencedError || lost.aborted) throw error
      if (unavailable) {
        log.warn({ conversationId, turnId, error: (error as Error).message }, 'a turn waits for the database')
        return await pause(UNAVAILABLE_MS)
      }
      if (drained) return
      await failed(turn, attempt, error as Error)
    } finally {
      controls.delete(control)
      lost.removeEventListener('abort', stop)
    }
  }

  /** A desk action carries none: what is handed back is answered on behalf of whoever wrote last. */
  async function principalOf({ conversationId, rows }: ActiveTurn): Promise<Principal> {
    const own = rows.findLast(({ body }) => body.principal)?.body.principal
    if (own) return own
    const last = await db
      .selectFrom('inbox')
      .select('body')
      .where('conversation_id', '=', conversationId)
      .where('kind', '=', 'message')
      .orderBy('seq', 'desc')
      .executeTakeFirst()
    const body = last && (JSON.parse(last.body) as InboxBody)
    return body?.principal ?? { customerId: 'desk', assurance: 'anonymous', channel: 'desk' }
  }

  async function failed(turn: ActiveTurn, attempt: number, error: Error): Promise<void> {
    const { id: turnId, conversationId } = turn
    log.error({ conversationId, turnId, attempt, error: error.message, stack: error.stack }, 'a turn failed')
    if (attempt <= MAX_ATTEMPTS) return pause(RETRY_MS * attempt)
    await outcomes.giveUp(turn, error.message)
    live.changed(conversationId)
  }

  async function countAttempt({ id, rows }: ActiveTurn): Promise<number> {
    const [lead] = rows
    const { attempts } = await db
      .updateTable('inbox')
      .set((eb) => ({ attempts: eb('attempts', '+', excused.delete(id) ? 0 : 1) }))
      .where('id', '=', lead?.id ?? '')
      .returning('attempts')
      .executeTakeFirstOrThrow()
    return attempts
  }

  /** What stopped the turn was none of its doing, so the try does not count towards giving it up. */
  async function excuse({ id, rows }: ActiveTurn): Promise<void> {
    const [lead] = rows
    await db
      .updateTable('inbox')
      .set((eb) => ({ attempts: eb('attempts', '-', 1) }))
      .where('id', '=', lead?.id ?? '')
      .where('turn_id', '=', id)
      .where('attempts', '>', 0)
      .execute()
      .catch(() => excused.add(id))
  }

  /** Of the turn that this one replaces, or of its own earlier tries, if that is still what the thread ends with. */
  async function unsentReply(turn: ActiveTurn): Promise<string | undefined> {
    const replyId = await runner.lastReplyId(turn.conversationId)
    if (!replyId) return undefined
    const sent = await db.selectFrom('outbox').select('id').where('id', '=', replyId).executeTakeFirst()
    return sent ? undefined : replyId
  }

  function pause(ms: number): Promise<void> {
    return clock.sleep(ms, stopping.signal).catch(() => {})
  }

  async function recover(): Promise<void> {
    const rows = await db
      .selectFrom('inbox')
      .select('conversation_id')
      .where('status', 'in', ['new', 'running'])
      .distinct()
      .execute()
    for (const { conversation_id } of rows) if (!active.has(conversation_id)) schedule(conversation_id)
  }

  return {
    /** Works on a conversation as soon as there is room. Returns at once. */
    schedule,

    /** Goes on with whatever an earlier process left, and from then on with what nobody works on. */
    async start(): Promise<void> {
      if (!options.shared) await outbox.takeOver()
      await recover()
      void outbox.flush(stopping.signal)
      sweeper = sweep()
    },

    /** Lets running turns come to their next step, keeps the rest for the next start, and waits up to `graceMs`. */
    async stop(graceMs: number): Promise<void> {
      stopping.abort()
      for (const control of controls) control.requestDrain('shutdown')
      const grace = new AbortController()
      const ended = Promise.allSettled([...active.values(), sweeper, outbox.idle()])
      await Promise.race([ended, clock.sleep(graceMs, grace.signal).catch(() => {})])
      grace.abort()
    },
  }

  async function sweep(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(SWEEP_MS)
      if (stopping.signal.aborted) return
      try {
        await recover()
        await outbox.flush(stopping.signal)
      } catch (error) {
        log.warn({ error: (error as Error).message }, 'could not look for waiting work')
      }
    }
  }
}

export type Turns = ReturnType<typeof createTurns>

/** A customer's message gets a reply or a person; anything else is a turn that is not over. */
function isSilent({ rows }: ActiveTurn, { reply, escalation }: SupportStateValue): boolean {
  return rows.every(({ kind }) => kind === 'message') && !reply && !escalation
}
