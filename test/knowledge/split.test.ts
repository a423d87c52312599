import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PASSAGE_CHARACTERS, splitMarkdown } from '../../knowledge/split.ts'

describe('splitting an article', () => {
  it('makes a piece of each section and keeps the headings above it, without the title', async () => {
    const text = '# Refunds\nIntro.\n## Cards\nFive days.\n### Abroad\nTen days.\n## Cash\nAt once.'
    expect(await splitMarkdown(text, 'Refunds')).toEqual([
      { headings: [], text: 'Intro.' },
      { headings: ['Cards'], text: 'Five days.' },
      { headings: ['Cards', 'Abroad'], text: 'Ten days.' },
      { headings: ['Cash'], text: 'At once.' },
    ])
  })

  it('does not take a comment in a code block for a heading', async () => {
    const text = '## Reset\n```sh\n# not a heading\nrun\n```\nDone.'
    const pieces = await splitMarkdown(text, 'Router')
    expect(pieces).toHaveLength(1)
    expect(pieces[0]?.headings).toEqual(['Reset'])
  })

  it('keeps siblings side by side where a level was skipped', async () => {
    const pieces = await splitMarkdown('### First\nOne.\n### Second\nTwo.', 'Title')
    expect(pieces.map(({ headings }) => headings)).toEqual([['First'], ['Second']])
  })

  it('cuts a long section into passages that lose no word', async () => {
    const text = Array.from({ length: 400 }, (_, index) => `Sentence ${index} says something.`).join(' ')
    const pieces = await splitMarkdown(text, 'Long')
    expect(pieces.every((piece) => piece.text.length <= PASSAGE_CHARACTERS)).toBe(true)
    const numbers = pieces.flatMap((piece) => piece.text.match(/\d+/g) ?? [])
    expect(numbers).toEqual(Array.from({ length: 400 }, (_, index) => String(index)))
  })

  it('keeps to the length whatever the text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 4000 }), async (text) => {
        const pieces = await splitMarkdown(text, 'Any')
        expect(pieces.every((piece) => piece.text !== '' && piece.text.length <= PASSAGE_CHARACTERS)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})
