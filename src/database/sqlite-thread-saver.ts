import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  type DeltaChannelHistory,
  isDeltaSnapshot,
  type PendingWrite,
  type SerializerProtocol,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite'
import type SqliteFile from 'better-sqlite3'

/** Full copies of a thread that are kept: the last is what reading it needs. */
const KEPT_SNAPSHOTS = 1

/**
 * The official SQLite saver for long threads. A thread's delta channels are read with one query instead of one an
 * ancestor, and what lies before the last snapshot is deleted as it is written, so that a thread's file space stays
 * bounded however long it gets. The event log keeps the history.
 */
export class SqliteThreadSaver extends SqliteSaver {
  private statements: ReturnType<typeof prepare> | undefined
  private waiting: Waiting[] = []

  constructor(file: SqliteFile.Database, serde: SerializerProtocol) {
    super(file, serde)
    this.setup()
    // The saver's own set-up leaves new files at NORMAL, which a power cut can undo.
    file.pragma('synchronous = FULL')
  }

  // The stock query builds JSON of every value within SQLite, only to parse it again.
  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { thread_id: thread, checkpoint_ns: namespace = '', checkpoint_id: wanted } = config.configurable ?? {}
    this.commit()
    const { latest, checkpointAt, writesAt } = this.prepared()
    const id = wanted ?? latest.get({ thread, namespace })
    const row = id === undefined ? undefined : checkpointAt.get({ thread, namespace, id })
    if (!row) return undefined
    const load = (type: string | null, value: string) => this.serde.loadsTyped(type ?? 'json', value)
    const checkpoint: Checkpoint = await load(row.type, row.checkpoint)
    // Written by an older LangGraph: the stock saver knows how to bring it up to date.
    if (checkpoint.v < 4) return super.getTuple(config)
    const writes = writesAt.all({ thread, namespace, id })
    const at = (checkpoint_id: string) => ({
      configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id },
    })
    return {
      checkpoint,
      config: wanted ? config : at(row.checkpoint_id),
      metadata: await load(row.type, row.metadata),
      ...(row.parent_checkpoint_id !== null && { parentConfig: at(row.parent_checkpoint_id) }),
      pendingWrites: await Promise.all(
        writes.map(async ({ task_id, channel, type, value }) => {
          const write: CheckpointPendingWrite = [task_id, channel, await load(type, value)]
          return write
        }),
      ),
    }
  }

  override async getDeltaChannelHistory(options: {
    config: RunnableConfig
    channels: string[]
  }): Promise<Record<string, DeltaChannelHistory>> {
    const { thread_id: thread, checkpoint_ns: namespace = '', checkpoint_id: id } = options.config.configurable ?? {}
    this.commit()
    const { history, latest, seed } = this.prepared()
    const target = id ?? latest.get({ thread, namespace })
    const rows = history.all({ thread, namespace, target, channels: JSON.stringify(options.channels) })
    const result = Object.fromEntries(
      options.channels.map((channel) => [channel, { writes: [] } as DeltaChannelHistory]),
    )
    const oldest = rows[0]
    if (!oldest) return result
    const values = oldest.holds_seed
      ? (
          (await this.serde.loadsTyped(
            'json',
            seed.get({ thread, namespace, id: oldest.checkpoint_id }) ?? '',
          )) as Checkpoint
        ).channel_values
      : {}
    // Channels with snapshots of their own, at other steps, are read the slow way.
    if (oldest.holds_seed && options.channels.some((channel) => !Object.hasOwn(values, channel)))
      return super.getDeltaChannelHistory(options)
    for (const channel of options.channels)
      if (Object.hasOwn(values, channel)) (result[channel] as { seed?: unknown }).seed = values[channel]
    for (const { task_id, channel, type, value } of rows) {
      if (task_id === null || channel === null) continue
      const write: CheckpointPendingWrite = [task_id, channel, await this.serde.loadsTyped(type ?? 'json', value ?? '')]
      result[channel]?.writes.push(write)
    }
    return result
  }

  // The same rows as the stock saver's, which prepares its statements anew at every call.
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
  ): Promise<RunnableConfig> {
    const { thread_id: thread, checkpoint_ns: namespace = '', checkpoint_id: parent = null } = config.configurable ?? {}
    if (!thread) throw new Error('put needs configurable.thread_id')
    const [[type, value], [, about]] = await Promise.all([
      this.serde.dumpsTyped(checkpoint),
      this.serde.dumpsTyped(metadata),
    ])
    const saved = { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: checkpoint.id } }
    const snapshot = Object.values(checkpoint.channel_values).some(isDeltaSnapshot)
    const written = this.write(() => {
      this.prepared().insertCheckpoint.run(thread, namespace, checkpoint.id, parent, type, value, about)
      if (snapshot) this.forget(saved)
    })
    this.commit()
    await written
    return saved
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: id } = config.configurable ?? {}
    if (!thread || !id) throw new Error('putWrites needs configurable.thread_id and checkpoint_id')
    const { insertWrite, replaceWrite } = this.prepared()
    const statement = writes.every(([channel]) => channel in WRITES_IDX_MAP) ? replaceWrite : insertWrite
    const rows = await Promise.all(
      writes.map(async ([channel, value], i) => {
        const [type, stored] = await this.serde.dumpsTyped(value)
        return [thread, namespace, id, taskId, WRITES_IDX_MAP[channel] ?? i, channel, type, stored]
      }),
    )
    const written = this.write(() => {
      for (const row of rows) statement.run(...row)
    })
    // A step's checkpoint follows its writes at once: one commit for both, and none waits for what does not come.
    process.nextTick(() => this.commit())
    await written
  }

  override async *list(...args: Parameters<SqliteSaver['list']>): ReturnType<SqliteSaver['list']> {
    this.commit()
    yield* super.list(...args)
  }

  override async deleteThread(threadId: string): Promise<void> {
    this.commit()
    await super.deleteThread(threadId)
  }

  /** Keeps a promise that is resolved once the rows are on disk, and not before. */
  private write(run: () => void): Promise<void> {
    return new Promise((resolve, reject) => this.waiting.push({ run, resolve, reject }))
  }

  /** Everything that waits, in one transaction. */
  private commit(): void {
    const waiting = this.waiting
    if (waiting.length === 0) return
    this.waiting = []
    try {
      this.prepared().inOne(waiting)
      for (const { resolve } of waiting) resolve()
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }

  /** Deletes what no snapshot that is kept needs. */
  private forget({ configurable }: RunnableConfig): void {
    const { thread_id: thread, checkpoint_ns: namespace } = configurable ?? {}
    const { snapshots, deleteCheckpoints, deleteWrites } = this.prepared()
    const oldest = snapshots.all({ thread, namespace, kept: KEPT_SNAPSHOTS }).at(KEPT_SNAPSHOTS - 1)
    if (!oldest) return
    deleteCheckpoints.run({ thread, namespace, oldest })
    deleteWrites.run({ thread, namespace, oldest })
  }

  private prepared() {
    this.statements ??= prepare(this.db)
    return this.statements
  }
}

