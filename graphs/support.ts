import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { type BaseCheckpointSaver, Command, END, GraphDrained, START, StateGraph } from '@langchain/langgraph'
import type { Knowledge } from '../knowledge/passage.ts'
import { createActNode } from './act.ts'
import { BudgetExceeded, type Budgets } from './budget.ts'
import type { Commitments } from './commitments.ts'
import { type Principal, runContextSchema } from './context.ts'
import { callWritersDirectly } from './direct-writers.ts'
import type { Effects } from './effects.ts'
import { human } from './human.ts'
import type { Identity } from './identity.ts'
import type { ReplyGate } from './reply-gate.ts'
import { createReplyGateNode } from './reply-gate-node.ts'
import type { LocalRouter } from './routing/route.ts'
import type { Specialist } from './specialist.ts'
import { createSpecialistNode } from './specialist-node.ts'
import { SupportState, type SupportStateValue } from './state.ts'
import { createSupervisor, escalate, type RoutingThresholds, systemDraft, TO_A_PERSON } from './supervisor.ts'
import type { Systems } from './systems.ts'
import { replyMessage, stableId } from './thread.ts'

/** What the support graph is made from. */
export interface SupportGraphOptions {
  specialists: Specialist[]
  router: LocalRouter
  thresholds: RoutingThresholds
  knowledge: Knowledge
  /** Writes the replies. */
  model: BaseChatModel
  /** Asked where the local router is unsure; undefined where no language model is connected. */
  routingModel: BaseChatModel | undefined
  gate: ReplyGate
  systems: Systems
  /** Performs what tools may change in the world, at most once. */
  effects: Effects
  /** Proves who the customer is. */
  identity: Identity
  /** Bounds what a turn and a conversation may spend. */
  budgets: Budgets
  /** What customers may hold us to; nothing is remembered without it. */
  commitments?: Commitments
  now: () => Date
  /**
   * Whether an error says that the database is away or the conversation in other hands. It ends the run, which goes on
   * later where it stopped; nobody is bothered with it.
   */
  isOutage: (error: unknown) => boolean
  /** Left out where the LangGraph server brings its own. */
  checkpointer?: BaseCheckpointSaver
  /** Who the customer is in a run that is not told, as in Studio; without it such a run is refused. */
  visitor?: Principal
}

/**
 * supervisor → one specialist → reply gate → the end, or a person; what a customer agreed to goes through the node that
 * acts. Run it with `durability: 'sync'`, the principal in
 * `context`, and `{ turnId, messages, trail: [] }`; while a person owns the thread, resume its interrupt by id.
 * A node that fails ends in an escalation, never in silence.
 */
export function createSupportGraph(options: SupportGraphOptions) {
  const { specialists, visitor } = options
  const names = specialists.map(({ name }) => name)
  const gated = { ends: ['act', 'reply-gate', 'supervisor'] }
  type Node = ReturnType<typeof createActNode> | ReturnType<typeof createSpecialistNode>
  const forVisitor = <N extends Node>(node: N): N =>
    visitor
      ? (((state, config) => node(state, { ...config, context: { principal: visitor, ...config.context } })) as N)
      : node
  const resumable = stoppedBy(options.isOutage)

  // Only validation differs: whoever calls from here still has to say who the customer is.
  const context = visitor ? (runContextSchema.partial() as unknown as typeof runContextSchema) : runContextSchema
  const builder = new StateGraph({ state: SupportState, context })
    .addNode('supervisor', resumable(createSupervisor({ ...options, model: options.routingModel })), {
      ends: [...names, 'act', 'reply-gate', 'human'],
      metadata: { description: 'Who answers this turn, and why.' },
    })
    .addNode('act', resumable(forVisitor(createActNode(options))), {
      ends: [...names, 'supervisor', 'reply-gate'],
      metadata: { description: 'Does what the customer agreed to or people decided; checks who the customer is.' },
    })
    .addNode('reply-gate', createReplyGateNode(options), {
      ends: ['human', END],
      metadata: { description: 'Every text to the customer passes here.' },
    })
    .addNode('human', human, {
      ends: ['human', 'act', 'reply-gate', 'supervisor', END],
      metadata: { description: 'A person owns the conversation.' },
    })
    .addEdge(START, 'supervisor')
    .setNodeDefaults({
      errorHandler: (state, { node, error }) => toAPerson(state as SupportStateValue, node, error),
    })

  for (const specialist of specialists) {
    builder.addNode(specialist.name, resumable(forVisitor(createSpecialistNode(specialist, options))), {
      ...gated,
      metadata: { description: specialist.description },
    })
  }

  const graph = builder.compile({
    name: 'support',
    description: 'One customer conversation: a supervisor, specialists, and people.',
    ...(options.checkpointer && { checkpointer: options.checkpointer }),
  })
  callWritersDirectly(graph)
  return graph
}

export type SupportGraph = ReturnType<typeof createSupportGraph>

/**
 * A node that meets an outage stops the run as a drain does. Any other error is stored with the checkpoint, and a run
 * that goes on would meet it again instead of asking the node once more.
 */
function stoppedBy(isOutage: (error: unknown) => boolean) {
  return <State, Config, Result>(node: (state: State, config: Config) => Promise<Result>) =>
    async (state: State, config: Config): Promise<Result> => {
      try {
        return await node(state, config)
      } catch (error) {
        if (isOutage(error)) throw new GraphDrained(`unavailable: ${(error as Error).message}`)
        throw error
      }
    }
}

/** Whatever failed, the customer gets one true sentence and a person gets the thread. */
function toAPerson(state: SupportStateValue, node: string, error: Error) {
  const [reason, detail] =
    error instanceof BudgetExceeded
      ? (['usage_limit', error.message] as const)
      : (['tool_failure', `The ${node} step failed.`] as const)
  const escalation = state.escalation ?? escalate(state, reason, detail, 'rule')
  const trail = [
    ...state.trail,
    { type: 'node-failed' as const, node, error: `${error.name}: ${error.message}`.slice(0, 300) },
  ]
  // A person has the conversation already: what the desk sent was not an event, and the customer is not told again.
  if (node === 'human') return new Command({ update: { trail, draft: null, reply: null }, goto: 'human' })
  // Nobody decided on this turn: what stands in the state is the decision of the turn before it.
  const undecided = { ...(node === 'supervisor' && { route: null, handoff: null, hops: 0 }), ...stopped(state) }
  const draft = systemDraft(TO_A_PERSON)
  if (node !== 'reply-gate')
    return new Command({ update: { ...undecided, escalation, trail, draft }, goto: 'reply-gate' })
  const reply = { ...draft, id: stableId('reply', state.turnId, 'failed') }
  return new Command({
    update: { ...stopped(state), escalation, trail, draft: null, reply, messages: [replyMessage(reply)] },
    goto: 'human',
  })
}

/** What was on its way when the turn failed is not taken up again by itself. */
function stopped({ task, pending, resumeCall }: SupportStateValue) {
  return { ...(task && { task: null }), ...(pending && { pending: null }), ...(resumeCall && { resumeCall: null }) }
}
