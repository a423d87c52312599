import { DateTime } from 'luxon'
import { expect, test } from 'vitest'
import { type BusinessHours, nextOpening } from '../../src/desk/business-hours.ts'
import { nextDue, type Sla, type SlaEvent, slaOf } from '../../src/desk/sla.ts'

const MINUTE = 60_000
const TARGETS = { first: 60 * MINUTE, next: 120 * MINUTE, resolution: 480 * MINUTE }

const weekdays = (...shifts: [string, string][]) =>
  Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, shifts.map(([from, to]) => ({ from, to }))]))
const daily = (from: string, to: string) =>
  Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, [{ from, to }]]))
const berlin = (week: BusinessHours['week'], ...holidays: string[]): BusinessHours => ({
  zone: 'Europe/Berlin',
  week,
  holidays,
})

const HOURS = {
  office: berlin(weekdays(['09:00', '17:00'])),
  holiday: berlin(weekdays(['09:00', '17:00']), '2026-12-25'),
  split: berlin(weekdays(['09:00', '12:00'], ['13:00', '18:00'])),
  overlapping: berlin(weekdays(['09:00', '13:00'], ['12:00', '17:00'])),
  always: berlin(daily('00:00', '24:00')),
  night: berlin(daily('22:00', '06:00')),
  sunday: berlin({ 7: [{ from: '01:00', to: '05:00' }] }),
  never: berlin({}),
  newYork: { zone: 'America/New_York', week: weekdays(['09:00', '17:00']), holidays: [] },
} satisfies Record<string, BusinessHours>