interface Waiting {
  run(): void
  resolve(): void
  reject(error: unknown): void
}

interface CheckpointRow {
  checkpoint_id: string
  parent_checkpoint_id: string | null
  type: string | null
  checkpoint: string
  metadata: string
}

interface WriteRow {
  task_id: string
  channel: string
  type: string | null
  value: string
}

interface HistoryRow {
  checkpoint_id: string
  holds_seed: 0 | 1
  task_id: string | null
  channel: string | null
  type: string | null
  value: string | null
}

/** As it stands in a stored checkpoint; within a text its quotes would be escaped. */
const SNAPSHOT = `instr(checkpoint, CAST('"type":"delta_snapshot"' AS BLOB)) > 0`
/** While LangGraph counts a channel's steps since its last snapshot the checkpoint, which is much longer, holds none. */
const UNCOUNTED = `EXISTS (
  SELECT 1 FROM json_each(@channels) AS channel WHERE instr(metadata, CAST('"' || channel.value || '":[' AS BLOB)) = 0)`
/** Or a plain list, of a thread from before its channel stored only what was added; an input's list is not one. */
const SEED = `(${UNCOUNTED} AND (${SNAPSHOT} OR EXISTS (
  SELECT 1 FROM json_each(@channels) AS channel
  WHERE instr(checkpoint, CAST('"' || channel.value || '":[' AS BLOB)) > 0
    AND json_type(CAST(checkpoint AS TEXT), '$.channel_values."' || channel.value || '"') IS NOT NULL)))`
