import { describe, expect, it } from 'vitest'
import { specialistPrompt } from '../../graphs/prompt.ts'
import { freshnessOf, overdueOn } from '../../knowledge/freshness.ts'
import type { ScoredPassage } from '../../knowledge/passage.ts'
import { specialist } from '../graphs/graph.ts'

const passage: ScoredPassage = {
  id: 'a#0',
  articleId: 'a',
  version: 1,
  scope: 'shared',
  title: 'A',
  headings: ['Costs'],
  text: 'Text.',
  ordinal: 0,
  language: 'en',
  score: 1,
  support: 1,
}

describe('the freshness of a passage', () => {
  it('says since when and for whom it holds, when it was changed, and that its review is overdue', () => {
    const full = {
      ...passage,
      version: 2,
      validFrom: '2026-01-01',
      validTo: '2026-12-31',
      regions: ['de', 'at'],
      plans: ['plus'],
      changedAt: '2026-02-03T04:05:06.000Z',
      reviewed: '2026-03-01',
      reviewBy: '2026-06-01',
    }
    const names = {
      'valid-from': '2026-01-01',
      'valid-to': '2026-12-31',
      region: 'de, at',
      plan: 'plus',
      changed: '2026-02-03',
      reviewed: '2026-03-01',
    }
    expect(freshnessOf(full, '2026-06-01')).toEqual(names)
    expect(freshnessOf(full, '2026-06-02')).toEqual({ ...names, 'review-overdue-since': '2026-06-01' })
  })

  it('says nothing that is not known, nor that a first version is a change', () => {
    expect(freshnessOf({ ...passage, changedAt: '2026-02-03T04:05:06.000Z' }, '2026-06-01')).toEqual({})
  })

  it('stands in what a specialist reads', () => {
    const asks = [{ text: 'ask', passages: [{ ...passage, validFrom: '2026-01-01', reviewBy: '2026-02-01' }] }]
    const prompt = specialistPrompt(specialist('billing'), asks, { receipt: null, today: '2026-06-01' })
    expect(prompt).toContain(
      '<passage id="1" article="a" title="A" heading="Costs" valid-from="2026-01-01" review-overdue-since="2026-02-01">',
    )
  })
})

it('lists the articles whose review has run out, longest ago first', () => {
  const article = (id: string, reviewBy?: string) => ({ id, title: id, source: `${id}.md`, reviewBy })
  const articles = [article('a', '2026-05-31'), article('b', '2026-06-01'), article('c', '2026-01-01'), article('d')]
  expect(overdueOn('2026-06-01', articles).map(({ articleId }) => articleId)).toEqual(['c', 'a'])
})
