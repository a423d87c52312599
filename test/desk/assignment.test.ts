import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DeskAgent, decideAssignments, urgencyOf, type WaitingCase } from '../../src/desk/assignment.ts'
import { type AssignmentPolicy, DEFAULT_POLICY } from '../../src/desk/assignment-policy.ts'

const NOW = Date.UTC(2026, 10, 25, 12)
const MINUTE = 60_000
const SKILLS = ['billing', 'returns', 'tech-support', 'warranty']
const LANGUAGES = ['en', 'de', 'fr']
const CHANNELS = ['web', 'email']

const skill = fc.record({
  name: fc.constantFrom(...SKILLS),
  level: fc.integer({ min: 1, max: 5 }),
  optional: fc.boolean(),
})

const caseOf = (agentIds: string[]) =>
  fc.record({
    channel: fc.constantFrom(...CHANNELS),
    language: fc.option(fc.constantFrom(...LANGUAGES), { nil: null }),
    skills: fc.uniqueArray(skill, { maxLength: 2, selector: ({ name }) => name }),
    team: fc.option(fc.constantFrom('one', 'two'), { nil: null }),
    weight: fc.integer({ min: 1, max: 3 }),
    priority: fc.integer({ min: 0, max: 3 }),
    since: fc.integer({ min: 0, max: 600_000 }).map((ago) => NOW - ago),
    sla: fc.option(
      fc.record({
        due: fc.integer({ min: -3_600_000, max: 3_600_000 }).map((ahead) => NOW + ahead),
        target: fc.constant(3_600_000),
      }),
      { nil: null },
    ),
    negativeSentiment: fc.double({ min: 0, max: 1, noNaN: true }),
    promiseDue: fc.boolean(),
    dropped: fc.subarray(agentIds),
    known: fc.subarray(agentIds),
    intent: fc.constantFrom(...SKILLS),
  })

const agent = fc.record({
  online: fc.subarray(CHANNELS),
  capacity: fc.integer({ min: 0, max: 6 }),
  load: fc.integer({ min: 0, max: 4 }),
  languages: fc.subarray(LANGUAGES),
  skills: fc.dictionary(fc.constantFrom(...SKILLS), fc.integer({ min: 1, max: 5 })),
  teams: fc.subarray(['one', 'two']),
  idleSince: fc.integer({ min: 0, max: 3_600_000 }).map((ago) => NOW - ago),
  recent: fc.integer({ min: 0, max: 12 }),
  record: fc.dictionary(
    fc.constantFrom(...SKILLS),
    fc.record({ won: fc.nat(9), all: fc.integer({ min: 9, max: 20 }) }),
  ),
})

/** A desk with people, and cases that wait. */
const world = fc
  .array(agent, { maxLength: 8 })
  .map((agents): DeskAgent[] => agents.map((one, i) => ({ ...one, id: `agent-${i}` })))
  .chain((agents) =>
    fc.record({
      agents: fc.constant(agents),
      cases: fc
        .array(caseOf(agents.map(({ id }) => id)), { maxLength: 15 })
        .map((cases): WaitingCase[] => cases.map((one, i) => ({ ...one, id: `case-${i}` }))),
    }),
  )

const WORLDS = { numRuns: 1_000, seed: 20261125 }

test('in 1,000 worlds nobody gets more than they have room for, and no case is given twice', () => {
  fc.assert(
    fc.property(world, ({ agents, cases }) => {
      const decisions = decideAssignments(cases, agents, DEFAULT_POLICY, NOW)
      expect(decisions.map(({ caseId }) => caseId).toSorted()).toEqual(cases.map(({ id }) => id).toSorted())
      for (const { id, load, capacity, online } of agents) {
        const given = decisions.flatMap(({ caseId, chosen }) =>
          chosen === id ? cases.filter((one) => one.id === caseId) : [],
        )
        const weight = given.reduce((sum, one) => sum + one.weight, 0)
        if (given.length > 0) expect(load + weight).toBeLessThanOrEqual(capacity)
        for (const { channel } of given) expect(online).toContain(channel)
      }
    }),
    WORLDS,
  )
})

test('in 1,000 worlds the same input gives the same decisions, in whatever order it is listed', () => {
  fc.assert(
    fc.property(world, ({ agents, cases }) => {
      const once = decideAssignments(cases, agents, DEFAULT_POLICY, NOW)
      const again = decideAssignments(cases.toReversed(), agents.toReversed(), DEFAULT_POLICY, NOW)
      expect(again).toEqual(once)
    }),
    WORLDS,
  )
})

test('in 1,000 worlds the more urgent of two equal cases is given before the other', () => {
  fc.assert(
    fc.property(world, fc.nat(), ({ agents, cases }, pick) => {
      const twin = cases[pick % Math.max(1, cases.length)]
      if (!twin) return
      // In the last minute of its step, so that waiting longer does not also ask for less.
      const urgent: WaitingCase = { ...twin, id: 'urgent', priority: 3, promiseDue: true, negativeSentiment: 1 }
      const calm: WaitingCase = { ...twin, id: 'calm', priority: 0, promiseDue: false, negativeSentiment: 0 }
      expect(urgencyOf(urgent, DEFAULT_POLICY, NOW)).toBeGreaterThan(urgencyOf(calm, DEFAULT_POLICY, NOW))
      const decisions = decideAssignments([calm, ...cases, urgent], agents, DEFAULT_POLICY, NOW)
      const chosen = (id: string) => decisions.find(({ caseId }) => caseId === id)?.chosen
      if (chosen('calm')) expect(chosen('urgent')).not.toBeNull()
    }),
    WORLDS,
  )
})

