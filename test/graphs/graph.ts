import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BaseChatModel } from '@langchain/core/language_models/chat_models'
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages'
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs'
import type { Runnable } from '@langchain/core/runnables'
import { fakeModel } from '@langchain/core/testing'
import { Command } from '@langchain/langgraph'
import { onTestFinished } from 'vitest'
import type { DeskEvent } from '../../graphs/human.ts'
import { createReplyGate } from '../../graphs/reply-gate.ts'
import { createLocalRouter, SURE } from '../../graphs/routing/local-router.ts'
import { defineSpecialist, type Specialist } from '../../graphs/specialist.ts'
import type { SupportStateValue } from '../../graphs/state.ts'
import { createSupportGraph, type SupportGraphOptions } from '../../graphs/support.ts'
import { customerMessage } from '../../graphs/thread.ts'
import { createLocalEmbeddings } from '../../knowledge/embeddings.ts'
import { ingest } from '../../knowledge/ingest.ts'
import { createKnowledge } from '../../knowledge/knowledge.ts'
import type { Knowledge } from '../../knowledge/passage.ts'
import { createPassageStore } from '../../src/database/passages.ts'
import { openSqlite, openSqliteInMemory } from '../../src/database/sqlite.ts'
import { restartChunk } from '../../src/models/restartable-chunk.ts'
import { scratch } from '../app.ts'
import { doubles } from './doubles.ts'

export const CHARGED_TWICE = 'I was charged twice for my subscription this month'
export const ROUTER_DROPS = 'my router keeps dropping the wifi'
export const PRINCIPAL = { customerId: 'c1', assurance: 'anonymous', channel: 'web' } as const

const ARTICLES = {
  'billing/double-charge.md': `---
title: Charged twice
questions: [Why was I charged twice for my subscription?]
---
A double charge is refunded within 5 business days. Compare both invoices with your bank statement first.
`,
  'tech-support/wifi.md': `---
title: Router drops the wifi
questions: [Why does my router keep dropping the wifi?]
---
Restart the router and wait two minutes. Move it away from the microwave.
`,
  'shared/hours.md': `---
title: Opening hours
---
People answer from nine to five on working days.
`,
}

let shared: Promise<Knowledge> | undefined

