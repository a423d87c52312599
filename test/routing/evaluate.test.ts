import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluateRouting } from '../../graphs/routing/evaluate.ts'
import { type Dialogue, evaluateDialogues } from '../../graphs/routing/evaluate-dialogues.ts'
import { createLocalRouter } from '../../graphs/routing/local-router.ts'
import type { LocalRouter } from '../../graphs/routing/route.ts'
import billing from '../../graphs/specialists/billing.ts'
import returns from '../../graphs/specialists/returns.ts'
import techSupport from '../../graphs/specialists/tech-support.ts'

const constant = (to: string, confidence = 0.9): LocalRouter => ({
  route: () => ({ to, by: 'local', confidence, reason: '', alternatives: [], asks: [] }),
})

describe('the figures of routing', () => {
  const rows = [
    { text: 'a', label: 'billing' },
    { text: 'b', label: 'billing' },
    { text: 'c', label: 'tech_support' },
    { text: 'd', label: 'other' },
  ]

  it('of a constant answer are those of the baseline', () => {
    const told = evaluateRouting(rows, constant('billing'))
    expect(told.accuracy).toBe(0.5)
    expect(told.baseline).toEqual({ accuracy: told.accuracy, macroF1: told.macroF1 })
    expect(told.perLabel.billing).toMatchObject({ precision: 0.5, recall: 1, n: 2 })
    expect(told.calibrationError).toBeCloseTo(0.4)
    expect(told.coverageAt97).toBe(0)
  })

  it('map the labels of the files', () => {
    expect(Object.keys(evaluateRouting(rows, constant('billing')).perLabel)).toEqual([
      'billing',
      'out_of_scope',
      'tech-support',
    ])
  })

  it('of no rows are zero', () => {
    expect(evaluateRouting([], constant('billing'))).toMatchObject({ n: 0, accuracy: 0, macroF1: 0 })
  })
})

describe('the figures of dialogues', () => {
  const rows: Dialogue[] = [
    {
      turns: [
        { text: 'hi', owner: null, kind: 'greeting' },
        { text: 'my bill', owner: 'billing', kind: 'opening' },
        { text: 'yes', owner: 'billing', kind: 'followup' },
        { text: 'return it', owner: 'returns', kind: 'switch' },
      ],
    },
  ]

  it('count only turns that have an owner', () => {
    const told = evaluateDialogues(rows, constant('billing'))
    expect(told.turns).toBeCloseTo(2 / 3)
    expect(told).toMatchObject({ followups: 1, switches: 0, whole: 0 })
    expect(told.baseline.turns).toBeCloseTo(2 / 3)
  })
})

const data = new URL('../../../shared/data/', import.meta.url)
const read = <Row>(name: string): Row[] =>
  readFileSync(new URL(name, data), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

describe.skipIf(!existsSync(new URL('routing.dev.jsonl', data)))('on the development data', () => {
  const router = createLocalRouter({ specialists: [billing, returns, techSupport] })

  it('unambiguous rows reach their desks', () => {
    const rows = read<{ text: string; label: string; tier: string }>('routing.dev.jsonl')
    const told = evaluateRouting(
      rows.filter(({ tier }) => tier === 'core'),
      router,
    )
    expect(told.accuracy).toBeGreaterThanOrEqual(0.97)
    expect(told.perLabel.out_of_scope?.recall).toBeGreaterThanOrEqual(0.95)
    expect(told.perLabel.human?.recall).toBeGreaterThanOrEqual(0.98)
    expect(told.coverageAt97).toBeGreaterThanOrEqual(0.8)
  })

  it('follow-ups, switches and interruptions are told apart', () => {
    const told = evaluateDialogues(
      [...read<Dialogue>('dialogues.dev.jsonl'), ...read<Dialogue>('dialogues.composed.dev.jsonl')],
      router,
    )
    expect(told.turns).toBeGreaterThanOrEqual(0.95)
    expect(told.followups).toBeGreaterThanOrEqual(0.96)
    expect(told.switches).toBeGreaterThanOrEqual(0.9)
    expect(told.outOfScope).toBeGreaterThanOrEqual(0.8)
    expect(told.humans).toBeGreaterThanOrEqual(0.97)
    expect(told.whole).toBeGreaterThanOrEqual(0.85)
  })
})
