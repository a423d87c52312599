import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type PolicyDecision, type PolicyQuestion } from '../../src/effects/policy.ts'
import { loadPolicies, parsePolicies } from '../../src/effects/policy-file.ts'

const shop = await loadPolicies()
const now = Date.UTC(2026, 10, 20)
const eur = (minor: number) => ({ minor, currency: 'EUR' })
const refund: PolicyQuestion = {
  name: 'refund',
  assurance: 'verified',
  amount: eur(790),
  remainder: eur(100_000),
  customerLast30Days: 0,
  lastHour: 0,
  countLastDay: 0,
  now,
}
/** What it comes to: how many people, or the code of a denial. */
const people = (question: Partial<PolicyQuestion>) => level(decide(shop, { ...refund, ...question }))
const level = (decision: PolicyDecision) =>
  decision.decision === 'allow' ? 0 : decision.decision === 'approve' ? decision.approvals : decision.code

describe('the shop’s refunds', () => {
  test.each([
    [1, 0],
    [5_000, 0],
    [5_001, 1],
    [50_000, 1],
    [50_001, 2],
    [0, 'policy.amount'],
    [-1, 'policy.amount'],
    [0.5, 'policy.amount'],
    [Number.NaN, 'policy.amount'],
    [100_001, 'policy.over_remainder'],
  ])('of %d cents need %s', (minor, needed) => {
    expect(people({ amount: eur(minor) })).toBe(needed)
  })

  test('of a customer within 30 days go unasked to EUR 100.00, this one included', () => {
    expect(people({ customerLast30Days: 10_000 - 790 })).toBe(0)
    expect(people({ customerLast30Days: 10_000 - 789 })).toBe(1)
  })

  test('all go to a person once EUR 5,000.00 moved within the hour, this one included', () => {
    expect(people({ lastHour: 500_000 - 790 })).toBe(0)
    expect(people({ lastHour: 500_000 - 789 })).toBe(1)
    expect(people({ lastHour: 500_000, amount: eur(60_000) })).toBe(2)
  })

  test.each(['anonymous', 'claimed'] as const)('are not for customers who are %s', (assurance) => {
    expect(people({ assurance })).toBe('policy.assurance')
  })

  test('need to know the remainder, in the same currency', () => {
    expect(people({ remainder: null })).toBe('policy.remainder')
    expect(people({ remainder: { minor: 100_000, currency: 'USD' } })).toBe('policy.currency')
    expect(people({ amount: null })).toBe('policy.amount')
  })

  test('before the first version are denied', () => {
    expect(decide(shop, { ...refund, now: 0 })).toMatchObject({ decision: 'deny', policyVersion: 'none' })
  })
})

test('a ticket may be opened by anybody, a few a day', () => {
  const ticket = { name: 'open_ticket', assurance: 'anonymous' as const, amount: null, remainder: null }
  expect(people(ticket)).toBe(0)
  expect(people({ ...ticket, countLastDay: 5 })).toBe('policy.too_often')
})

test('what moves no money by its policy may move none', () => {
  expect(people({ name: 'reset_device' })).toBe('policy.amount')
})

