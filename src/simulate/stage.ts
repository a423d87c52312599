import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { createLocalRouter } from '../../graphs/routing/local-router.ts'
import { loadSpecialists } from '../../graphs/specialists.ts'
import { type App, createApp, type Overrides } from '../app.ts'
import type { Config } from '../config.ts'
import { createLog } from '../log.ts'
import { createFaults, type Faults } from './faults.ts'
import { createRecordedModel, type Recorded } from './recorded-model.ts'
import type { Fault, RecordedAnswer } from './scenario.ts'
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts'
import { hasRoutes, stageModels } from './stage-models.ts'

/** The real application with a database of its own, for one test. */
export interface Stage extends AsyncDisposable {
  readonly app: App
  readonly faults: Faults
  readonly clock: SimulatedClock
  readonly recorded: Recorded | undefined
  /** Sets what goes wrong in the next step. */
  strike(fault: Fault): void
  /** Resolves when the process is gone; another one has to be started then. */
  readonly crashed: Promise<void>
  /** Stops the process in good order, or leaves a dead one behind, and starts another one on what is on the disk. */
  restart(): Promise<void>
}

/** What one test is played with. */
export interface StageOptions {
  at: number
  debounceMs: number
  recorded: RecordedAnswer[] | undefined
  live: boolean
  modelFails: boolean
  /** Parts that are replaced. */
  overrides?: ((clock: SimulatedClock) => Overrides) | undefined
  onAnswer?: ((answer: RecordedAnswer) => void) | undefined
}

/** What all tests of a run have in common: the articles are read in once. */
export interface Theatre extends AsyncDisposable {
  open(options: StageOptions): Promise<Stage>
}

const DESK_TOKEN = 'the-desk-of-a-simulation'
/** How long the database refuses to write. */
const READ_ONLY_MS = 600
/** Longer than the longest test writes. */
const MESSAGES_A_MINUTE = 100_000

/** @param config what the installation says; its database, its systems and its mail stay out of it */
export async function openTheatre(config: Config): Promise<Theatre> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-simulate-'))
  const dispose = () => rm(folder, { recursive: true, force: true })
  const log = createLog('silent')
  const specialists = await loadSpecialists()
  const router = createLocalRouter({ specialists })
  const settings = (databasePath: string, options?: StageOptions): Config => ({
    ...config,
    databaseUrl: `file:${databasePath}`,
    host: '127.0.0.1',
    models: options?.live || config.models?.embedding ? config.models : undefined,
    shop: undefined,
    mail: undefined,
    mcpConfig: undefined,
    customerTokens: undefined,
    deskToken: DESK_TOKEN,
    turns: { ...config.turns, debounceMs: options?.debounceMs ?? 0 },
    http: { ...config.http, messagesPerMinute: MESSAGES_A_MINUTE },
  })
  try {
    const app = await createApp(settings(join(folder, 'articles.db')), { log, specialists, router })
    await app.ingest([config.articlesDir])
    await app.stop()
  } catch (error) {
    await dispose()
    throw error
  }
  let stages = 0

  return {
    async open(options) {
      stages += 1
      const home = join(folder, `stage-${stages}`)
      mkdirSync(home)
      await cp(join(folder, 'articles.db'), join(home, 'baton.db'))
      return openStage({ home, settings, log, specialists, router }, options)
    },
    [Symbol.asyncDispose]: dispose,
  }
}

interface House extends Required<Pick<Overrides, 'log' | 'specialists' | 'router'>> {
  home: string
  settings(databasePath: string, options: StageOptions): Config
}

async function openStage({ home, settings, log, specialists, router }: House, options: StageOptions): Promise<Stage> {
  const clock = createSimulatedClock(options.at)
  const faults = createFaults()
  const recorded = options.recorded && createRecordedModel()
  const config = settings('', options)
  const models = stageModels({
    faults,
    recorded,
    routes: hasRoutes(options.recorded ?? []),
    live: options.live ? config.models : undefined,
    fails: options.modelFails,
    onAnswer: options.onAnswer,
  })
  const overrides = options.overrides?.(clock) ?? {}
  const dead: App[] = []
  let process = 0
  let killed = false
  let crash = nextCrash()

  const pathOf = (n: number) => join(home, n === 0 ? 'baton.db' : `baton-${n}.db`)

  async function begin(): Promise<App> {
    const app = await createApp(settings(pathOf(process), options), {
      log,
      clock,
      models,
      router,
      seed: 'demo-customers',
      ...overrides,
      specialists: (overrides.specialists ?? specialists).map(faults.inTools),
    })
    await app.start()
    return app
  }

  /** What a process leaves that is killed now: what was committed, and nothing else. */
  function leave(): void {
    for (const name of ['.db', '.checkpoints.db'])
      for (const log of ['', '-wal']) {
        const from = pathOf(process).replace(/\.db$/, name) + log
        if (existsSync(from)) copyFileSync(from, pathOf(process + 1).replace(/\.db$/, name) + log)
      }
    process += 1
    killed = true
    crash.resolve()
  }

  async function readOnly(app: App): Promise<void> {
    await sql`PRAGMA query_only = ON`.execute(app.db)
    await setTimeout(READ_ONLY_MS)
    await sql`PRAGMA query_only = OFF`.execute(app.db)
  }

  let app = await begin()
  let restarting: Promise<void> | undefined

  async function again(): Promise<void> {
    if (killed) dead.push(app)
    else await app.stop()
    killed = false
    crash = nextCrash()
    app = await begin()
  }

  return {
    get app() {
      return app
    },
    clock,
    faults,
    recorded,
    strike: (fault) => faults.set(fault, { crash: leave, readOnly: () => void readOnly(app) }),
    get crashed() {
      return crash.promise
    },
    restart() {
      // Several callers may find the same process dead.
      restarting ??= again().finally(() => {
        restarting = undefined
      })
      return restarting
    },
    async [Symbol.asyncDispose]() {
      faults.release()
      for (const one of [...dead, app]) await one.stop()
    },
  }
}

function nextCrash(): { promise: Promise<void>; resolve(): void } {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