test('in 1,000 worlds nobody waits for ever while one person with room is there', () => {
  fc.assert(
    fc.property(world, ({ agents, cases }) => {
      const last = DEFAULT_POLICY.relax.at(-1)?.afterSeconds ?? 0
      let waiting = [...cases]
      // Whoever is given a case ends it before the next round.
      for (let round = 0; round <= cases.length; round++) {
        const now = NOW + last * 1000 + round * MINUTE
        const given = decideAssignments(waiting, agents, DEFAULT_POLICY, now)
        waiting = waiting.filter(({ id }) => !given.find(({ caseId }) => caseId === id)?.chosen)
      }
      for (const { channel, weight } of waiting) {
        const able = agents.filter(
          ({ online, load, capacity }) => online.includes(channel) && load + weight <= capacity,
        )
        expect(able).toEqual([])
      }
    }),
    WORLDS,
  )
})

const calm: WaitingCase = {
  id: 'case',
  channel: 'web',
  language: 'de',
  skills: [{ name: 'billing', level: 4 }],
  team: 'one',
  weight: 1,
  priority: 1,
  since: NOW,
  sla: null,
  negativeSentiment: 0,
  promiseDue: false,
  dropped: [],
  known: [],
  intent: 'billing',
}
const expert: DeskAgent = {
  id: 'expert',
  online: ['web'],
  capacity: 3,
  load: 0,
  languages: ['de'],
  skills: { billing: 5 },
  teams: ['one'],
  idleSince: NOW - 10 * MINUTE,
  recent: 2,
  record: {},
}

test('each candidate who may not have the case is listed with what they lack', () => {
  const agents: DeskAgent[] = [
    expert,
    { ...expert, id: 'away', online: [] },
    { ...expert, id: 'busy', load: 3 },
    { ...expert, id: 'declined' },
    { ...expert, id: 'english', languages: ['en'] },
    { ...expert, id: 'newcomer', skills: { billing: 2 } },
    { ...expert, id: 'other-team', teams: ['two'] },
  ]
  const [decision] = decideAssignments([{ ...calm, dropped: ['declined'] }], agents, DEFAULT_POLICY, NOW)
  expect(decision).toMatchObject({ chosen: 'expert', policy: 'default-1', step: 0 })
  expect(decision?.candidates.map((one) => [one.agent, 'filteredBy' in one ? one.filteredBy : 'fits'])).toEqual([
    ['away', 'presence'],
    ['busy', 'capacity'],
    ['declined', 'dropped'],
    ['english', 'language'],
    ['expert', 'fits'],
    ['newcomer', 'skills'],
    ['other-team', 'team'],
  ])
})

test.each([
  ['levels', 60, { skills: { billing: 1 } }],
  ['team', 180, { teams: [] }],
  ['everything', 300, { languages: [], skills: {}, teams: [] }],
] as const)('after %s is dropped at %i seconds somebody who lacks it is asked', (_what, seconds, lacking) => {
  const agents: DeskAgent[] = [
    {
      ...expert,
      ...lacking,
      teams: [...('teams' in lacking ? lacking.teams : ['one'])],
      languages: [...('languages' in lacking ? lacking.languages : ['de'])],
    },
  ]
  const decide = (waited: number) =>
    decideAssignments([{ ...calm, since: NOW - waited * 1000 }], agents, DEFAULT_POLICY, NOW)[0]?.chosen
  expect(decide(seconds - 1)).toBeNull()
  expect(decide(seconds)).toBe('expert')
})

test('whoever declined is asked again only when everything is dropped, and then after the others', () => {
  const declined = { ...calm, dropped: ['expert'], known: ['expert'] }
  const others: DeskAgent[] = [expert, { ...expert, id: 'zoe' }]
  expect(
    decideAssignments([{ ...declined, since: NOW - 299_000 }], [expert], DEFAULT_POLICY, NOW)[0]?.chosen,
  ).toBeNull()
  expect(decideAssignments([{ ...declined, since: NOW - 300_000 }], [expert], DEFAULT_POLICY, NOW)[0]?.chosen).toBe(
    'expert',
  )
  const [decision] = decideAssignments([{ ...declined, known: ['zoe', 'expert'] }], others, DEFAULT_POLICY, NOW)
  expect(decision?.chosen).toBe('zoe')
})

test('the person who had this customer before goes before an equal one', () => {
  const agents: DeskAgent[] = [expert, { ...expert, id: 'zoe' }]
  expect(decideAssignments([calm], agents, DEFAULT_POLICY, NOW)[0]?.chosen).toBe('expert')
  expect(decideAssignments([{ ...calm, known: ['zoe'] }], agents, DEFAULT_POLICY, NOW)[0]?.chosen).toBe('zoe')
})

test('another policy decides otherwise', () => {
  const policy: AssignmentPolicy = {
    ...DEFAULT_POLICY,
    version: 'idle-first',
    score: { skill: 0, spareCapacity: 0, affinity: 0, success: 0, idle: 1, fairness: 0 },
  }
  const known = { ...calm, known: ['expert'] }
  const agents: DeskAgent[] = [expert, { ...expert, id: 'zoe', idleSince: NOW - 14 * MINUTE }]
  expect(decideAssignments([known], agents, DEFAULT_POLICY, NOW)[0]?.chosen).toBe('expert')
  expect(decideAssignments([known], agents, policy, NOW)[0]).toMatchObject({ chosen: 'zoe', policy: 'idle-first' })
})
