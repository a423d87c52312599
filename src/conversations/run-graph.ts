import { RemoveMessage } from '@langchain/core/messages'
import { Command, INTERRUPT, type RunControl } from '@langchain/langgraph'
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint'
import type { Principal } from '../../graphs/context.ts'
import { EPOCH } from '../../graphs/context.ts'
import type { DeskEvent } from '../../graphs/human.ts'
import { type Escalation, hasActed, type SupportStateUpdate, type SupportStateValue } from '../../graphs/state.ts'
import type { SupportGraph } from '../../graphs/support.ts'
import { customerMessage, stableId } from '../../graphs/thread.ts'
import type { InboxKind } from '../database/tables.ts'
import type { InboxRow } from './batch.ts'

/** What a turn asks of the graph. */
export interface TurnRun {
  turnId: string
  conversationId: string
  /** What the run writes to the thread is refused once another process has taken the conversation. */
  epoch: number
  rows: InboxRow[]
  principal: Principal
  /** The reply of the turn that this one replaces; it was never sent and must not stay in the thread. */
  unsentReplyId: string | undefined
  /** The escalation for which a person owns the conversation, if one does. */
  openEscalation(): Promise<Escalation | undefined>
  /** Set on the last try: a person takes over without the AI being asked again. */
  gaveUp: boolean
  signal: AbortSignal
  control: RunControl
  onProgress(data: { type: string } & Record<string, unknown>): void
}

const RECURSION_LIMIT = 25
/** Rows for which no AI is asked. */
const WITHOUT_AI = new Set<InboxKind>(['take-over', 'agent-reply', 'close', 'approval', 'effect'])

/**
 * Runs one turn of a conversation to where the graph ends or waits for a person. A turn that the thread already knows
 * goes on where it stopped; a pending interrupt is resumed by its id; anything else is a new input.
 */
export function createGraphRunner({ graph, checkpointer }: { graph: SupportGraph; checkpointer: BaseCheckpointSaver }) {
  return {
    async run(run: TurnRun): Promise<SupportStateValue> {
      return withTakeOver(run, await runTurn(graph, checkpointer, run))
    },

    /** The reply that the thread's last turn left, if any; read without loading the messages. */
    async lastReplyId(conversationId: string): Promise<string | undefined> {
      return (await peek(checkpointer, conversationId)).replyId
    },
  }
}

export type GraphRunner = ReturnType<typeof createGraphRunner>

async function runTurn(
  graph: SupportGraph,
  checkpointer: BaseCheckpointSaver,
  run: TurnRun,
): Promise<SupportStateValue> {
  const thread = await peek(checkpointer, run.conversationId)
  const known = thread.turnId === run.turnId
  // Where no AI is asked there is nothing to spare it: an agent's words reach the customer, and what was agreed to is
  // done and told, however often it is tried.
  if ((known && thread.acts) || run.rows.some(({ kind }) => WITHOUT_AI.has(kind))) run = { ...run, gaveUp: false }
  if (known && (!run.gaveUp || thread.interruptId !== undefined || (await hasAnswered(graph, run))))
    return goOn(graph, run)
  if (thread.interruptId !== undefined) return resume(graph, run, thread.interruptId)
  return begin(graph, checkpointer, run, thread)
}

/** Reads the last checkpoint as it is stored: replaying a long thread's messages only to see its turn would double a turn's cost. */
async function peek(checkpointer: BaseCheckpointSaver, conversationId: string) {
  const tuple = await checkpointer.getTuple(configOf(conversationId))
  const values = (tuple?.checkpoint.channel_values ?? {}) as Partial<SupportStateValue>
  const pending = tuple?.pendingWrites?.findLast(([, channel]) => channel === INTERRUPT)?.[2]
  const [interrupt] = (Array.isArray(pending) ? pending : pending ? [pending] : []) as { id?: string }[]
  const { turnId, reply, unsure = 0, task, trail = [], route } = values
  const asked = route?.needsClarification === true
  const acts = task?.kind === 'perform' || task?.kind === 'settled' || trail.some(hasActed)
  return { turnId, replyId: reply?.id, unsure, asked, acts, interruptId: interrupt?.id }
}

/** After a crash: what the turn did is in the checkpoint, only what is missing runs. */
async function goOn(graph: SupportGraph, run: TurnRun): Promise<SupportStateValue> {
  const snapshot = await graph.getState(configOf(run.conversationId))
  const waits = snapshot.tasks.some(({ interrupts }) => interrupts.length > 0)
  // `next` leaves out a step whose writes are stored and not yet applied: a thread is at its end when it has no tasks.
  if (snapshot.tasks.length === 0 || waits) return snapshot.values as SupportStateValue
  return stream(graph, run, null)
}

/** The graph is done with the turn: only what follows it failed. */
async function hasAnswered(graph: SupportGraph, { conversationId }: TurnRun): Promise<boolean> {
  const { tasks, values } = await graph.getState(configOf(conversationId))
  return tasks.length === 0 && (values as SupportStateValue).reply !== null
}

async function resume(graph: SupportGraph, run: TurnRun, interruptId: string): Promise<SupportStateValue> {
  const event = deskEvent(run)
  if (event) return stream(graph, run, new Command({ resume: { [interruptId]: event } }))
  // A take-over of what a person already has changes nothing, and what the turn before it said is said.
  const { values } = await graph.getState(configOf(run.conversationId))
  return { ...(values as SupportStateValue), route: null, reply: null, trail: [] }
}

