import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  type DeltaChannelHistory,
  isDeltaSnapshot,
  type PendingWrite,
  type SerializerProtocol,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import type pg from 'pg'
import { EPOCH } from '../../graphs/context.ts'
import { FencedError } from './fence.ts'

/** Full copies of a thread that are kept: the last is what reading it needs. */
const KEPT_SNAPSHOTS = 1

/**
 * The official PostgreSQL saver for long threads: a delta channel is read with one query instead of one an ancestor,
 * and what lies before the last snapshot is deleted as it is written. The event log keeps the history.
 */
export class PostgresThreadSaver extends PostgresSaver {
  private readonly connections: pg.Pool
  private readonly schema: string
  private readonly statements: ReturnType<typeof insertsInto>

  /** @param schema of the saver's tables; a plain identifier */
  constructor(pool: pg.Pool, serde: SerializerProtocol, schema: string) {
    super(pool, serde, { schema })
    this.connections = pool
    this.schema = schema
    this.statements = insertsInto(schema)
  }

  override async getDeltaChannelHistory(options: {
    config: RunnableConfig
    channels: string[]
  }): Promise<Record<string, DeltaChannelHistory>> {
    const { config, channels } = options
    const entries = await Promise.all(
      channels.map(async (channel) => [channel, await this.historyOf(config, channel)] as const),
    )
    return Object.fromEntries(entries)
  }