const THREAD = 'thread_id = @thread AND checkpoint_ns = @namespace'

function insertWrite(conflict: 'IGNORE' | 'REPLACE'): string {
  return `INSERT OR ${conflict} INTO writes (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
}

function prepare(db: SqliteFile.Database) {
  return {
    checkpointAt: db.prepare<object, CheckpointRow>(
      `SELECT checkpoint_id, parent_checkpoint_id, type, CAST(checkpoint AS TEXT) AS checkpoint, CAST(metadata AS TEXT) AS metadata
       FROM checkpoints WHERE ${THREAD} AND checkpoint_id = @id`,
    ),
    writesAt: db.prepare<object, WriteRow>(
      `SELECT task_id, channel, type, CAST(value AS TEXT) AS value FROM writes WHERE ${THREAD} AND checkpoint_id = @id ORDER BY task_id, idx`,
    ),
    insertCheckpoint: db.prepare<unknown[]>(
      `INSERT OR REPLACE INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertWrite: db.prepare<unknown[]>(insertWrite('IGNORE')),
    replaceWrite: db.prepare<unknown[]>(insertWrite('REPLACE')),
    inOne: db.transaction((waiting: Waiting[]) => {
      for (const { run } of waiting) run()
    }),
    latest: db
      .prepare<object, string>(
        `SELECT checkpoint_id FROM checkpoints WHERE ${THREAD} ORDER BY checkpoint_id DESC LIMIT 1`,
      )
      .pluck(),
    // From the target's parent back to the nearest snapshot, then forwards with the writes of each.
    history: db.prepare<object, HistoryRow>(`
      WITH RECURSIVE chain(checkpoint_id, parent, depth, holds_seed) AS (
        SELECT checkpoint_id, parent_checkpoint_id, 0, ${SEED} FROM checkpoints
        WHERE ${THREAD} AND checkpoint_id =
          (SELECT parent_checkpoint_id FROM checkpoints WHERE ${THREAD} AND checkpoint_id = @target)
        UNION ALL
        SELECT c.checkpoint_id, c.parent_checkpoint_id, depth + 1, ${SEED}
        FROM chain JOIN checkpoints c ON c.thread_id = @thread AND c.checkpoint_ns = @namespace AND c.checkpoint_id = chain.parent
        WHERE NOT chain.holds_seed
      )
      SELECT chain.checkpoint_id, holds_seed, task_id, channel, type, CAST(value AS TEXT) AS value
      FROM chain LEFT JOIN writes w ON w.thread_id = @thread AND w.checkpoint_ns = @namespace
        AND w.checkpoint_id = chain.checkpoint_id AND w.channel IN (SELECT value FROM json_each(@channels))
      ORDER BY depth DESC, task_id, idx`),
    seed: db
      .prepare<object, string>(
        `SELECT CAST(checkpoint AS TEXT) FROM checkpoints WHERE ${THREAD} AND checkpoint_id = @id`,
      )
      .pluck(),
    snapshots: db
      .prepare<object, string>(
        `SELECT checkpoint_id FROM checkpoints WHERE ${THREAD} AND ${SNAPSHOT} ORDER BY checkpoint_id DESC LIMIT @kept`,
      )
      .pluck(),
    deleteCheckpoints: db.prepare(`DELETE FROM checkpoints WHERE ${THREAD} AND checkpoint_id < @oldest`),
    deleteWrites: db.prepare(`DELETE FROM writes WHERE ${THREAD} AND checkpoint_id < @oldest`),
  }
}
