import { expect, test } from 'vitest'
import type { Identity } from '../../graphs/identity.ts'
import { asCurrent } from '../../src/http/principal.ts'

const VISITOR = { customerId: 'anonymous:1', assurance: 'anonymous' as const, channel: 'web' }
const ANN = { customerId: 'cus_ann', assurance: 'verified' as const, channel: 'web', sessionId: 'anonymous:1' }

/** Answers these principals, one look after the other, and the last one from then on. */
function identityOf(...answers: [typeof VISITOR | typeof ANN, ...(typeof VISITOR | typeof ANN)[]]) {
  const left = [...answers]
  const current = async () => (left.length > 1 ? (left.shift() ?? answers[0]) : (left[0] ?? answers[0]))
  return { current } as unknown as Identity
}

/** A conversation that is Ann's by the time it is looked for. */
async function find({ customerId }: { customerId: string }) {
  if (customerId !== ANN.customerId) throw new Error('There is no such conversation.')
  return 'found'
}

test('work is done as who the customer is by now', async () => {
  expect(await asCurrent(identityOf(ANN), VISITOR, find)).toBe('found')
})

test('a verification between the look and the work is no failure', async () => {
  expect(await asCurrent(identityOf(VISITOR, ANN), VISITOR, find)).toBe('found')
})

test('a failure of the same customer stays one', async () => {
  await expect(asCurrent(identityOf(VISITOR), VISITOR, find)).rejects.toThrow('There is no such conversation.')
})
