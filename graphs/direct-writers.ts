import type { Runnable, RunnableConfig } from '@langchain/core/runnables'

/** What LangGraph runs after a node; a step of it may have a mapper that checks the values. */
interface Writer extends Runnable {
  trace?: boolean
  func?(input: unknown, config?: Partial<RunnableConfig>): unknown
  writes?: { mapper?: Writer }[]
}

/**
 * Has a compiled graph call LangGraph's own writers, which check and store what a node returned and name the next one,
 * as plain functions. The wrapper around each of them opens an async context with a run tree of its own, for code that
 * asks no model and is in no trace; together they are a quarter of a turn's time.
 */
export function callWritersDirectly(graph: { nodes: Record<string, { writers: Runnable[] }> }): void {
  for (const { writers } of Object.values(graph.nodes)) {
    for (const writer of writers as Writer[]) {
      callDirectly(writer)
      for (const { mapper } of writer.writes ?? []) if (mapper) callDirectly(mapper)
    }
  }
}

function callDirectly(writer: Writer): void {
  // Whatever a newer LangGraph makes of its writers stays as it is.
  if (writer.trace !== false || !writer.func) return
  writer.invoke = async (input, config) => writer.func?.(input, config)
}
