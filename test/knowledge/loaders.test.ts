import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDocumentReader } from '../../knowledge/loaders/document-reader.ts'
import { loadFile } from '../../knowledge/loaders/folder.ts'

const documents = openDocumentReader()
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-loaders-'))
})
afterAll(async () => {
  await documents.close()
  await rm(folder, { recursive: true })
})

const load = async (name: string, content: string | Uint8Array, id = 'billing/refunds') => {
  const path = join(folder, name)
  await writeFile(path, content)
  return loadFile(path, { id, source: `articles/${name}`, documents })
}
const markdown = (text: string, id?: string) => load('refunds.md', text, id)
const problemOf = async (text: string) => (await markdown(text)).problems[0]

describe('the Markdown loader', () => {
  it('reads every field of the front matter', async () => {
    const { articles, problems } = await markdown(
      `---\ntitle: Refunds\nscope: returns\nlanguage: de\nregion: [DE, at]\nplan: Plus\nreviewed: 2026-01-02\nreviewBy: 2026-06-30\naliases: [money back]\nquestions:\n  - Where is it?\nvalidFrom: 2026-01-01\nvalidTo: 2026-12-31\n---\nFive days.\n`,
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
        regions: ['de', 'at'],
        plans: ['plus'],
        reviewed: '2026-01-02',
        reviewBy: '2026-06-30',
        text: 'Five days.',
        source: 'articles/refunds.md',
      },
    ])
  })

  it('takes title and scope from the heading and the folder where the front matter has none', async () => {
    expect((await markdown('# Refunds\r\n\r\nFive days.')).articles[0]).toMatchObject({
      title: 'Refunds',
      scope: 'billing',
    })
    expect((await markdown('# Refunds\n\nFive days.', 'refunds')).articles[0]?.scope).toBe('shared')
  })

  it('names the file and the field that is wrong', async () => {
    expect(await problemOf('---\ntitle: Refunds\nvalidFrom: soon\n---\nText.')).toEqual({
      source: 'articles/refunds.md',
      problem: 'validFrom: must be a date as 2026-01-31',
    })
    expect((await problemOf('---\ntitle: Refunds\naliases: refund\n---\nText.'))?.problem).toContain('aliases: ')
    expect((await problemOf('---\ntitle: Refunds\nalias: [refund]\n---\nText.'))?.problem).toContain('"alias"')
  })

  it('refuses a period that ends before it begins', async () => {
    const { problem } = (await problemOf('---\ntitle: A\nvalidFrom: 2026-02-01\nvalidTo: 2026-01-01\n---\nText.')) ?? {}
    expect(problem).toBe('validTo: lies before validFrom')
  })

  it('says what is wrong with front matter that cannot be read', async () => {
    expect((await problemOf('---\ntitle: [\n---\nText.'))?.problem).toContain('not YAML')
    expect((await problemOf('---\ntitle: Refunds\nText.'))?.problem).toContain('never closed')
    expect((await problemOf('---\ntitle: Refunds\n---\n'))?.problem).toBe('the article has no text')
    expect((await problemOf('Only text.'))?.problem).toContain('title')
  })
})

describe('the JSONL loader', () => {
  it('reads the good lines and names the broken ones', async () => {
    const text = '{"id":"a","title":"A","text":"Text.","extra":1}\nnonsense\n\n{"id":"b","title":"B"}\n'
    const { articles, problems } = await load('rows.jsonl', text)
    expect(articles.map(({ id, scope }) => ({ id, scope }))).toEqual([{ id: 'a', scope: 'shared' }])
    expect(problems.map(({ source }) => source)).toEqual(['articles/rows.jsonl:2', 'articles/rows.jsonl:4'])
    expect(problems[1]?.problem).toContain('text: ')
  })

  it('reads when and for whom a row holds', async () => {
    const row = { id: 'a', title: 'A', text: 'Text.', validFrom: '2026-01-01', region: ['EU'], plan: 'plus' }
    expect((await load('rows.jsonl', JSON.stringify(row))).articles[0]).toMatchObject({
      validFrom: '2026-01-01',
      regions: ['eu'],
      plans: ['plus'],
    })
  })
})

describe('every file', () => {
  it('is refused by name and reason when it is not what it is called', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex')
    const problems = async (name: string, content: string | Uint8Array) => {
      const { articles, problems } = await load(name, content)
      expect(articles).toEqual([])
      return problems
    }
    expect(await problems('a.md', png)).toEqual([
      { source: 'articles/a.md', problem: 'it is not a text but a picture' },
    ])
    expect((await problems('a.html', '%PDF-1.7'))[0]?.problem).toBe('it is not a text but a PDF')
    expect((await problems('a.pdf', '<!doctype html><p>x'))[0]?.problem).toBe('it is not a PDF but an HTML page')
    expect((await problems('a.docx', '%PDF-1.7'))[0]?.problem).toBe('it is not a Word document but a PDF')
    expect((await problems('a.docx', Buffer.from('d0cf11e0a1b11ae1', 'hex')))[0]?.problem).toContain('encrypted')
    expect((await problems('a.md', Buffer.from([0x68, 0, 0x69])))[0]?.problem).toContain('zero bytes')
    expect((await problems('a.md', Buffer.from([0x68, 0xe9])))[0]?.problem).toBe('it is not a text in UTF-8')
    expect((await problems('a.md', ''))[0]?.problem).toBe('the file is empty')
    expect((await problems('a.exe', 'MZ'))[0]?.problem).toContain('no loader reads .exe')
    expect((await problems('a.md', 'x'.repeat(4 * 2 ** 20 + 1)))[0]?.problem).toContain('read up to 4 MB')
  })

  it('in UTF-16 with its mark is text', async () => {
    const text = Buffer.from('\uFEFF# Grüße\n\nText.', 'utf16le')
    expect((await load('a.md', text)).articles[0]).toMatchObject({ title: 'Grüße', text: '# Grüße\n\nText.' })
  })
})
