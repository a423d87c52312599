import { AIMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReplyGate } from '../../graphs/reply-gate.ts'
import { createSentenceStream } from '../../graphs/sentence-stream.ts'
import type { Draft } from '../../graphs/state.ts'
import { CHARGED_TWICE, createTestGraph, RESTART, streamingModel } from './graph.ts'

const SECRET = 'sk-abcdefghijklmnopqrstuvwxyz012345'
const gate = createReplyGate()

const draft = (text: string, kind: Draft['author']['kind'] = 'specialist'): Draft => ({
  text,
  author: { kind, name: 'billing' },
  citations: [],
  model: 'fake',
})

const HELD: [what: string, text: string, problem: RegExp][] = [
  ['an empty reply', '', /empty/],
  ['white space', ' \n\t ', /empty/],
  ['a null byte alone', '\u0000', /empty/],
  ['an API key', `Use ${SECRET} to sign in.`, /secret/],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE', /secret/],
  ['a token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdef', /secret/],
  ['its own instructions', 'My rules: answer from the passages alone, in few plain sentences.', /instructions/],
  ['the passages’ markup', '<passage id="1">Refunds take five days.</passage>', /instructions/],
  ['a handoff that is only said', 'I will transfer you to a colleague now.', /handoff/],
  ['the same in other words', 'Let me connect you with our billing team.', /handoff/],
]

test.each(HELD)('%s never reaches the customer: a person does', async (_what, text, problem) => {
  const { conversation } = await createTestGraph({ model: fakeModel().respond(new AIMessage(text)) })
  const talk = conversation()
  const { reply, escalation, trail, messages } = await talk.say(CHARGED_TWICE)
  expect(reply).toMatchObject({ author: { kind: 'system' }, text: expect.stringContaining('asking a person') })
  expect(escalation).toMatchObject({ reason: 'policy_restriction', triggeredBy: 'reply-gate' })
  expect(escalation?.detail).toMatch(problem)
  expect(trail.at(-1)).toMatchObject({ type: 'gate-decided', outcome: 'person' })
  expect(talk.shown()).toBe('')
  if (text.trim().length > 1)
    expect(JSON.stringify([messages, talk.events])).not.toContain(JSON.stringify(text).slice(1, -1))
  expect(await talk.interrupts()).toHaveLength(1)
})

test.each([
  'You can transfer the balance to another card.',
  'Connect the router to power, then let it start.',
  'We will refund you within five days.',
])('“%s” is no spoken handoff', (text) => {
  expect(gate.check(draft(text)).outcome).toBe('send')
})

test('a person’s own words are never blocked', () => {
  for (const [, text] of HELD) expect(gate.check(draft(text, 'agent')).outcome).toBe('send')
})

test('whatever is sent is well-formed text without null bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('specialist', 'agent'), (text, kind) => {
      const sent = gate.check(draft(`a${text}\ud800\u0000`, kind as 'agent')).text
      return sent.isWellFormed() && !sent.includes('\u0000')
    }),
  )
})

test('a sentence that is held back is never shown, nor is anything after it', async () => {
  const pieces = [
    'A refund takes five business',
    ' days. Use sk-abcdefgh',
    'ijklmnopqrstuvwxyz012345 to',
    ' sign in. Have a nice day. ',
  ]
  const { conversation } = await createTestGraph({ model: streamingModel(...pieces) })
  const talk = conversation()
  const { reply } = await talk.say(CHARGED_TWICE)
  const tokens = talk.events.filter(({ type }) => type === 'token').map(({ text }) => text)
  expect(tokens).toEqual(['A refund takes five business days. '])
  expect(talk.events.at(-1)).toEqual({ type: 'restart' })
  expect(reply?.text).toContain('asking a person')
})

test('an answer that begins again replaces what was shown of the first', async () => {
  const { conversation } = await createTestGraph({
    model: streamingModel(
      'The sky is green. ',
      'And',
      RESTART,
      'A double charge is refunded within 5 business days. [1]',
    ),
  })
  const talk = conversation()
  const { reply, messages } = await talk.say(CHARGED_TWICE)
  expect(reply?.text).toBe('A double charge is refunded within 5 business days. [1]')
  expect(talk.shown()).toBe(reply?.text)
  expect(talk.events.map(({ type }) => type)).toEqual(['route', 'token', 'restart', 'token', 'token', 'citation'])
  expect(JSON.stringify(messages)).not.toContain('green')
})

test('a restart forgives a sentence that was held back', async () => {
  const { conversation } = await createTestGraph({
    model: streamingModel(
      `Use ${SECRET} now. `,
      RESTART,
      'A double charge is refunded. [1] ',
      'Compare both invoices.',
    ),
  })
  const talk = conversation()
  await talk.say(CHARGED_TWICE)
  expect(talk.shown()).toBe('A double charge is refunded. [1] Compare both invoices.')
})

test('however a text is cut into tokens, what is shown is a prefix of it and holds nothing that is held back', () => {
  const sentence = fc.constantFrom(
    'All is well. ',
    'Is it? ',
    'Yes! [2] ',
    '1. one\n',
    `key ${SECRET}. `,
    'I will transfer you. ',
    'ü… ',
  )
  fc.assert(
    fc.property(fc.array(sentence, { maxLength: 8 }), fc.array(fc.nat(40), { maxLength: 12 }), (parts, cuts) => {
      const text = parts.join('')
      let shown = ''
      const stream = createSentenceStream(gate, (piece) => {
        shown += piece
      })
      let at = 0
      for (const cut of cuts) {
        stream.write(text.slice(at, at + cut))
        at += cut
      }
      stream.write(text.slice(at))
      stream.end()
      expect(text.startsWith(shown)).toBe(true)
      expect(shown).not.toMatch(/sk-|transfer you/)
      if (!/sk-|transfer you/.test(text)) expect(shown).toBe(text)
    }),
  )
})

test('a secret that a sentence’s end cuts in two is not shown', () => {
  let shown = ''
  const stream = createSentenceStream(gate, (piece) => {
    shown += piece
  })
  for (const piece of ['Here: -----BEGIN RSA ', 'PRIVATE KEY-----\nMIIEow', 'IBAAK\n', 'done. ']) stream.write(piece)
  stream.end()
  expect(shown).toBe('')
})
