import { Command, type LangGraphRunnableConfig } from '@langchain/langgraph'
import { CODE_EXPIRED, CODE_SENT, NO_MORE_CODES, NOT_DONE, VERIFIED, wrongCode } from './asking.ts'
import { EPOCH, principalOf } from './context.ts'
import type { EffectOutcome, Effects } from './effects.ts'
import type { Identity } from './identity.ts'
import type { Draft, Pending, ReplyAction, SupportStateUpdate, SupportStateValue, Task, TrailEntry } from './state.ts'
import { escalate, systemDraft, TO_A_PERSON } from './supervisor.ts'

/** What the node that acts is made with. */
export interface ActOptions {
  effects: Effects
  identity: Identity
}

type Verify = Extract<Pending, { kind: 'verify' }>

/**
 * The one node that changes the world: it performs what the customer agreed to or what people decided, and sends and
 * checks one-time codes. What it does was settled in the state before it runs and no model is asked, so that running it
 * again after a crash asks the ledger for the same again.
 */
export function createActNode({ effects, identity }: ActOptions) {
  return async function act(state: SupportStateValue, config: LangGraphRunnableConfig) {
    const task = state.task as Task
    switch (task.kind) {
      case 'perform':
      case 'settled':
        return perform(state, task, { effects, identity }, config)
      case 'cancel': {
        await effects.cancel(task.effects.map(({ key }) => key))
        const trail = task.effects.map(({ key, tool, summary, amount }): TrailEntry => {
          return {
            ...{ type: 'effect-cancelled', specialist: speakerOf(state), key, tool, summary, amount },
            code: 'effect.declined',
          }
        })
        if (!task.more) return reply(state, `${NOT_DONE} Is there anything else?`, { trail })
        return new Command({
          update: { task: null, receipt: NOT_DONE, trail: [...state.trail, ...trail] },
          goto: 'supervisor',
        })
      }
      case 'send-code': {
        const { status } = await identity.sendCode({ ...turnOf(state, config), email: task.email })
        if (status === 'too_many') return reply(state, NO_MORE_CODES, { pending: null })
        if (status === 'failed') {
          const escalation = escalate(state, 'tool_failure', 'No one-time code can be sent at the moment.', 'rule')
          return reply({ ...state, escalation }, TO_A_PERSON, { pending: null, escalation })
        }
        const pending: Verify = { ...(state.pending as Verify), stage: 'code' }
        const trail: TrailEntry[] = [{ type: 'code-sent', specialist: speakerOf(state) }]
        return reply(state, CODE_SENT, { pending, trail }, { kind: 'verify-code' })
      }
      case 'check-code':
        return checkCode(state, task.code, identity, config)
    }
  }
}

async function perform(
  state: SupportStateValue,
  task: Extract<Task, { kind: 'perform' | 'settled' }>,
  { effects, identity }: ActOptions,
  config: LangGraphRunnableConfig,
) {
  const epoch = config.configurable?.[EPOCH] as number | undefined
  const signal = config.signal ?? new AbortController().signal
  const principal = task.kind === 'perform' ? await identity.current(principalOf(config)) : undefined
  const outcomes: EffectOutcome[] = []
  // One after the other: the second refund of a customer is judged with the first one's amount.
  for (const effect of task.effects)
    outcomes.push(await effects.perform(effect, { turnId: state.turnId, epoch, signal, principal }))
  const specialist = speakerOf(state)
  const trail = outcomes.map(({ status, key, tool, summary, amount, message, ...more }): TrailEntry => {
    const code = 'code' in more ? { code: more.code } : {}
    return { type: FACT[status], specialist, key, tool, summary, amount, message, ...code }
  })
  const text = outcomes.map(({ message }) => message).join('\n\n')
  const next = state.specialist
  const going = outcomes.every(({ status }) => status === 'done' || status === 'awaiting')
  if (task.kind === 'perform' && task.more && next && going)
    return new Command({ update: { task: null, receipt: text, trail: [...state.trail, ...trail] }, goto: next })
  return reply(state, text, { trail })
}

const FACT = {
  done: 'effect-done',
  awaiting: 'effect-awaiting',
  failed: 'effect-failed',
  in_doubt: 'effect-in-doubt',
} as const

async function checkCode(state: SupportStateValue, code: string, identity: Identity, config: LangGraphRunnableConfig) {
  const pending = state.pending as Verify
  const specialist = speakerOf(state)
  const outcome = await identity.checkCode({ ...turnOf(state, config), code })
  switch (outcome.status) {
    case 'verified': {
      const { customerId } = outcome.principal
      const trail: TrailEntry[] = [...state.trail, { type: 'customer-verified', specialist, customerId }]
      const resumeCall = { ...pending.call, ask: pending.ask }
      const update: SupportStateUpdate = { task: null, pending: null, resumeCall, receipt: VERIFIED, trail }
      return new Command({ update: { ...update, specialist: pending.specialist }, goto: pending.specialist })
    }
    case 'wrong':
      return reply(
        state,
        wrongCode(outcome.triesLeft),
        { trail: [{ type: 'code-refused', specialist }] },
        { kind: 'verify-code' },
      )
    case 'expired': {
      const trail: TrailEntry[] = [{ type: 'code-refused', specialist }]
      return reply(
        state,
        CODE_EXPIRED,
        { pending: { ...pending, stage: 'email' }, trail },
        {
          kind: 'verify-email',
        },
      )
    }
  }
}

function turnOf(state: SupportStateValue, config: LangGraphRunnableConfig) {
  const conversationId = String(config.configurable?.thread_id ?? '')
  return { principal: principalOf(config), conversationId, turnId: state.turnId }
}

/** Whose voice it is: the specialist that owns the conversation, unless a person has it by now. */
function speakerOf(state: SupportStateValue): string {
  return state.specialist ?? 'baton'
}

function reply(state: SupportStateValue, text: string, update: SupportStateUpdate, action?: ReplyAction) {
  const said = systemDraft(text)
  const author = state.specialist && !state.escalation ? { kind: 'specialist' as const, name: state.specialist } : null
  const draft: Draft = { ...said, ...(author && { author }), ...(action && { action }) }
  const trail = [...state.trail, ...((update.trail as TrailEntry[] | undefined) ?? [])]
  return new Command({ update: { ...update, task: null, draft, trail }, goto: 'reply-gate' })
}
