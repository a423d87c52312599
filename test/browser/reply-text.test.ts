import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventReader, type ServerSentEvent } from '../../src/web/chat/event-stream.ts'
import { type Inline, parseMarkdown, plainText } from '../../src/web/chat/markdown.ts'

describe('the text of a reply', () => {
  it('knows paragraphs, lists, headings, bold, italic, code and sources', () => {
    const text =
      '## Refunds\nWe **refund** it *soon* to `card`. [1]\n\n- one\n- two\n  more\n\n3. three\n4. four\n\n```\na < b\n```'
    expect(parseMarkdown(text)).toEqual([
      { kind: 'heading', parts: [{ kind: 'text', text: 'Refunds' }] },
      {
        kind: 'paragraph',
        parts: [
          { kind: 'text', text: 'We ' },
          { kind: 'bold', parts: [{ kind: 'text', text: 'refund' }] },
          { kind: 'text', text: ' it ' },
          { kind: 'italic', parts: [{ kind: 'text', text: 'soon' }] },
          { kind: 'text', text: ' to ' },
          { kind: 'code', text: 'card' },
          { kind: 'text', text: '.' },
          { kind: 'source', text: '1' },
        ],
      },
      {
        kind: 'list',
        ordered: false,
        start: 1,
        items: [
          [{ kind: 'text', text: 'one' }],
          [
            { kind: 'text', text: 'two' },
            { kind: 'text', text: '\n' },
            { kind: 'text', text: 'more' },
          ],
        ],
      },
      {
        kind: 'list',
        ordered: true,
        start: 3,
        items: [[{ kind: 'text', text: 'three' }], [{ kind: 'text', text: 'four' }]],
      },
      { kind: 'code', text: 'a < b' },
    ])
  })

  it('shows where a link leads and links nothing but https', () => {
    expect(plainText('See [our page](https://example.com/a).')).toBe('See our page (https://example.com/a).')
    expect(links('See https://example.com/a.')).toEqual(['https://example.com/a'])
    expect(links('[a](javascript:alert(1)) [b](http://example.com) ![c](https://example.com/c.png)')).toEqual([])
    expect(links('[https://bank.example](https://evil.example)')).toEqual(['https://evil.example/'])
    expect(plainText('2 * 3 * 4 and snake_case_name')).toBe('2 * 3 * 4 and snake_case_name')
  })

  it('takes any text without an error and never finds another kind of address', () => {
    const bits = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '!',
      '*',
      '**',
      '`',
      '```',
      '\n',
      '1. ',
      '- ',
      '<img>',
      'https://',
      'javascript:',
      'a',
      ' ',
      '[1]',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(bits, { maxLength: 60 }).map((list) => list.join('')),
        ),
        (text) => {
          for (const link of links(text)) expect(new URL(link).protocol).toBe('https:')
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('reads 8,000 hostile characters in a moment', () => {
    for (const bit of ['*', '**', '[', '![', '](', '`', '[a](', '**a', '*a', 'https://', '- ']) {
      const started = performance.now()
      parseMarkdown(bit.repeat(8000 / bit.length))
      expect(performance.now() - started).toBeLessThan(500)
    }
  })
})

describe('an event stream', () => {
  it('reads the same events wherever the chunks are cut', () => {
    const text =
      ': hello\n\nid: 1\r\nevent: token\r\ndata: {"text":"a"}\r\n\r\ndata: one\ndata:two\r\revent: empty\n\ndata: cut off'
    const whole: ServerSentEvent[] = [
      { event: 'token', data: '{"text":"a"}' },
      { event: 'message', data: 'one\ntwo' },
    ]
    for (let size = 1; size <= text.length; size++) {
      const events: ServerSentEvent[] = []
      const read = createEventReader((event) => events.push(event))
      for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size))
      expect(events).toEqual(whole)
    }
  })
})

function links(text: string): string[] {
  const inside = (parts: Inline[]): string[] =>
    parts.flatMap((part) => ('parts' in part ? inside(part.parts) : part.kind === 'link' ? [part.text] : []))
  return parseMarkdown(text).flatMap((block) => {
    if (block.kind === 'code') return []
    return block.kind === 'list' ? block.items.flatMap(inside) : inside(block.parts)
  })
}