/** Three articles in a store of their own, the same for every test of a file. */
export function smallKnowledge(): Promise<Knowledge> {
  shared ??= (async () => {
    const folder = scratch()
    for (const [path, text] of Object.entries(ARTICLES)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    const store = createPassageStore(await openSqliteInMemory())
    const embeddings = createLocalEmbeddings()
    await ingest([folder], { store, embeddings })
    const knowledge = createKnowledge({ store, embeddings })
    await knowledge.refresh()
    return knowledge
  })()
  return shared
}

export function specialist(name: string, more: Partial<Specialist> = {}): Specialist {
  return defineSpecialist({ ...MANIFESTS[name], ...more } as Specialist)
}

const MANIFESTS: Record<string, Omit<Specialist, 'tools'>> = {
  billing: {
    name: 'billing',
    description: 'Charges, invoices, payments and subscriptions.',
    examples: [CHARGED_TWICE, 'where can I download my invoice'],
    knowledge: ['billing', 'shared'],
    systemPrompt: 'You answer questions about charges and invoices.',
  },
  'tech-support': {
    name: 'tech-support',
    description: 'Devices, apps and accounts that do not work.',
    examples: [ROUTER_DROPS, 'the app crashes when I open it'],
    knowledge: ['tech-support', 'shared'],
    systemPrompt: 'You help customers get devices and apps working.',
  },
}

/** Above every confidence: the local router is never sure, or never even guesses. */
export const NEVER = 2
export const THRESHOLDS = { sure: SURE, guess: 0.4 }

type Overrides = Partial<SupportGraphOptions>

/** The real graph on a real database with the small store; what a test gives replaces a part. */
export async function createTestGraph(overrides: Overrides = {}) {
  const specialists = overrides.specialists ?? [specialist('billing'), specialist('tech-support')]
  const path = join(scratch(), 'graph.db')
  const database = await openSqlite(path)
  onTestFinished(() => database.close())
  const graph = createSupportGraph({
    specialists,
    router: createLocalRouter({ specialists }),
    thresholds: THRESHOLDS,
    knowledge: await smallKnowledge(),
    model: fakeModel(),
    routingModel: undefined,
    gate: createReplyGate(),
    ...doubles(),
    checkpointer: database.checkpointer,
    ...overrides,
  })
  return { graph, database, conversation: (id: string = crypto.randomUUID()) => conversationOf(graph, id) }
}

function conversationOf(graph: ReturnType<typeof createSupportGraph>, id: string) {
  const config = { configurable: { thread_id: id } }
  const events: Record<string, unknown>[] = []

  async function run(input: unknown): Promise<SupportStateValue> {
    events.length = 0
    const options = { ...config, context: { principal: PRINCIPAL }, durability: 'sync', streamMode: 'custom' } as const
    for await (const event of await graph.stream(input as never, options)) events.push(event)
    return state()
  }
  const snapshot = () => graph.getState(config)
  const state = async () => (await snapshot()).values as SupportStateValue
  /** What waits, as the runner looks it up. */
  const interrupts = async () => (await snapshot()).tasks.flatMap(({ interrupts }) => interrupts)

  return {
    id,
    config,
    /** Everything that the last run told while it ran. */
    events,
    /** What a page would have shown of the reply when the last run ended. */
    shown(): string {
      const from = events.findLastIndex(({ type }) => type === 'restart') + 1
      return events
        .slice(from)
        .map(({ type, text }) => (type === 'token' ? text : ''))
        .join('')
    },
    state,
    snapshot,
    interrupts,
    say: (text: string, turnId: string = crypto.randomUUID()) =>
      run({ turnId, trail: [], messages: [customerMessage(crypto.randomUUID(), text)] }),
    run,
    /** An event of the desk, as the turns send it: by interrupt id. */
    async desk(event: DistributiveOmit<DeskEvent, 'turnId' | 'inboxIds'>): Promise<SupportStateValue> {
      const [waiting] = await interrupts()
      if (!waiting?.id) throw new Error('nothing waits')
      const resume = { [waiting.id]: { turnId: crypto.randomUUID(), inboxIds: [], ...event } }
      return run(new Command({ resume }))
    },
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** A model that is asked where to route: LangChain's own way from a tool call to the structure, over `fakeModel()`. */
export function routingModel(): ReturnType<typeof fakeModel> {
  return Object.assign(fakeModel(), { withStructuredOutput: BaseChatModel.prototype.withStructuredOutput })
}

/** The tool call with which a routing model decides. */
export function routed(to: string, confidence: number, reason = ''): AIMessageChunk {
  return new AIMessageChunk({
    content: '',
    tool_calls: [{ type: 'tool_call', id: 'route-1', name: 'route', args: { to, confidence, reason } }],
  })
}

/** Says these pieces one after the other; `RESTART` discards what came before. */
export function streamingModel(...pieces: (string | typeof RESTART)[]): BaseChatModel {
  return new StreamingModel(pieces)
}
export const RESTART = Symbol('restart')

class StreamingModel extends BaseChatModel {
  readonly pieces: (string | typeof RESTART)[]
  constructor(pieces: (string | typeof RESTART)[]) {
    super({})
    this.pieces = pieces
  }
  override _llmType(): string {
    return 'streaming'
  }
  override bindTools(): Runnable {
    return this.withConfig({})
  }
  override async _generate(): Promise<ChatResult> {
    throw new Error('only streams')
  }
  override async *_streamResponseChunks(_messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    for (const piece of this.pieces) {
      if (piece === RESTART) yield restartChunk()
      else yield new ChatGenerationChunk({ text: piece, message: new AIMessageChunk({ content: piece }) })
    }
  }
}
