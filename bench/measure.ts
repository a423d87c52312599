import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Specialist } from '../graphs/specialist.ts'
import { loadConversation } from './conversation.ts'
import type { Design, Durability } from './design.ts'
import { ScriptedModel } from './scripted-model.ts'

/** A design in one of its settings: one row of the report. */
export interface Variant {
  design: Design
  durability: Durability
  /** What its supervisor says at the end, instead of repeating the specialist's answer. */
  closing?: string
}

/** What all variants of one run share. */
export interface Setting {
  articles: string
  specialists: Specialist[]
}

/** What one 10-turn conversation needs. */
export interface Counts {
  callsATurn: number
  /** Over all ten turns. */
  promptCharacters: number
  bytesStored: number
  /** Of the script's passages that were fetched, over all ten turns; 0 where a design searched by itself. */
  passageCharacters: number
}

/** Own milliseconds a turn. */
export interface Timing {
  median: number
  /** First and third quartile. */
  spread: [number, number]
  /** The processor's part of it, the median: no waiting for the disk, and less noise from neighbours. */
  cpu: number
}

/** Length of the answers in the 10-turn conversation. */
const ANSWER_CHARACTERS = 500

/** Opens a variant in a folder of its own, and removes the folder again at the end. */
export async function withOpen<T>(
  setting: Setting,
  variant: Variant,
  answerCharacters: number,
  use: (open: OpenedVariant) => Promise<T>,
): Promise<T> {
  const opened = await openVariant(setting, variant, answerCharacters)
  try {
    return await use(opened)
  } finally {
    await opened.close()
  }
}

type OpenedVariant = Awaited<ReturnType<typeof openVariant>>

async function openVariant(setting: Setting, { design, durability, closing }: Variant, answerCharacters: number) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'))
  const conversation = await loadConversation(setting.articles, answerCharacters)
  const model = new ScriptedModel(conversation, closing)
  const file = join(folder, 'bench.db')
  const open = await design.open({ ...setting, file, durability, conversation, model })
  const close = async () => {
    await open.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { open, conversation, model, close }
}

/**
 * Counts one conversation on a fresh database.
 * @throws {Error} when a reply is not the answer, so that nobody is measured for less work.
 */
export function countConversation(setting: Setting, variant: Variant): Promise<Counts> {
  return withOpen(setting, variant, ANSWER_CHARACTERS, async ({ open, conversation, model }) => {
    const { turns, searches } = conversation
    const thread = crypto.randomUUID()
    for (const turn of turns) {
      const reply = await open.turn(thread, turn.text)
      if (withoutNumbers(reply) !== (variant.closing ?? turn.answer))
        throw new Error(`bench: ${variant.design.name} answered "${reply.slice(0, 200)}" to "${turn.text}"`)
    }
    return {
      callsATurn: model.calls / turns.length,
      promptCharacters: model.characters,
      bytesStored: await open.bytesStored(),
      passageCharacters: searches.reduce((sum, characters) => sum + characters, 0),
    }
  })
}

function withoutNumbers(reply: string): string {
  return reply.replace(/ ?\[\d+\]/g, '')
}

/**
 * Times the conversation for all variants in turn, the first one rotating, so that drift of the machine favours none;
 * garbage of one is collected before the next. The figure is own milliseconds a turn, averaged over a conversation.
 */
export async function timeConversations(setting: Setting, variants: Variant[], repetitions: number): Promise<Timing[]> {
  const opened: OpenedVariant[] = []
  for (const variant of variants) opened.push(await openVariant(setting, variant, ANSWER_CHARACTERS))
  const samples: Sample[][] = variants.map(() => [])
  try {
    for (let repetition = -WARM_UP; repetition < repetitions; repetition++) {
      for (let step = 0; step < opened.length; step++) {
        const index = (step + repetition + WARM_UP) % opened.length
        const sample = await timeConversation(opened[index] as OpenedVariant)
        if (repetition >= 0) samples[index]?.push(sample)
      }
    }
  } finally {
    for (const variant of opened) await variant.close()
  }
  return samples.map(timingOf)
}

const WARM_UP = 2
/** Conversations in a row that make one sample: what a forced collection costs afterwards would weigh most on the shortest. */
const A_SAMPLE = 5

interface Sample {
  wall: number
  cpu: number
}

async function timeConversation({ open, conversation }: OpenedVariant): Promise<Sample> {
  collectGarbage()
  const cpu = process.cpuUsage()
  const start = performance.now()
  for (let i = 0; i < A_SAMPLE; i++) {
    const thread = crypto.randomUUID()
    for (const { text } of conversation.turns) await open.turn(thread, text)
  }
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  const turns = conversation.turns.length * A_SAMPLE
  return { wall: wall / turns, cpu: (user + system) / 1000 / turns }
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function timingOf(samples: Sample[]): Timing {
  const wall = samples.map((sample) => sample.wall)
  const cpu = samples.map((sample) => sample.cpu)
  return { median: quantile(wall, 0.5), spread: [quantile(wall, 0.25), quantile(wall, 0.75)], cpu: quantile(cpu, 0.5) }
}

/** The value below which that share of a sample lies; not a number for an empty one. */
export function quantile(sample: number[], share: number): number {
  const sorted = sample.toSorted((a, b) => a - b)
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN
}
