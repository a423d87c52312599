import { expect, test } from 'vitest'
import { replies, verdictOn } from './replies.ts'

const planted = replies('planted.yaml')
const right = replies('right.yaml')

test('the sets are as large as they were made: 60 wrong replies, most of them for code to find, and 200 right ones', () => {
  expect([planted.length, right.length]).toEqual([60, 200])
  expect(planted.filter(({ code }) => code).length).toBeGreaterThanOrEqual(50)
})

test.each(planted.filter(({ code }) => code))('$id: $kind is stopped', (one) => {
  expect(verdictOn(one)).toMatchObject({ outcome: expect.not.stringMatching('send'), problems: expect.any(Array) })
})

test('at most 2 % of the right replies are stopped, and none is changed', () => {
  const stopped = right.filter((one) => {
    const { outcome, problems, text } = verdictOn(one)
    return outcome !== 'send' || problems.length > 0 || text !== one.reply
  })
  expect(stopped.map(({ id }) => id).length).toBeLessThanOrEqual(right.length * 0.02)
})

test('of replies that were written after the checks stood most wrong ones are stopped and few right ones are', () => {
  const unseen = replies('unseen.yaml')
  const stopped = unseen.filter((one) => verdictOn(one).outcome !== 'send')
  expect(stopped.filter(({ wrong }) => wrong).length).toBeGreaterThanOrEqual(23)
  expect(stopped.filter(({ wrong }) => !wrong).map(({ id }) => id)).toEqual([])
})
