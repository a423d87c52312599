import { describe, expect, it } from 'vitest'
import { evaluateEscalation } from '../../graphs/routing/evaluate-escalation.ts'
import { createLocalRouter } from '../../graphs/routing/local-router.ts'
import { toneOf } from '../../graphs/routing/tone.ts'
import billing from '../../graphs/specialists/billing.ts'
import returns from '../../graphs/specialists/returns.ts'
import techSupport from '../../graphs/specialists/tech-support.ts'
import { hasShared, ownRows, sharedRows } from './labelled.ts'

const router = createLocalRouter({ specialists: [billing, returns, techSupport] })

describe('the tone of a message', () => {
  it.each(['you useless machine', 'shut up', 'I will come to your office and smash it', 'idiots, all of you'])(
    'is abusive in "%s"',
    (text) => {
      expect(toneOf(text).abusive).toBeTypeOf('string')
    },
  )

  it.each(['this is the fourth time I write', 'WHY DOES NOBODY ANSWER ME HERE', 'still no reply from you'])(
    'is frustrated, not abusive, in "%s"',
    (text) => {
      expect(toneOf(text)).toEqual({ frustrated: expect.any(String) })
    },
  )

  it.each([
    'my invoice is wrong',
    'kill the process on port 80',
    'the dumb waiter in our hotel is stuck',
    '',
    '\ud800',
  ])('is nothing to note in "%s"', (text) => {
    expect(toneOf(text)).toEqual({})
  })

  it('calls rude words about one’s own things frustration', () => {
    expect(toneOf('my fucking router is down')).toEqual({ frustrated: 'fucking' })
  })

  it('is found fast in any text', { timeout: 5_000 }, () => {
    for (const text of ['you '.repeat(50_000), 'a'.repeat(100_000), '!'.repeat(100_000), 'so very '.repeat(20_000)])
      expect(toneOf(text).abusive).toBeUndefined()
  })
})

describe('what is heard of persons, abuse and frustration', () => {
  it('of a constant alarm is the baseline', () => {
    const told = evaluateEscalation([{ text: 'my bill', label: 'not_abusive' }], router)
    expect(told).toMatchObject({ n: 1, asksHumanFalseAlarms: 0, abusiveFalseAlarms: 0, frustratedFalseAlarms: 0 })
    expect(told.baseline).toMatchObject({ asksHumanFalseAlarms: 1, abusiveFalseAlarms: 1, frustratedFalseAlarms: 1 })
  })

  it('holds on our own messages', () => {
    const told = evaluateEscalation(ownRows('escalation.jsonl'), router)
    expect(told.asksHumanRecall).toBeGreaterThanOrEqual(0.96)
    expect(told.abusiveRecall).toBeGreaterThanOrEqual(0.9)
    expect(told.abusiveFalseAlarms).toBeLessThanOrEqual(0.02)
    expect(told.frustratedRecall).toBeGreaterThanOrEqual(0.9)
    expect(told.frustratedFalseAlarms).toBeLessThanOrEqual(0.06)
  })

  it.skipIf(!hasShared)('holds on the development data', () => {
    const told = evaluateEscalation(sharedRows('escalation.dev.jsonl'), router)
    expect(told.asksHumanRecall).toBeGreaterThanOrEqual(0.97)
    expect(told.abusiveRecall).toBeGreaterThanOrEqual(0.75)
    expect(told.abusiveFalseAlarms).toBeLessThanOrEqual(0.005)
  })
})