/** Worked out by hand: state, minutes of open time, and when it is due. Times are local unless they end with Z. */
const CASES: [string, keyof typeof HOURS, string[], string, Partial<Record<keyof Sla, string>>][] = [
  [
    'just opened',
    'office',
    ['opened 11-23T09:00'],
    '11-23T09:30',
    { first: 'running 30 due 11-23T10:00', next: 'idle 0', resolution: 'running 30 due 11-23T17:00' },
  ],
  ['over a night', 'office', ['opened 11-23T16:30'], '11-24T09:00', { first: 'running 30 due 11-24T09:30' }],
  ['over a weekend', 'office', ['opened 11-27T16:30'], '11-30T09:15', { first: 'running 45 due 11-30T09:30' }],
  ['opened on a Saturday', 'office', ['opened 11-28T12:00'], '11-29T12:00', { first: 'running 0 due 11-30T10:00' }],
  ['due this very minute', 'office', ['opened 11-28T12:00'], '11-30T10:00', { first: 'running 60 due 11-30T10:00' }],
  ['a minute late', 'office', ['opened 11-28T12:00'], '11-30T10:01', { first: 'breached 61 due 11-30T10:00' }],
  ['before opening', 'office', ['opened 11-23T08:00'], '11-23T09:10', { first: 'running 10 due 11-23T10:00' }],
  ['as the day ends', 'office', ['opened 11-23T17:00'], '11-24T09:00', { first: 'running 0 due 11-24T10:00' }],
  [
    'answered',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T09:40'],
    '11-23T12:00',
    { first: 'met 40', next: 'idle 0', resolution: 'paused 40' },
  ],
  [
    'answered late',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T10:30'],
    '11-23T12:00',
    { first: 'breached 90', resolution: 'paused 90' },
  ],
  [
    'answered in the last minute',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T10:00'],
    '11-23T12:00',
    { first: 'met 60' },
  ],
  [
    'the customer answers',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T09:10', 'customer-message 11-23T11:00'],
    '11-23T12:00',
    { next: 'running 60 due 11-23T13:00', resolution: 'running 70 due 11-24T10:50' },
  ],
  [
    'the next answer over a night',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T09:10', 'customer-message 11-23T16:00', 'agent-reply 11-24T09:30'],
    '11-24T10:00',
    { next: 'met 90', resolution: 'paused 100' },
  ],
  [
    'two messages count from the first',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T09:10', 'customer-message 11-23T10:00', 'customer-message 11-23T10:30'],
    '11-23T11:00',
    { next: 'running 60 due 11-23T12:00' },
  ],
  [
    'the next answer is late',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T09:10', 'customer-message 11-23T10:00'],
    '11-23T12:30',
    { next: 'breached 150 due 11-23T12:00' },
  ],
  [
    'each answer has a clock of its own',
    'office',
    [
      'opened 11-23T09:00',
      'agent-reply 11-23T09:10',
      'customer-message 11-23T10:00',
      'agent-reply 11-23T10:20',
      'customer-message 11-23T11:00',
    ],
    '11-23T11:15',
    { next: 'running 15 due 11-23T13:00', resolution: 'running 45 due 11-24T10:30' },
  ],
  [
    'words before the first answer start nothing',
    'office',
    ['opened 11-23T09:00', 'customer-message 11-23T09:20'],
    '11-23T09:30',
    { first: 'running 30 due 11-23T10:00', next: 'idle 0', resolution: 'running 30 due 11-23T17:00' },
  ],
  [
    'words before the handover start nothing',
    'office',
    ['customer-message 11-23T08:50', 'opened 11-23T09:00'],
    '11-23T09:10',
    { first: 'running 10 due 11-23T10:00', next: 'idle 0', resolution: 'running 10 due 11-23T17:00' },
  ],
  [
    'closed',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T09:30', 'customer-message 11-23T09:40', 'closed 11-23T10:00'],
    '11-25T10:00',
    { first: 'met 30', next: 'met 20', resolution: 'met 50' },
  ],
  [
    'closed without an answer',
    'office',
    ['opened 11-23T09:00', 'closed 11-23T09:45'],
    '11-23T12:00',
    { first: 'met 45', next: 'idle 0', resolution: 'met 45' },
  ],
  [
    'closed late without an answer',
    'office',
    ['opened 11-23T09:00', 'closed 11-23T10:45'],
    '11-23T12:00',
    { first: 'breached 105', resolution: 'met 105' },
  ],
  [
    'nobody comes',
    'office',
    ['opened 11-23T09:00'],
    '11-24T10:00',
    { first: 'breached 540 due 11-23T10:00', resolution: 'breached 540 due 11-23T17:00' },
  ],
  [
    'reopened',
    'office',
    [
      'opened 11-23T09:00',
      'agent-reply 11-23T09:30',
      'customer-message 11-23T10:00',
      'closed 11-23T11:00',
      'reopened 11-25T09:00',
    ],
    '11-25T10:00',
    { first: 'met 30', next: 'running 60 due 11-25T11:00', resolution: 'running 150 due 11-25T15:30' },
  ],
  [
    'reopened and nobody ever answered',
    'office',
    ['opened 11-23T09:00', 'closed 11-23T09:20', 'reopened 11-24T09:00'],
    '11-24T09:30',
    { first: 'met 20', next: 'idle 0', resolution: 'running 50 due 11-24T16:40' },
  ],
  [
    'reopened and answered',
    'office',
    [
      'opened 11-23T09:00',
      'agent-reply 11-23T09:30',
      'closed 11-23T10:00',
      'reopened 11-24T09:00',
      'agent-reply 11-24T09:15',
    ],
    '11-24T12:00',
    { next: 'met 15', resolution: 'paused 45' },
  ],
  [
    'what comes later does not count yet',
    'office',
    ['opened 11-23T09:00', 'agent-reply 11-23T11:00'],
    '11-23T10:00',
    { first: 'running 60 due 11-23T10:00' },
  ],
  ['over a holiday', 'holiday', ['opened 12-24T16:30'], '12-28T09:20', { first: 'running 50 due 12-28T09:30' }],
  ['opened on a holiday', 'holiday', ['opened 12-25T10:00'], '12-27T10:00', { first: 'running 0 due 12-28T10:00' }],
  ['over lunch', 'split', ['opened 11-23T11:30'], '11-23T13:15', { first: 'running 45 due 11-23T13:30' }],
  ['opened at lunch', 'split', ['opened 11-23T12:10'], '11-23T12:50', { first: 'running 0 due 11-23T14:00' }],
  ['due as lunch begins', 'split', ['opened 11-23T11:00'], '11-23T12:30', { first: 'running 60 due 11-23T12:00' }],
  [
    'the customer writes at lunch',
    'split',
    ['opened 11-23T09:00', 'agent-reply 11-23T09:05', 'customer-message 11-23T12:30'],
    '11-23T14:30',
    { next: 'running 90 due 11-23T15:00', resolution: 'running 95 due 11-24T11:55' },
  ],
  [
    'resolution over lunch and night',
    'split',
    ['opened 11-23T16:00'],
    '11-24T12:30',
    { first: 'breached 300 due 11-23T17:00', resolution: 'running 300 due 11-24T16:00' },
  ],
  [
    'shifts that overlap count once',
    'overlapping',
    ['opened 11-23T12:00'],
    '11-23T13:30',
    { first: 'breached 90 due 11-23T13:00' },
  ],
  ['over midnight', 'always', ['opened 11-28T23:30'], '11-29T00:15', { first: 'running 45 due 11-29T00:30' }],
  [
    'an hour that does not exist',
    'always',
    ['opened 03-29T01:30'],
    '03-29T03:15',
    { first: 'running 45 due 03-29T03:30' },
  ],
  [
    'an hour that comes twice',
    'always',
    ['opened 10-25T01:30'],
    '10-25T04:00',
    { first: 'breached 210 due 10-25T00:30Z', resolution: 'running 210 due 10-25T08:30' },
  ],
  [
    'a night shift',
    'night',
    ['opened 11-23T21:00'],
    '11-24T05:00',
    { first: 'breached 420 due 11-23T23:00', resolution: 'running 420 due 11-24T06:00' },
  ],
  ['between two night shifts', 'night', ['opened 11-24T05:30'], '11-24T22:15', { first: 'running 45 due 11-24T22:30' }],
  [
    'a night of seven hours',
    'night',
    ['opened 03-28T22:00'],
    '03-29T06:00',
    { resolution: 'running 420 due 03-29T23:00' },
  ],
  [
    'a night of nine hours',
    'night',
    ['opened 10-24T22:00'],
    '10-25T06:00',
    { resolution: 'breached 540 due 10-25T05:00' },
  ],
  [
    'a short Sunday',
    'sunday',
    ['opened 03-29T00:00'],
    '03-29T12:00',
    { first: 'breached 180 due 03-29T03:00', resolution: 'running 180 due 04-12T02:00' },
  ],
  ['a long Sunday', 'sunday', ['opened 10-25T00:00'], '10-25T12:00', { resolution: 'running 300 due 11-01T04:00' }],
  ['another time zone', 'newYork', ['opened 11-23T13:30Z'], '11-23T14:20Z', { first: 'running 20 due 11-23T15:00Z' }],
  [
    'another time zone changes its clocks',
    'newYork',
    ['opened 03-06T21:30Z'],
    '03-09T13:10Z',
    { first: 'running 40 due 03-09T13:30Z' },
  ],
  [
    'nobody ever works',
    'never',
    ['opened 11-23T09:00'],
    '11-24T09:00',
    { first: 'running 0', resolution: 'running 0' },
  ],
]

