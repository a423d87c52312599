import { HumanMessage } from '@langchain/core/messages'
import { START, StateGraph } from '@langchain/langgraph'
import { BaseCheckpointSaver, MemorySaver } from '@langchain/langgraph-checkpoint'
import SqliteFile from 'better-sqlite3'
import pg from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SupportState, type SupportStateValue } from '../../graphs/state.ts'
import { createMessageSerde } from '../../src/database/message-serde.ts'
import { PostgresThreadSaver } from '../../src/database/postgres-thread-saver.ts'
import { SqliteThreadSaver } from '../../src/database/sqlite-thread-saver.ts'
import { openScratchDatabase } from '../postgres.ts'

const savers: [name: string, open: () => Promise<BaseCheckpointSaver>, skipped: boolean][] = [
  ['SQLite', async () => new SqliteThreadSaver(new SqliteFile(':memory:'), createMessageSerde()), false],
  ['PostgreSQL', openPostgresSaver, !process.env.TEST_DATABASE_URL],
]

async function openPostgresSaver(): Promise<BaseCheckpointSaver> {
  const pool = new pg.Pool({ connectionString: await openScratchDatabase(), max: 2 })
  onTestFinished(() => pool.end())
  const saver = new PostgresThreadSaver(pool, createMessageSerde(), 'checkpoints')
  await saver.setup()
  return saver
}

for (const [name, open, skipped] of savers)
  describe.skipIf(skipped)(`the saver of long threads on ${name}`, () => {
    test('gives a thread of 320 turns back whole, reads what the slow way reads, and keeps its space bounded', async () => {
      const saver = await open()
      const run = turnsOn(saver)
      let most = 0
      for (let i = 1; i <= 320; i += 1) {
        const { messages } = await run(i)
        if (i % 80 !== 0) continue
        expect(messages.map(({ text }) => text)).toEqual(Array.from({ length: i }, (_, n) => `message ${n + 1}`))
        const options = { config: { configurable: { thread_id: 'long', checkpoint_ns: '' } }, channels: ['messages'] }
        const slow = await BaseCheckpointSaver.prototype.getDeltaChannelHistory.call(saver, options)
        expect(JSON.stringify(await saver.getDeltaChannelHistory(options))).toBe(JSON.stringify(slow))
        most = Math.max(most, await checkpointsOf(saver))
      }
      // Three checkpoints a turn are written: without forgetting there would be 960.
      expect(most).toBeLessThan(700)
    }, 120_000)

    test('a thread that it does not know has no history', async () => {
      const saver = await open()
      const config = { configurable: { thread_id: 'nobody', checkpoint_ns: '' } }
      expect(await saver.getDeltaChannelHistory({ config, channels: ['messages'] })).toEqual({
        messages: { writes: [] },
      })
    })
  })

async function checkpointsOf(saver: BaseCheckpointSaver): Promise<number> {
  let count = 0
  for await (const _ of saver.list({ configurable: { thread_id: 'long' } })) count += 1
  return count
}

/** A graph of one node on the real state: each run adds a message. */
function turnsOn(checkpointer: BaseCheckpointSaver) {
  const graph = new StateGraph(SupportState)
    .addNode('note', () => ({ unsure: 0 }))
    .addEdge(START, 'note')
    .compile({ checkpointer })
  return (i: number) =>
    graph.invoke(
      { turnId: `t${i}`, messages: [new HumanMessage({ id: `m${i}`, content: `message ${i}` })] },
      { configurable: { thread_id: 'long' }, durability: 'sync' },
    ) as Promise<SupportStateValue>
}

test('the savers read what LangGraph’s own memory saver would', async () => {
  const run = turnsOn(new MemorySaver(createMessageSerde()))
  for (let i = 1; i <= 120; i += 1) expect((await run(i)).messages).toHaveLength(i)
})
