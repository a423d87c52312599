import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createLocalEmbeddings } from '../../knowledge/embeddings.ts'
import { evaluateRetrieval } from '../../knowledge/evaluate.ts'
import { openSqliteStore } from './store.ts'

const embeddings = createLocalEmbeddings()

it('counts hits, ranks and the constant answer', async () => {
  const { store, close } = await openSqliteStore()
  const corpus = [
    { id: 'refunds', title: 'Refunds', text: 'Money goes back to the card.' },
    { id: 'router', title: 'Reset the router', text: 'Hold the button.' },
  ]
  const queries = [
    { query: 'refunds', relevant: ['refunds'] },
    { query: 'reset my router', relevant: ['router'] },
    { query: 'hold the router button', relevant: ['router'] },
    { query: 'money on my card', relevant: ['nowhere'] },
  ]
  const figures = await evaluateRetrieval({ corpus, queries, embeddings, store })
  expect(figures).toMatchObject({ n: 4, hitAt1: 0.75, hitAt5: 0.75, mrrAt10: 0.75, recallAt10: 0.75 })
  expect(figures.baseline.hitAt1).toBe(0.5)
  await close()
})

const shared = new URL('../../../shared/data/', import.meta.url)
const rowsOf = (name: string) =>
  readFileSync(new URL(name, shared), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

it.runIf(existsSync(shared))('ranks questions of real people as well as it did', { timeout: 60_000 }, async () => {
  const { store, close } = await openSqliteStore()
  const corpus = rowsOf('corpus.stackfaq.jsonl')
  const queries = rowsOf('retrieval.dev.jsonl')
  const { hitAt1, hitAt5, mrrAt10 } = await evaluateRetrieval({ corpus, queries, embeddings, store })
  expect(hitAt1).toBeGreaterThanOrEqual(0.87)
  expect(hitAt5).toBeGreaterThanOrEqual(0.97)
  expect(mrrAt10).toBeGreaterThanOrEqual(0.91)
  await close()
})
