import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLocalEmbeddings } from '../../knowledge/embeddings.ts'
import { ingest } from '../../knowledge/ingest.ts'
import { openSqliteStore } from './store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-sitemap-'))
  await mkdir(join(folder, 'billing'))
  for (const name of ['a', 'b', 'c d', 'left-out'])
    await writeFile(join(folder, `billing/${name}.html`), `<h1>Page ${name}</h1><p>Text of ${name}.</p>`)
})
afterEach(() => rm(folder, { recursive: true }))

const sitemap = (name: string, root: string, entries: string[]) =>
  writeFile(
    join(folder, name),
    `<?xml version="1.0"?><!-- <loc>never.html</loc> --><${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    ${entries.map((entry) => `<url><loc> ${entry} </loc></url>`).join('')}</${root}>`,
  )
const run = async (name: string) => {
  const { store, close } = await openSqliteStore()
  const { problems } = await ingest([join(folder, name)], { store, embeddings: createLocalEmbeddings() })
  const ids = (await store.articles()).map(({ id }) => id)
  await close()
  return { ids, problems: problems.map(({ problem }) => problem) }
}

describe('a sitemap', { timeout: 30_000 }, () => {
  it('leads to its files by path, absolute path and file address, each once', async () => {
    const address = pathToFileURL(join(folder, 'billing/c d.html')).href
    await sitemap('sitemap.xml', 'urlset', [
      'billing/a.html',
      join(folder, 'billing/b.html'),
      address,
      './billing/a.html',
    ])
    expect(await run('sitemap.xml')).toEqual({ ids: ['billing/a', 'billing/b', 'billing/c d'], problems: [] })
  })

  it('never leads out of this machine', async () => {
    await sitemap('sitemap.xml', 'urlset', [
      'https://example.com/a.html',
      '//example.com/b.html',
      'file://elsewhere/c.html',
      'billing/a.html',
    ])
    expect(await run('sitemap.xml')).toEqual({
      ids: ['billing/a'],
      problems: [
        'https://example.com/a.html is not a local file; nothing is fetched',
        '//example.com/b.html is not a local file; nothing is fetched',
        'file://elsewhere/c.html is not a local file; nothing is fetched',
      ],
    })
  })

  it('may list sitemaps, even ones that list it', async () => {
    await sitemap('index.xml', 'sitemapindex', ['one.xml', 'two.xml'])
    await sitemap('one.xml', 'urlset', ['billing/a.html'])
    await sitemap('two.xml', 'sitemapindex', ['index.xml', 'one.xml', 'three.xml'])
    await sitemap('three.xml', 'urlset', ['billing/b.html', 'gone.html'])
    const { ids, problems } = await run('index.xml')
    expect(ids).toEqual(['billing/a', 'billing/b'])
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('there is no such file')
  })

  it('that is something else is refused', async () => {
    await writeFile(join(folder, 'feed.xml'), '<rss><loc>billing/a.html</loc></rss>')
    expect((await run('feed.xml')).problems[0]).toContain('not a sitemap')
    await sitemap('none.xml', 'urlset', [])
    expect((await run('none.xml')).problems[0]).toBe('the sitemap lists nothing')
  })
})
