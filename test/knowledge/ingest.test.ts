import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalEmbeddings, nameEmbeddings } from '../../knowledge/embeddings.ts'
import { checkArticles, type IngestOptions, ingest } from '../../knowledge/ingest.ts'
import type { PassageStore } from '../../knowledge/passage-store.ts'
import { openSqliteStore } from './store.ts'

const embeddings = createLocalEmbeddings()
let folder: string
let store: PassageStore
let close: () => Promise<void>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-ingest-'))
  ;({ store, close } = await openSqliteStore())
})
afterEach(async () => {
  await close()
  await rm(folder, { recursive: true })
})

const write = async (path: string, text: string) => {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}
const article = (title: string, text = 'Some text.') => `---\ntitle: ${title}\n---\n${text}\n`
const run = (path = folder, options: Partial<IngestOptions> = {}) => ingest([path], { store, embeddings, ...options })
const versions = async () => Object.fromEntries((await store.articles()).map(({ id, version }) => [id, version]))

describe('ingesting a folder', () => {
  it('writes only what changed', async () => {
    await write('billing/refunds.md', article('Refunds'))
    await write('shared/hours.md', article('Hours'))
    expect(await run()).toEqual({
      added: 2,
      changed: 0,
      unchanged: 0,
      removed: 0,
      problems: [],
      conflicts: [],
      overdue: [],
    })
    const revision = await store.revision()
    expect(await run()).toMatchObject({ added: 0, unchanged: 2 })
    expect(await store.revision()).toBe(revision)
    await write('shared/hours.md', article('Hours', 'Other text.'))
    expect(await run()).toMatchObject({ added: 0, changed: 1, unchanged: 1 })
    expect(await versions()).toEqual({ 'billing/refunds': 1, 'shared/hours': 2 })
  })

  it('removes articles whose file is gone, and keeps them when told', async () => {
    await write('a.md', article('A'))
    await write('b.md', article('B'))
    await run()
    await rm(join(folder, 'a.md'))
    expect(await run(folder, { prune: false })).toMatchObject({ removed: 0 })
    expect(await run()).toMatchObject({ removed: 1, unchanged: 1 })
    expect(await versions()).toEqual({ b: 1 })
  })

  it('reports a broken file, goes on with the rest and keeps what the file held before', async () => {
    await write('a.md', article('A'))
    await write('b.md', article('B'))
    await run()
    await write('a.md', '---\ntitle: [\n---\n')
    await write('c.md', article('C'))
    await write('scan.tiff', 'II*')
    const report = await run()
    expect(report).toMatchObject({ added: 1, unchanged: 1, removed: 0 })
    expect(report.problems).toHaveLength(2)
    expect(report.problems[0]?.source).toMatch(/a\.md$/)
    expect(report.problems[1]?.problem).toContain('no loader reads .tiff')
    expect(await versions()).toEqual({ a: 1, b: 1, c: 1 })
  })

  it('removes rows that are gone from a JSONL file unless the file has a broken line', async () => {
    const row = (id: string) => JSON.stringify({ id, title: id, text: 'Text.' })
    await write('rows.jsonl', `${row('a')}\n${row('b')}\n`)
    await run()
    await write('rows.jsonl', `${row('a')}\nbroken\n`)
    expect(await run()).toMatchObject({ removed: 0 })
    await write('rows.jsonl', `${row('a')}\n`)
    expect(await run()).toMatchObject({ removed: 1 })
  })

  it('gives a part of the folder the same ids and leaves the rest alone', async () => {
    await write('billing/refunds.md', article('Refunds'))
    await write('shared/hours.md', article('Hours'))
    await run()
    await write('billing/refunds.md', article('Refunds', 'Other text.'))
    await write('billing/cards.md', article('Cards'))
    expect(await run(join(folder, 'billing'))).toMatchObject({ added: 1, changed: 1, removed: 0 })
    expect(await run(join(folder, 'billing/cards.md'))).toMatchObject({ added: 0, unchanged: 1, removed: 0 })
    expect(await versions()).toEqual({ 'billing/cards': 1, 'billing/refunds': 2, 'shared/hours': 1 })
  })

  it('does not let two files share an id', async () => {
    await write('a.md', article('A'))
    await write('a.markdown', article('Another A'))
    const { added, problems } = await run()
    expect(added).toBe(1)
    expect(problems[0]?.problem).toContain('the id a belongs to')
  })

  it('reads a file once though two paths lead to it', async () => {
    await write('billing/refunds.md', article('Refunds'))
    const report = await ingest([folder, join(folder, 'billing')], { store, embeddings })
    expect(report).toMatchObject({ added: 1, problems: [] })
  })

  it('follows a folder that moved', async () => {
    await write('old/a.md', article('A'))
    await run(join(folder, 'old'))
    await write('new/a.md', article('A'))
    await rm(join(folder, 'old'), { recursive: true })
    expect(await run(join(folder, 'new'))).toMatchObject({ unchanged: 1, problems: [] })
    expect((await store.articles()).map(({ source, version }) => [source.slice(-8), version])).toEqual([
      ['new/a.md', 1],
    ])
  })

  it('counts its progress to the end', async () => {
    for (const name of ['a', 'b', 'c']) await write(`${name}.md`, article(name))
    const seen: { done: number; total: number }[] = []
    await run(folder, { onProgress: (progress: { done: number; total: number }) => seen.push(progress) })
    expect(seen.at(-1)).toEqual({ done: 3, total: 3 })
  })

  it('fails on a path that does not exist', async () => {
    await expect(run(join(folder, 'nowhere'))).rejects.toThrow(/no file or folder at .*nowhere/)
  })
})

