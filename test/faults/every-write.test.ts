import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { RunControl } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { expect, test } from 'vitest'
import type { SupportStateValue } from '../../graphs/state.ts'
import { threadOf } from '../../graphs/thread.ts'
import type { InboxRow } from '../../src/conversations/batch.ts'
import { createGraphRunner, type GraphRunner, type TurnRun } from '../../src/conversations/run-graph.ts'
import type { InboxKind } from '../../src/database/tables.ts'
import { openScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'
import { createScriptedApp, type ScriptedApp } from './scripted-app.ts'

const PRINCIPAL = { customerId: 'c', assurance: 'anonymous' as const, channel: 'web' }
/** What the dying process still had in hand at its last write goes the same way. */
const LAST_BREATH_MS = 30

/** What happens in the turn that dies, after a conversation that is in the AI's hands or in a person's. */
const TURNS: { name: string; before: string[]; kind: InboxKind }[] = [
  { name: 'a question', before: ['I was charged twice'], kind: 'message' },
  { name: 'a wish for a person', before: ['I was charged twice'], kind: 'message' },
  { name: 'a message to a person', before: ['let me talk to a person'], kind: 'message' },
  { name: 'a person’s reply', before: ['let me talk to a person'], kind: 'agent-reply' },
  { name: 'a hand-back', before: ['let me talk to a person'], kind: 'hand-back' },
  {
    name: 'a hand-back with a question open',
    before: ['let me talk to a person', 'I was charged twice'],
    kind: 'hand-back',
  },
  { name: 'a close', before: ['let me talk to a person'], kind: 'close' },
  { name: 'a take-over', before: ['I was charged twice'], kind: 'take-over' },
  { name: 'a reply of an agent who takes over', before: ['I was charged twice'], kind: 'agent-reply' },
]

const DATABASES = [
  { database: 'SQLite', open: async () => undefined, there: true },
  { database: 'PostgreSQL', open: openScratchDatabase, there: TEST_DATABASE_URL !== undefined },
]

for (const { database, open, there } of DATABASES)
  for (const turn of TURNS)
    test.skipIf(!there)(
      `${turn.name} that dies at any of its writes is finished as if it had not (${database})`,
      { timeout: 120_000 },
      async () => {
        const databaseUrl = await open()
        const app = await createScriptedApp(databaseUrl ? { databaseUrl } : {})
        const whole = await play(app, turn, undefined)
        expect(whole.died).toBe(false)
        for (let write = 1; ; write += 1) {
          const { died, thread, state } = await play(app, turn, write)
          expect({ write, thread, state }).toEqual({ write, thread: whole.thread, state: whole.state })
          if (!died) break
          expect(write).toBeLessThan(50)
        }
      },
    )

for (const turn of TURNS)
  test(`${turn.name} that dies at any of its writes and is on its last try leaves nothing in the thread that was not sent`, {
    timeout: 120_000,
  }, async () => {
    const app = await createScriptedApp()
    for (let write = 1, died = true; died; write += 1) {
      const played = await play(app, turn, write, true)
      died = played.died
      expect({ write, replies: played.repliesInThread }).toEqual({ write, replies: played.committed })
      if (turn.kind === 'message') expect(played.state.reply ?? played.state.escalation).not.toBeNull()
    }
  })

/** One conversation: a turn, the turn that dies at its n-th write, the same turn again, and a last one. */
async function play(
  app: ScriptedApp,
  { name, before, kind }: (typeof TURNS)[number],
  dieAt: number | undefined,
  lastTry = false,
) {
  const conversationId = randomUUID()
  const now = Date.now()
  await app.db
    .insertInto('conversations')
    .values({
      id: conversationId,
      customer_id: 'c',
      channel: 'web',
      status: 'open',
      specialist: null,
      epoch: 1,
      event_seq: 0,
      event_hash: '',
      created_at: now,
      updated_at: now,
    })
    .execute()
  const checkpointer = app.graph.checkpointer as BaseCheckpointSaver
  const runner = createGraphRunner({ graph: app.graph, checkpointer })
  const committed: string[] = []
  const run = (text: string, as: InboxKind = 'message') => {
    const row = rowOf(conversationId, text, as)
    const turnId = randomUUID()
    return async (gaveUp = false) => {
      const last = gaveUp ? await runner.lastReplyId(conversationId) : undefined
      const unsentReplyId = last && !committed.includes(last) ? last : undefined
      return take(runner, { conversationId, turnId, rows: [row], gaveUp, unsentReplyId })
    }
  }
  const commit = async (turn: Promise<SupportStateValue>) => {
    const state = await turn
    if (state.reply) committed.push(state.reply.id)
    return state
  }
  for (const text of before) await commit(run(text)())

  const text = name === 'a wish for a person' ? 'let me talk to a person' : 'I was charged twice, once more'
  const again = run(text, kind)
  let died = false
  if (dieAt !== undefined) {
    const { dead, revive } = dieAtWrite(checkpointer, dieAt)
    died = await Promise.race([again().then(() => false), dead])
    if (died) await sleep(LAST_BREATH_MS)
    revive()
  }
  const state = await commit(again(lastTry && died))
  await commit(run('I was charged twice, at last')())
  const { values } = await app.graph.getState({ configurable: { thread_id: conversationId } })
  const thread = threadOf(values.messages)
  return {
    died,
    committed,
    repliesInThread: thread.filter(({ role }) => role !== 'customer').map(({ id }) => id),
    thread: thread.map(({ role, text }) => `${role}: ${plain(text)}`),
    state: {
      reply: state.reply && plain(state.reply.text),
      escalation: state.escalation?.reason ?? null,
      trail: state.trail.map(({ type }) => type),
    },
  }
}

/** From its n-th write on nothing that is written arrives, and nobody is told: the process is gone. */
function dieAtWrite(checkpointer: BaseCheckpointSaver, dieAt: number) {
  const { put, putWrites } = checkpointer
  let written = 0
  let die = () => {}
  const dead = new Promise<true>((resolve) => {
    die = () => resolve(true)
  })
  const alive = () => {
    written += 1
    if (written >= dieAt) die()
    return written < dieAt
  }
  const forever = new Promise<never>(() => {})
  checkpointer.put = (...given) => (alive() ? put.apply(checkpointer, given) : forever)
  checkpointer.putWrites = (...given) => (alive() ? putWrites.apply(checkpointer, given) : forever)
  const revive = () => {
    checkpointer.put = put
    checkpointer.putWrites = putWrites
  }
  return { dead, revive }
}

function take(
  runner: GraphRunner,
  turn: Pick<TurnRun, 'conversationId' | 'turnId' | 'rows' | 'gaveUp' | 'unsentReplyId'>,
): Promise<SupportStateValue> {
  return runner.run({
    ...turn,
    epoch: 1,
    principal: PRINCIPAL,
    openEscalation: async () => undefined,
    signal: new AbortController().signal,
    control: new RunControl(),
    onProgress: () => {},
  })
}

function rowOf(conversationId: string, text: string, kind: InboxKind): InboxRow {
  const id = randomUUID()
  return {
    id,
    conversation_id: conversationId,
    channel: 'web',
    dedupe_key: id,
    external_id: id,
    kind,
    body: kind === 'message' ? { text, principal: PRINCIPAL } : { text, agent: 'Noor' },
    seq: 1,
    received_at: 0,
    status: 'running',
    turn_id: null,
    attempts: 0,
  }
}

/** Without the part that differs each time the model is asked. */
function plain(text: string): string {
  return text.replace(/ Try .*$/s, '')
}
