import { setTimeout } from 'node:timers/promises'
import type { Specialist } from '../../graphs/specialist.ts'
import type { Tool } from '../../graphs/tool.ts'
import type { Fault } from './scenario.ts'

/** What a fault does beyond the place in which it happens. */
export interface FaultEffects {
  /** The process is gone; what called never goes on. */
  crash(): void
  /** The database refuses to write for a while. */
  readOnly(): void
}

/** What goes wrong at the moment, and where. */
export interface Faults {
  /** Sets what goes wrong from now on; nothing where it is left out. */
  set(fault: Fault | undefined, effects?: FaultEffects): void
  /** What was set and did not happen. */
  missed(): string[]
  /** Lets everything go on that a crash holds. */
  release(): void
  beforeModel(signal: AbortSignal | undefined): Promise<void>
  /** Before the answers that stand behind a model are asked. */
  beforeLastResort(): Promise<void>
  /** The specialist with tools that fail when they are told to. */
  inTools(specialist: Specialist): Specialist
}

/** A tool that hangs is not waited for any longer than this. */
const HANGING_MS = 200

/** One test's faults. */
export function createFaults(): Faults {
  let fault: Fault | undefined
  let effects: FaultEffects | undefined
  const open = new Set<string>()
  const gone = new AbortController()

  /** Whatever called belongs to a process that is not there any more. */
  async function crash(): Promise<never> {
    open.clear()
    fault = undefined
    effects?.crash()
    return hang(gone.signal)
  }
  const applies = (tool: string) => (fault?.tool?.name === tool ? fault.tool : undefined)

  async function run<T>(tool: Tool, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (fault?.crash === 'before-a-tool-runs') await crash()
    const failing = applies(tool.name)
    if (failing) {
      open.delete('tool')
      if (failing.times === 'once') fault = { ...fault, tool: undefined }
      if (failing.how === 'hangs') await hang(AbortSignal.any([signal, gone.signal]))
      if (failing.how === 'fails') throw new Error('the simulated fault of a tool')
    }
    const done = await work()
    if (failing) throw new Error('the simulated loss of an answer')
    if (fault?.crash === 'after-a-tool-ran') await crash()
    return done
  }

  return {
    set(next, by) {
      fault = next
      effects = by
      open.clear()
      for (const kind of Object.keys(next ?? {})) open.add(kind)
    },
    missed: () => [...open],
    release: () => gone.abort(new Error('the simulated crash')),
    async beforeModel(signal) {
      if (fault?.crash === 'while-the-model-answers') await crash()
      if (fault?.database) {
        open.delete('database')
        fault = { ...fault, database: undefined }
        effects?.readOnly()
      }
      if (!fault?.model) return
      open.delete('model')
      if (fault.model === 'slow') await hang(AbortSignal.any([gone.signal, ...(signal ? [signal] : [])]))
      throw new Error('the simulated fault of a model')
    },
    async beforeLastResort() {
      if (fault?.model === 'gone') throw new Error('the simulated fault of every model')
    },
    inTools: (specialist) => ({
      ...specialist,
      tools: (systems) =>
        (specialist.tools?.(systems) ?? []).map((tool): Tool => {
          const timeoutMs = () => (applies(tool.name)?.how === 'hangs' ? HANGING_MS : tool.timeoutMs)
          const work =
            tool.effect === 'read'
              ? {
                  ...tool,
                  run: ((args, context) => run(tool, context.signal, () => tool.run(args, context))) as typeof tool.run,
                }
              : {
                  ...tool,
                  run: ((args, facts, context) =>
                    run(tool, context.signal, () => tool.run(args, facts, context))) as typeof tool.run,
                }
          return Object.defineProperty(work, 'timeoutMs', { get: timeoutMs, enumerable: true })
        }),
    }),
  }
}

async function hang(signal: AbortSignal): Promise<never> {
  await setTimeout(2 ** 30, undefined, { signal, ref: false })
  throw new Error('the simulated wait is over')
}
