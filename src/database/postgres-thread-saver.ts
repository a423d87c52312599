import type { RunnableConfig } from '@langchain/core/runnables'
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  type DeltaChannelHistory,
  isDeltaSnapshot,
  type PendingWrite,
  type SerializerProtocol,
} from '@langchain/langgraph-checkpoint'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import type pg from 'pg'
import { EPOCH, FencedError } from './fence.ts'

/** Full copies of a thread that are kept: the last is what reading it needs. */
const KEPT_SNAPSHOTS = 1

/**
 * The official PostgreSQL saver for long threads: a delta channel is read with one query instead of one an ancestor,
 * and what lies before the last snapshot is deleted as it is written. The event log keeps the history.
 */
export class PostgresThreadSaver extends PostgresSaver {
  private readonly connections: pg.Pool
  private readonly schema: string

  /** @param schema of the saver's tables; a plain identifier */
  constructor(pool: pg.Pool, serde: SerializerProtocol, schema: string) {
    super(pool, serde, { schema })
    this.connections = pool
    this.schema = schema
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

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    await this.requireEpoch(config)
    const saved = await super.put(config, checkpoint, metadata, newVersions)
    const snapshot = Object.entries(checkpoint.channel_values).find(([, value]) => isDeltaSnapshot(value))
    if (snapshot) await this.forget(saved, snapshot[0])
    return saved
  }

  override async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    await this.requireEpoch(config)
    return super.putWrites(config, writes, taskId)
  }

  /**
   * A process that slept through the loss of its lock would put its checkpoint on top of those that another one has
   * written since, and their messages would be gone from the thread. Looked up at every write; what slips through
   * between the look and the write was made before the other process began, and the newest checkpoint counts.
   */
  private async requireEpoch({ configurable }: RunnableConfig): Promise<void> {
    const epoch = configurable?.[EPOCH]
    if (epoch === undefined) return
    const { rowCount } = await this.connections.query('select 1 from conversations where id = $1 and epoch = $2', [
      configurable?.thread_id,
      epoch,
    ])
    if (rowCount === 0) throw new FencedError(String(configurable?.thread_id))
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
