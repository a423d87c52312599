import { Command, END, MemorySaver, START, StateGraph, StateSchema } from '@langchain/langgraph'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { callWritersDirectly } from '../../graphs/direct-writers.ts'

const State = new StateSchema({
  count: z.number().default(0),
  said: z.array(z.string()).default(() => []),
})

function compiled(direct: boolean) {
  const graph = new StateGraph(State)
    .addNode('first', ({ count }) => new Command({ update: { count: count + 1, unknown: 1 }, goto: 'second' }), {
      ends: ['second'],
    })
    .addNode('second', ({ said }) => ({ said: [...said, 'second'] }))
    .addNode('third', ({ count }) => new Command({ update: { count: count > 9 ? 'many' : count }, goto: END }), {
      ends: [END],
    })
    .addEdge(START, 'first')
    .addEdge('second', 'third')
    .compile({ checkpointer: new MemorySaver() })
  if (direct) callWritersDirectly(graph)
  return graph
}

const config = { configurable: { thread_id: 'a' } }

async function story(graph: ReturnType<typeof compiled>) {
  const values = await graph.invoke({ count: 1 }, config)
  await graph.updateState(config, { said: ['edited'] }, 'second')
  await graph.invoke(null, config)
  const steps = []
  for await (const { values, next, metadata } of graph.getStateHistory(config))
    steps.push({ values, next, source: metadata?.source, step: metadata?.step })
  return { values, steps }
}

test('a graph whose writers are called directly stores what LangGraph would', async () => {
  const direct = await story(compiled(true))
  expect(direct).toEqual(await story(compiled(false)))
  expect(direct.steps.length).toBeGreaterThan(6)
})

test('values are still checked', async () => {
  await expect(compiled(true).invoke({ count: 9 }, config)).rejects.toThrow('Validation failed for field "count"')
})

test('this LangGraph’s writers are the plain functions that may be called so', () => {
  const { nodes } = compiled(true)
  const writers = Object.values(nodes).flatMap((node) => node.writers)
  expect(writers.length).toBeGreaterThan(7)
  expect(writers.filter((writer) => !Object.hasOwn(writer, 'invoke'))).toEqual([])
})
