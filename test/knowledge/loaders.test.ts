import { describe, expect, it } from 'vitest'
import { loadJsonl } from '../../knowledge/loaders/jsonl.ts'
import { loadMarkdown } from '../../knowledge/loaders/markdown.ts'

const markdown = (text: string, id = 'billing/refunds') => loadMarkdown({ text, id, source: `articles/${id}.md` })
const problemOf = (text: string) => markdown(text).problems[0]

describe('the Markdown loader', () => {
  it('reads every field of the front matter', () => {
    const { articles, problems } = markdown(
      `---\ntitle: Refunds\nscope: returns\nlanguage: de\naliases: [money back]\nquestions:\n  - Where is it?\nvalidFrom: 2026-01-01\nvalidTo: 2026-12-31\n---\nFive days.\n`,
    )
    expect(problems).toEqual([])
    expect(articles).toEqual([
      {
        id: 'billing/refunds',
        scope: 'returns',
        title: 'Refunds',
        language: 'de',
        aliases: ['money back'],
        questions: ['Where is it?'],
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
        text: 'Five days.',
        source: 'articles/billing/refunds.md',
      },
    ])
  })

  it('takes title and scope from the heading and the folder where the front matter has none', () => {
    expect(markdown('# Refunds\r\n\r\nFive days.').articles[0]).toMatchObject({ title: 'Refunds', scope: 'billing' })
    expect(markdown('# Refunds\n\nFive days.', 'refunds').articles[0]?.scope).toBe('shared')
  })

  it('names the file and the field that is wrong', () => {
    expect(problemOf('---\ntitle: Refunds\nvalidFrom: soon\n---\nText.')).toEqual({
      source: 'articles/billing/refunds.md',
      problem: 'validFrom: must be a date as 2026-01-31',
    })
    expect(problemOf('---\ntitle: Refunds\naliases: refund\n---\nText.')?.problem).toContain('aliases: ')
    expect(problemOf('---\ntitle: Refunds\nalias: [refund]\n---\nText.')?.problem).toContain('"alias"')
  })

  it('refuses a period that ends before it begins', () => {
    const { problem } = problemOf('---\ntitle: A\nvalidFrom: 2026-02-01\nvalidTo: 2026-01-01\n---\nText.') ?? {}
    expect(problem).toBe('validTo: lies before validFrom')
  })

  it('says what is wrong with front matter that cannot be read', () => {
    expect(problemOf('---\ntitle: [\n---\nText.')?.problem).toContain('not YAML')
    expect(problemOf('---\ntitle: Refunds\nText.')?.problem).toContain('never closed')
    expect(problemOf('---\ntitle: Refunds\n---\n')?.problem).toBe('the article has no text')
    expect(problemOf('Only text.')?.problem).toContain('title')
  })
})

describe('the JSONL loader', () => {
  it('reads the good lines and names the broken ones', () => {
    const text = '{"id":"a","title":"A","text":"Text.","extra":1}\nnonsense\n\n{"id":"b","title":"B"}\n'
    const { articles, problems } = loadJsonl({ text, source: 'rows.jsonl', id: 'rows' })
    expect(articles.map(({ id, scope }) => ({ id, scope }))).toEqual([{ id: 'a', scope: 'shared' }])
    expect(problems.map(({ source }) => source)).toEqual(['rows.jsonl:2', 'rows.jsonl:4'])
    expect(problems[1]?.problem).toContain('text: ')
  })
})
