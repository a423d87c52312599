import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bindCitations, sentences } from '../../graphs/citations.ts'
import type { Passage } from '../../knowledge/passage.ts'

function passage(articleId: string, text: string, version = 1): Passage {
  return {
    id: `${articleId}#0`,
    articleId,
    version,
    scope: 's',
    title: articleId,
    headings: [],
    text,
    ordinal: 0,
    language: 'en',
  }
}

const REFUND = passage(
  'refunds',
  'A refund takes 5 business days.\n\n- Keep the receipt of the parcel.\n- Plus members wait 2 days.',
  3,
)
const WIFI = passage('wifi', 'Restart the router. Then wait two minutes.')

test('a marker becomes the sentence of its passage that fits the cited one best, word for word', () => {
  const { text, citations } = bindCitations('Your refund takes 5 business days. [1] Members of Plus wait 2 days [1].', [
    REFUND,
  ])
  expect(text).toBe('Your refund takes 5 business days. [1] Members of Plus wait 2 days [2].')
  expect(citations).toEqual([
    { articleId: 'refunds', title: 'refunds', quote: 'A refund takes 5 business days.', version: 3 },
    { articleId: 'refunds', title: 'refunds', quote: 'Plus members wait 2 days.', version: 3 },
  ])
})

test('markers are numbered anew in the order of their appearance', () => {
  const { text, citations } = bindCitations('Restart the router. [2] A refund takes 5 days. [1]', [REFUND, WIFI])
  expect(text).toBe('Restart the router. [1] A refund takes 5 days. [2]')
  expect(citations.map(({ articleId }) => articleId)).toEqual(['wifi', 'refunds'])
})

test('a marker that names no passage is dropped without leaving a hole', () => {
  const { text, citations } = bindCitations('Restart the router [7]. Then wait two minutes. [1] Really [0].', [WIFI])
  expect(text).toBe('Restart the router. Then wait two minutes. [1] Really.')
  expect(citations).toHaveLength(1)
})

test('the same source twice is one citation, and not twice in a row', () => {
  const { text, citations } = bindCitations('Restart the router. [1][1] Restart the router now. [1]', [WIFI])
  expect(citations).toHaveLength(1)
  expect(text).toBe('Restart the router. [1] Restart the router now. [1]')
})

test('a reply without markers is bound by its words, and one that shares none is not', () => {
  expect(bindCitations('You should restart the router first.', [REFUND, WIFI]).citations).toMatchObject([
    { articleId: 'wifi', quote: 'Restart the router.' },
  ])
  expect(bindCitations('Elephants are large mammals.', [REFUND, WIFI]).citations).toEqual([])
  expect(bindCitations('Anything.', []).citations).toEqual([])
})

test('every quote stands in its passage and every marker names a citation, whatever a model writes', () => {
  const word = fc.constantFrom(
    'refund',
    'router',
    'the',
    '5',
    'days.',
    'wait',
    '[1]',
    '[2]',
    '[3]',
    '[99]',
    '\n',
    '- ',
    '.',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      const { text, citations } = bindCitations(words.join(' '), [REFUND, WIFI])
      for (const { articleId, quote } of citations) expect((articleId === 'wifi' ? WIFI : REFUND).text).toContain(quote)
      const markers = [...text.matchAll(/\[(\d+)\]/g)].map(([, n]) => Number(n))
      expect(markers.every((n) => n >= 1 && n <= citations.length)).toBe(true)
      const first = [...new Set(markers)]
      expect(first).toEqual(first.map((_, i) => i + 1))
    }),
  )
})

test('sentences are read out of Markdown without its signs', () => {
  expect(sentences('# Title\n\n1. First step. Then e.g. more\n- *Point* two!\n| a | b |\n')).toEqual([
    'First step.',
    'Then e.g. more',
    '*Point* two!',
  ])
})
