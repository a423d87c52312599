import { expect, it } from 'vitest'
import { orderDayOf, searchFor } from '../../graphs/order-day.ts'
import { createLocalEmbeddings } from '../../knowledge/embeddings.ts'
import { ingest } from '../../knowledge/ingest.ts'
import { createKnowledge } from '../../knowledge/knowledge.ts'
import type { ScoredPassage } from '../../knowledge/passage.ts'
import { judgeReturn } from '../../src/systems/demo-shop/return-policy.ts'
import { openSqliteStore } from '../knowledge/store.ts'

const today = '2026-11-25'
const relevant = (passages: ScoredPassage[]) => passages.filter(({ support }) => support >= 0.3)
const ok = (data: unknown) => ({ status: 'ok' as const, say: '', data })

it('an order from before a rule changed is answered with the rule of its day, as the shop judges it', async () => {
  const { store, close } = await openSqliteStore()
  const embeddings = createLocalEmbeddings()
  await ingest(['knowledge/articles/returns'], { store, embeddings })
  const knowledge = createKnowledge({ store, embeddings, now: () => new Date(today) })
  const answer = async (orderDay: string | undefined) => {
    const options = { scopes: ['returns'], limit: 4, withOpening: true }
    const found = await searchFor(knowledge, 'how long do I have to return something', options, {
      today,
      orderDay,
      relevant,
    })
    return found.map(({ articleId, text }) => ({ articleId, text }))
  }
  const until = (orderedOn: string) =>
    judgeReturn({
      orderedOn,
      deliveredOn: orderedOn,
      plus: false,
      personalised: false,
      reason: 'changed_mind',
      on: orderedOn,
    }).until

  const before = await answer('2025-02-10')
  expect(before[0]?.articleId).toBe('return-policy-before-march-2025')
  expect(before.map(({ text }) => text).join()).toContain('within 14 days of delivery')
  expect(before.map(({ articleId }) => articleId)).not.toContain('return-policy')
  expect(until('2025-02-10')).toBe('2025-02-24')

  for (const orderDay of [undefined, '2025-03-01', '2026-11-20']) {
    const now = await answer(orderDay)
    expect(now.map(({ articleId }) => articleId)).toContain('return-policy')
    expect(now.map(({ articleId }) => articleId)).not.toContain('return-policy-before-march-2025')
  }
  expect(until('2025-03-01')).toBe('2025-03-31')
  await close()
})

it('a question that no article of that day is about is answered with what holds today', async () => {
  const { store, close } = await openSqliteStore()
  const embeddings = createLocalEmbeddings()
  await ingest(['knowledge/articles/returns'], { store, embeddings })
  const knowledge = createKnowledge({ store, embeddings, now: () => new Date(today) })
  const found = await searchFor(
    knowledge,
    'the zip of my jacket is broken',
    { limit: 4 },
    { today, orderDay: '2025-02-10', relevant },
  )
  expect(found[0]?.articleId).toBe('broken-zip-or-seam')
  await close()
})

it('the day of an order is known when a tool loaded one order, or several of one day', () => {
  const order = { number: 'LF-1', placedAt: '2025-02-10T09:00:00.000Z' }
  expect(orderDayOf([ok(order)])).toBe('2025-02-10')
  expect(orderDayOf([ok([order, { ...order, number: 'LF-2' }])])).toBe('2025-02-10')
  expect(orderDayOf([ok({ order })])).toBe('2025-02-10')
  expect(orderDayOf([ok([order, { placedAt: '2025-03-10T09:00:00.000Z' }])])).toBeUndefined()
  expect(orderDayOf([ok(null), { status: 'error', message: '' }])).toBeUndefined()
})