async function begin(
  graph: SupportGraph,
  checkpointer: BaseCheckpointSaver,
  run: TurnRun,
  before: { unsure: number; asked: boolean },
): Promise<SupportStateValue> {
  const action = run.rows.find(({ kind }) => kind !== 'message')
  const effects = settledEffects(run.rows)
  const input: SupportStateUpdate = {
    turnId: run.turnId,
    // What the turn before left would be stored once more with the input; that it asked whom this is for is still needed.
    ...(!(before.asked && !action) && { route: null }),
    reply: null,
    trail: [],
    messages: [
      ...(run.unsentReplyId ? [new RemoveMessage({ id: run.unsentReplyId })] : []),
      ...messagesOf(run.rows).map(({ id, text }) => customerMessage(id, text)),
    ],
    // What the customer never saw does not count towards a handover.
    ...(run.unsentReplyId && { unsure: Math.max(0, before.unsure - 1) }),
    ...(effects.length > 0 && { task: { kind: 'settled' as const, effects, turnId: run.turnId } }),
    ...(run.gaveUp && { handoff: { from: 'baton', to: 'human', reason: 'The turn failed several times.' } }),
  }
  if (!action || run.gaveUp || effects.length > 0) {
    // The thread knows of no person where a turn was given up before it could be told.
    const escalation = await run.openEscalation()
    const owned = escalation && { escalation, ...(effects.length === 0 && { takeover: { agent: '' } }) }
    return stream(graph, run, { ...input, ...owned })
  }
  const agent = action.body.agent ?? ''
  if (action.kind === 'take-over') return stream(graph, run, { ...input, takeover: { agent } })
  // An agent writes into a conversation that nobody had handed over: it is taken over first, as a step of its own.
  const taken = await stream(graph, run, { ...input, turnId: takeOverOf(run), takeover: { agent } })
  const { interruptId } = await peek(checkpointer, run.conversationId)
  return interruptId === undefined ? taken : resume(graph, run, interruptId)
}

/** The id of the step in which an agent's reply first takes the conversation over. */
function takeOverOf({ turnId }: TurnRun): string {
  return `${turnId}:take-over`
}

/** The second of the two steps forgets the first one's trail, and after a crash it may be all that runs. */
function withTakeOver(run: TurnRun, state: SupportStateValue): SupportStateValue {
  const action = run.rows.find(({ kind }) => kind === 'agent-reply')
  const last = state.messages.findLast(({ id }) => id !== run.turnId)
  const ours = state.escalation?.id === stableId('escalation', takeOverOf(run), last?.id ?? '')
  if (!action || !ours || state.trail.some(({ type }) => type === 'taken-over')) return state
  return { ...state, trail: [{ type: 'taken-over', agent: action.body.agent ?? '' }, ...state.trail] }
}

function deskEvent({ turnId, rows }: TurnRun): DeskEvent | undefined {
  const turn = { turnId, inboxIds: rows.map(({ id }) => id) }
  const action = rows.find(({ kind }) => kind !== 'message')
  const agent = action?.body.agent ?? ''
  const text = action?.body.text ?? ''
  switch (action?.kind) {
    case undefined:
      return { type: 'customer-message', ...turn, messages: messagesOf(rows) }
    case 'agent-reply':
      return { type: 'agent-reply', ...turn, agent, text, ...(action.body.checked && { checked: action.body.checked }) }
    case 'approval':
    case 'effect':
      return { type: 'effect-settled', ...turn, effects: settledEffects(rows) }
    case 'hand-back':
    case 'close':
      return { type: action.kind, ...turn, agent, note: text }
    default:
      return messagesOf(rows).length > 0 ? { type: 'customer-message', ...turn, messages: messagesOf(rows) } : undefined
  }
}

/** What people decided, or what became of an effect that was in doubt. */
function settledEffects(rows: InboxRow[]): { key: string; argsHash: string }[] {
  return rows.flatMap(({ body }) => (body.effect ? [body.effect] : []))
}

function messagesOf(rows: InboxRow[]): { id: string; text: string }[] {
  return rows.filter(({ kind }) => kind === 'message').map(({ id, body }) => ({ id, text: body.text }))
}

async function stream(
  graph: SupportGraph,
  { conversationId, epoch, principal, signal, control, onProgress }: TurnRun,
  input: SupportStateUpdate | Command | null,
): Promise<SupportStateValue> {
  let state: SupportStateValue | undefined
  const chunks = await graph.stream(input as SupportStateUpdate, {
    configurable: { thread_id: conversationId, [EPOCH]: epoch },
    context: { principal },
    durability: 'sync',
    streamMode: ['custom', 'values'],
    recursionLimit: RECURSION_LIMIT,
    signal,
    control,
  })
  for await (const [mode, chunk] of chunks) {
    if (mode === 'custom') onProgress(chunk)
    else if ('messages' in chunk) state = chunk as SupportStateValue
  }
  return state ?? ((await graph.getState(configOf(conversationId))).values as SupportStateValue)
}

function configOf(conversationId: string) {
  return { configurable: { thread_id: conversationId } }
}