  // The same rows as the stock saver's, written only while the conversation is still the run's.
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const { thread_id: thread, checkpoint_ns: namespace = '', checkpoint_id: parent } = config.configurable ?? {}
    const [blobs, about] = await Promise.all([
      this._dumpBlobs(thread, namespace, checkpoint.channel_values, newVersions),
      this._dumpMetadata(metadata),
    ])
    const row = [thread, namespace, checkpoint.id, parent, this._dumpCheckpoint(checkpoint), about]
    const { insertBlob, insertCheckpoint } = this.statements
    await this.write(config, [...blobs.map((blob) => [insertBlob, blob] as const), [insertCheckpoint, row]])
    const saved = { configurable: { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: checkpoint.id } }
    const snapshot = Object.entries(checkpoint.channel_values).find(([, value]) => isDeltaSnapshot(value))
    if (snapshot) await this.forget(saved, snapshot[0])
    return saved
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const { thread_id: thread, checkpoint_ns: namespace, checkpoint_id: id } = config.configurable ?? {}
    const { insertWrite, replaceWrite } = this.statements
    const statement = writes.every(([channel]) => channel in WRITES_IDX_MAP) ? replaceWrite : insertWrite
    const rows = await this._dumpWrites(thread, namespace, id, taskId, writes as [string, unknown][])
    await this.write(
      config,
      rows.map((row) => [statement, row]),
    )
  }

  /**
   * One transaction that holds the conversation at the run's epoch. Without it, a process that slept through the loss
   * of its lock would put its checkpoint on top of those that another one has written since, and their messages would
   * be gone from the thread; and what a killed process had already sent to the server would arrive after the next
   * process has read the thread.
   */
  private async write({ configurable }: RunnableConfig, queries: (readonly [string, unknown[]])[]): Promise<void> {
    const client = await this.connections.connect()
    try {
      await client.query('begin')
      const epoch = configurable?.[EPOCH]
      if (epoch !== undefined) {
        const held = await client.query(HOLD, [configurable?.thread_id, epoch])
        if (held.rowCount === 0) throw new FencedError(String(configurable?.thread_id))
      }
      for (const [text, values] of queries) await client.query(text, values)
      await client.query('commit')
    } catch (error) {
      await client.query('rollback').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  private async historyOf({ configurable }: RunnableConfig, channel: string): Promise<DeltaChannelHistory> {
    const { thread_id: thread, checkpoint_ns: namespace = '', checkpoint_id: id = null } = configurable ?? {}
    const { rows } = await this.connections.query<HistoryRow>(historyQuery(this.schema), [
      thread,
      namespace,
      channel,
      id,
    ])
    const load = (type: string, blob: Uint8Array) => this.serde.loadsTyped(type, blob)
    const [oldest] = rows
    const writes = await Promise.all(
      rows.flatMap(({ task_id, write_type, write_blob }) =>
        task_id === null || write_type === null || write_blob === null
          ? []
          : [load(write_type, write_blob).then((value) => [task_id, channel, value] as [string, string, unknown])],
      ),
    )
    if (!oldest?.seed_type || !oldest.seed_blob) return { writes }
    return { writes, seed: await load(oldest.seed_type, oldest.seed_blob) }
  }

  /** Deletes what no snapshot that is kept needs. */
  private async forget({ configurable }: RunnableConfig, channel: string): Promise<void> {
    const { thread_id: thread, checkpoint_ns: namespace } = configurable ?? {}
    const [oldest, ...deletions] = forgetQueries(this.schema)
    const { rows } = await this.connections.query<{ id: string | null }>(oldest, [
      thread,
      namespace,
      channel,
      KEPT_SNAPSHOTS,
    ])
    const id = rows[0]?.id
    // Each leaves a thread that can be read, should the process die in between.
    if (id) for (const deletion of deletions) await this.connections.query(deletion, [thread, namespace, id])
  }
}

/** Whoever takes the conversation waits until the write is over, and is seen by the next one. */
const HOLD = 'select 1 from conversations where id = $1 and epoch = $2 for share'

function insertsInto(schema: string) {
  const write = `
    insert into ${schema}.checkpoint_writes (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, blob)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (thread_id, checkpoint_ns, checkpoint_id, task_id, idx)`
  return {
    insertBlob: `
      insert into ${schema}.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
      values ($1, $2, $3, $4, $5, $6) on conflict (thread_id, checkpoint_ns, channel, version) do nothing`,
    insertCheckpoint: `
      insert into ${schema}.checkpoints (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
      values ($1, $2, $3, $4, $5, $6) on conflict (thread_id, checkpoint_ns, checkpoint_id)
      do update set checkpoint = excluded.checkpoint, metadata = excluded.metadata`,
    insertWrite: `${write} do nothing`,
    replaceWrite: `${write} do update set channel = excluded.channel, type = excluded.type, blob = excluded.blob`,
  }
}

interface HistoryRow {
  seed_type: string | null
  seed_blob: Uint8Array | null
  task_id: string | null
  write_type: string | null
  write_blob: Uint8Array | null
}

/** From the target's parent back to the nearest snapshot of the channel, then forwards with the writes of each step. */
function historyQuery(schema: string): string {
  const thread = 'thread_id = $1 and checkpoint_ns = $2'
  const step = (from: string, depth: string, where: string) => `
    select c.checkpoint_id, c.parent_checkpoint_id, ${depth} as depth, b.type as seed_type, b.blob as seed_blob
    from ${from} left join ${schema}.checkpoint_blobs b
      on b.thread_id = $1 and b.checkpoint_ns = $2 and b.channel = $3
      and b.version = c.checkpoint->'channel_versions'->>$3 and b.type <> 'empty'
    where c.thread_id = $1 and c.checkpoint_ns = $2 and ${where}`
  return `
    with recursive chain as (
      ${step(
        `${schema}.checkpoints c`,
        '0',
        `c.checkpoint_id = (
          select parent_checkpoint_id from ${schema}.checkpoints where ${thread} and checkpoint_id =
            coalesce($4::text, (select max(checkpoint_id) from ${schema}.checkpoints where ${thread})))`,
      )}
      union all
      ${step(
        `chain join ${schema}.checkpoints c on c.checkpoint_id = chain.parent_checkpoint_id`,
        'chain.depth + 1',
        'chain.seed_blob is null',
      )}
    )
    select seed_type, seed_blob, w.task_id, w.type as write_type, w.blob as write_blob
    from chain left join ${schema}.checkpoint_writes w
      on w.thread_id = $1 and w.checkpoint_ns = $2 and w.checkpoint_id = chain.checkpoint_id and w.channel = $3
    order by depth desc, w.task_id, w.idx`
}

/** The first finds the oldest checkpoint to keep; the others delete what lies before it. */
function forgetQueries(schema: string): [string, ...string[]] {
  const thread = 'thread_id = $1 and checkpoint_ns = $2'
  return [
    `select min(checkpoint_id) as id from ${schema}.checkpoints where ${thread}
     and (checkpoint->'channel_versions'->>$3)::numeric >= (
       select min(version) from (
         select version::numeric from ${schema}.checkpoint_blobs
         where ${thread} and channel = $3 and type <> 'empty' order by version::numeric desc limit $4
       ) snapshots having count(*) = $4)`,
    `delete from ${schema}.checkpoint_writes where ${thread} and checkpoint_id < $3`,
    `delete from ${schema}.checkpoints where ${thread} and checkpoint_id < $3`,
    `delete from ${schema}.checkpoint_blobs b where ${thread} and $3::text is not null and not exists (
       select 1 from ${schema}.checkpoints c where c.thread_id = $1 and c.checkpoint_ns = $2
       and c.checkpoint->'channel_versions'->>b.channel = b.version)`,
  ]
}