test('the table holds at least forty cases', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(40)
})

test.each(CASES)('%s (%s)', (_name, hoursName, events, now, expected) => {
  const hours = HOURS[hoursName]
  const at = (text: string) => {
    const moment = DateTime.fromISO(`2026-${text}`, text.endsWith('Z') ? { zone: 'utc' } : { zone: hours.zone })
    if (!moment.isValid) throw new Error(`${text} is no time`)
    return moment.toMillis()
  }
  const happened = events.map((event): SlaEvent => {
    const [type, when] = event.split(' ') as [SlaEvent['type'], string]
    return { type, at: at(when) }
  })
  const sla = slaOf(happened, TARGETS, hours, at(now))
  for (const [name, text] of Object.entries(expected)) {
    const [state, minutes, , due] = text.split(' ')
    expect(sla[name as keyof Sla], name).toEqual({
      state,
      elapsed: Number(minutes) * MINUTE,
      due: due ? at(due) : null,
    })
  }
})

test('the clock that is due first is the one to watch', () => {
  const opened = DateTime.fromISO('2026-11-23T09:00', { zone: 'Europe/Berlin' }).toMillis()
  const sla = slaOf([{ type: 'opened', at: opened }], TARGETS, HOURS.office, opened)
  expect(nextDue(sla)).toEqual({ name: 'first', due: opened + 60 * MINUTE })
  expect(nextDue(slaOf([], TARGETS, HOURS.office, opened))).toBeUndefined()
})

test.each([
  ['2026-11-23T10:00', '2026-11-23T10:00'],
  ['2026-11-23T17:00', '2026-11-24T09:00'],
  ['2026-11-27T18:00', '2026-11-30T09:00'],
])('whoever asks at %s can expect a person at %s', (asked, expected) => {
  const at = (text: string) => DateTime.fromISO(text, { zone: 'Europe/Berlin' }).toMillis()
  expect(nextOpening(HOURS.office, at(asked))).toBe(at(expected))
  expect(nextOpening(HOURS.never, at(asked))).toBeNull()
})
