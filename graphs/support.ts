import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { type BaseCheckpointSaver, Command, END, START, StateGraph } from '@langchain/langgraph'
import type { Knowledge } from '../knowledge/passage.ts'
import { type Principal, runContextSchema } from './context.ts'
import { callWritersDirectly } from './direct-writers.ts'
import { human } from './human.ts'
import { createReplyGateNode, type ReplyGate } from './reply-gate.ts'
import type { LocalRouter } from './routing/route.ts'
import type { Specialist, Systems } from './specialist.ts'
import { createSpecialistNode } from './specialist-node.ts'
import { SupportState, type SupportStateValue } from './state.ts'
import { createSupervisor, escalate, type RoutingThresholds, systemDraft, TO_A_PERSON } from './supervisor.ts'
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
  /** Left out where the LangGraph server brings its own. */
  checkpointer?: BaseCheckpointSaver
  /** Who the customer is in a run that is not told, as in Studio; without it such a run is refused. */
  visitor?: Principal
}

/**
 * supervisor → one specialist → reply gate → the end, or a person. Run it with `durability: 'sync'`, the principal in
 * `context`, and `{ turnId, messages, trail: [] }`; while a person owns the thread, resume its interrupt by id.
 * A node that fails ends in an escalation, never in silence.
 */
export function createSupportGraph(options: SupportGraphOptions) {
  const { specialists, visitor } = options
  const names = specialists.map(({ name }) => name)
  const gated = { ends: ['reply-gate', 'supervisor'] }

  // Only validation differs: whoever calls from here still has to say who the customer is.
  const context = visitor ? (runContextSchema.partial() as unknown as typeof runContextSchema) : runContextSchema
  const builder = new StateGraph({ state: SupportState, context })
    .addNode('supervisor', createSupervisor({ ...options, model: options.routingModel }), {
      ends: [...names, 'reply-gate', 'human'],
      metadata: { description: 'Who answers this turn, and why.' },
    })
    .addNode('reply-gate', createReplyGateNode(options.gate), {
      ends: ['human', END],
      metadata: { description: 'Every text to the customer passes here.' },
    })
    .addNode('human', human, {
      ends: ['human', 'reply-gate', 'supervisor', END],
      metadata: { description: 'A person owns the conversation.' },
    })
    .addEdge(START, 'supervisor')
    .setNodeDefaults({ errorHandler: (state, { node, error }) => toAPerson(state as SupportStateValue, node, error) })

  for (const specialist of specialists) {
    const answer = createSpecialistNode(specialist, options)
    const forVisitor: typeof answer = (state, config) =>
      answer(state, { ...config, context: { principal: visitor, ...config.context } })
    builder.addNode(specialist.name, visitor ? forVisitor : answer, {
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

/** Whatever failed, the customer gets one true sentence and a person gets the thread. */
function toAPerson(state: SupportStateValue, node: string, error: Error) {
  const escalation = state.escalation ?? escalate(state, 'tool_failure', `The ${node} step failed.`, 'rule')
  const trail = [
    ...state.trail,
    { type: 'node-failed' as const, node, error: `${error.name}: ${error.message}`.slice(0, 300) },
  ]
  // A person has the conversation already: what the desk sent was not an event, and the customer is not told again.
  if (node === 'human') return new Command({ update: { trail, draft: null, reply: null }, goto: 'human' })
  // Nobody decided on this turn: what stands in the state is the decision of the turn before it.
  const undecided = node === 'supervisor' ? { route: null, handoff: null, hops: 0 } : {}
  const draft = systemDraft(TO_A_PERSON)
  if (node !== 'reply-gate')
    return new Command({ update: { ...undecided, escalation, trail, draft }, goto: 'reply-gate' })
  const reply = { ...draft, id: stableId('reply', state.turnId, 'failed') }
  return new Command({
    update: { escalation, trail, draft: null, reply, messages: [replyMessage(reply)] },
    goto: 'human',
  })
}