describe('what a person should look at', () => {
  it('is reported with every ingest and can be asked for later', async () => {
    await write('a.md', article('Returns', 'Goods can be returned within 30 days of delivery.'))
    await write('b.md', article('Refunds', 'Unused goods can be sent back within 14 days after delivery.'))
    await write('c.md', '---\ntitle: Old\nreviewBy: 2026-01-31\n---\nText.')
    const now = () => new Date('2026-02-01')
    const { conflicts, overdue } = await run(folder, { now })
    expect(conflicts.map(({ first, second }) => [first.sentence, second.sentence])).toEqual([
      [
        'Goods can be returned within 30 days of delivery.',
        'Unused goods can be sent back within 14 days after delivery.',
      ],
    ])
    expect(overdue).toMatchObject([{ articleId: 'c', title: 'Old', reviewBy: '2026-01-31' }])
    expect(await run(folder, { now })).toMatchObject({ unchanged: 3, conflicts, overdue })
    expect(await checkArticles(store, now)).toEqual({ conflicts, overdue })
  })

  it('a review changes no version and embeds nothing again', async () => {
    const text = (reviewBy: string) => `---\ntitle: A\nreviewBy: ${reviewBy}\n---\nText.`
    await write('a.md', text('2026-01-31'))
    await run()
    await write('a.md', text('2027-01-31'))
    const failing = nameEmbeddings(embeddings.name, {
      embedDocuments: () => Promise.reject(new Error('asked')),
      embedQuery: () => Promise.reject(new Error('asked')),
    })
    expect(await run(folder, { embeddings: failing, now: () => new Date('2026-02-01') })).toMatchObject({
      unchanged: 1,
      problems: [],
      overdue: [],
    })
    expect((await store.articles())[0]).toMatchObject({ version: 1, reviewBy: '2027-01-31' })
  })
})

describe('ingesting with other embeddings', () => {
  it('embeds again without a new version', async () => {
    await write('a.md', article('A'))
    await run()
    const other = nameEmbeddings('other', createLocalEmbeddings({ dimensions: 64 }))
    expect(await run(folder, { embeddings: other })).toMatchObject({ changed: 0, unchanged: 1 })
    const [loaded] = await store.load(['a'])
    expect(loaded).toMatchObject({ version: 1, embedding: 'other' })
    expect(loaded?.passages[0]?.vector).toHaveLength(64)
  })

  it('stores an article that cannot be embedded, says so, and tries again next time', async () => {
    await write('a.md', article('A'))
    const down = nameEmbeddings('down', {
      embedDocuments: () => Promise.reject(new Error('connection refused')),
      embedQuery: () => Promise.reject(new Error('connection refused')),
    })
    const { added, problems } = await run(folder, { embeddings: down })
    expect(added).toBe(1)
    expect(problems[0]?.problem).toContain('connection refused')
    await run()
    expect((await store.articles())[0]).toMatchObject({ embedding: embeddings.name, version: 1 })
  })

  it('keeps good vectors when the new embeddings fail', async () => {
    await write('a.md', article('A'))
    await run()
    const broken = nameEmbeddings('broken', {
      embedDocuments: async (texts) => texts.map(() => [Number.NaN]),
      embedQuery: async () => [0],
    })
    expect((await run(folder, { embeddings: broken })).problems).toHaveLength(1)
    expect((await store.articles())[0]?.embedding).toBe(embeddings.name)
  })
})