describe('whatever is asked', () => {
  const amount = fc.integer({ min: 1, max: 1_000_000 })
  const total = fc.integer({ min: 0, max: 2_000_000 })
  const name = fc.constantFrom('refund', 'cancel_order')
  const rank = (question: PolicyQuestion) => {
    const found = level(decide(shop, question))
    return typeof found === 'number' ? found : 3
  }

  test('more money never needs fewer people', () => {
    fc.assert(
      fc.property(
        name,
        fc.tuple(amount, total, total),
        fc.tuple(total, total, total),
        (name, [minor, last30, hour], [a, b, c]) => {
          const question = (m: number, customerLast30Days: number, lastHour: number) =>
            rank({ ...refund, name, amount: eur(m), remainder: eur(5_000_000), customerLast30Days, lastHour })
          expect(question(minor + a, last30 + b, hour + c)).toBeGreaterThanOrEqual(question(minor, last30, hour))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('more than what is left is never allowed, nor approved', () => {
    fc.assert(
      fc.property(name, total, amount, total, total, (name, left, over, customerLast30Days, lastHour) => {
        const question = { ...refund, name, customerLast30Days, lastHour }
        expect(people({ ...question, remainder: eur(left), amount: eur(left + over) })).toBe('policy.over_remainder')
      }),
    )
  })

  test('a name that is not in the file is denied', () => {
    const known = new Set(Object.keys(shop[0]?.policies ?? {}))
    const names = fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'toString', 'Refund', 'refund '))
    fc.assert(
      fc.property(
        names.filter((name) => !known.has(name)),
        (name) => {
          expect(people({ name })).toBe('policy.unknown')
        },
      ),
    )
  })

  test('another currency is denied', () => {
    fc.assert(
      fc.property(name, amount, fc.constantFrom('USD', 'GBP', 'JPY', 'eur', ''), (name, minor, currency) => {
        expect(people({ name, amount: { minor, currency } })).toBe('policy.currency')
      }),
    )
  })
})

describe('a file of policies', () => {
  const file = (text: string, name = 'a.yaml') => ({ name, text })
  const base = "version: '1'\nvalidFrom: '2026-01-01'\n"
  const tiers = (text: string) =>
    `${base}policies:\n  refund:\n    assurance: verified\n    money:\n      tiers:\n${text}`

  test('is in force from its day on, until the next one’s', () => {
    const next = file("version: '2'\nvalidFrom: '2026-11-21'\npolicies: {}\n", 'b.yaml')
    const first = file(`${base}policies:\n  open_ticket: { assurance: anonymous }\n`)
    const versions = parsePolicies([next, first])
    const question = { ...refund, name: 'open_ticket', amount: null, remainder: null }
    expect(decide(versions, question)).toEqual({ decision: 'allow', policyVersion: '1' })
    const later = decide(versions, { ...question, now: Date.UTC(2026, 10, 21) })
    expect(later).toMatchObject({ decision: 'deny', policyVersion: '2' })
  })

  test.each([
    ['an unknown key', `${base}policies:\n  refund: { assurance: verified, amuont: 3 }\n`, /amuont/],
    ['no day', "version: '1'\npolicies: {}\n", /validFrom/],
    ['a number for an amount', tiers('        - { upTo: 50, approvals: 0 }\n'), /upTo/],
    ['a missing cent', tiers('        - { upTo: EUR 50.0, approvals: 0 }\n'), /such as EUR 50.00/],
    ['no limit in any tier', tiers('        - { approvals: 0 }\n'), /one currency/],
    [
      'two currencies',
      tiers('        - { upTo: EUR 5.00, approvals: 0 }\n        - { upTo: USD 9.00, approvals: 1 }\n'),
      /one currency/,
    ],
    [
      'a tier below the one before it',
      tiers('        - { upTo: EUR 9.00, approvals: 0 }\n        - { upTo: EUR 5.00, approvals: 1 }\n'),
      /tiers\.1: upTo/,
    ],
    [
      'fewer people for more money',
      tiers('        - { upTo: EUR 5.00, approvals: 1 }\n        - { upTo: EUR 9.00, approvals: 0 }\n'),
      /tiers\.1: approvals/,
    ],
    [
      'a smaller total for more money',
      tiers('        - { upTo: EUR 5.00, approvals: 0 }\n        - { customerUpTo: EUR 9.00, approvals: 1 }\n').replace(
        'upTo: EUR 5.00,',
        'upTo: EUR 5.00, customerUpTo: EUR 10.00,',
      ),
      /tiers\.1: customerUpTo/,
    ],
    ['no YAML', 'policies: [', /a\.yaml/],
  ])('with %s is refused', (_what, text, problem) => {
    expect(() => parsePolicies([file(text)])).toThrow(problem)
  })

  test('is refused with every problem of every file named', () => {
    const files = [
      file(`${base}policies: {}\n`),
      file(`${base}policies: {}\n`, 'b.yaml'),
      file('version: 3\n', 'c.yaml'),
    ]
    const message = errorOf(() => parsePolicies(files))
    expect(message).toMatch(/b\.yaml: validFrom: the same day as in a\.yaml/)
    expect(message).toMatch(/b\.yaml: version: the same as in a\.yaml/)
    expect(message).toMatch(/c\.yaml: version/)
    expect(message).toMatch(/c\.yaml: validFrom/)
    expect(errorOf(() => parsePolicies([]))).toMatch(/no policies/)
  })
})

function errorOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}
