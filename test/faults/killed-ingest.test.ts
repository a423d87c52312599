import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createLocalEmbeddings } from '../../knowledge/embeddings.ts'
import { ingest } from '../../knowledge/ingest.ts'
import { createPassageStore } from '../../src/database/passages.ts'
import { openSqlite } from '../../src/database/sqlite.ts'

const ARTICLES = 12
/** More texts than go into one call, so that each article is embedded and written by itself. */
const text = (name: string, version: string) =>
  `# Article ${name}\n\n${Array.from({ length: 60 }, (_, at) => `## Part ${at}\n\nText ${at} of ${version}.`).join('\n\n')}`

it('an ingest that is killed leaves every article whole, and the next one finishes it', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-killed-'))
  const file = join(folder, 'store.sqlite')
  const articles = join(folder, 'articles')
  const names = Array.from({ length: ARTICLES }, (_, index) => `a${index}`)
  const write = async (version: string) => {
    for (const name of names) await writeFile(join(articles, `${name}.md`), text(name, version))
  }
  const opened = async () => {
    const { db, close } = await openSqlite(file)
    return { close, store: createPassageStore(db) }
  }
  await mkdir(articles)
  await write('before')
  const first = await opened()
  await ingest([articles], { store: first.store, embeddings: createLocalEmbeddings() })
  await first.close()

  await write('after')
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/faults/slow-ingest.ts', file, articles])
  let begun = 0
  child.stdout.on('data', (data: Buffer) => {
    begun += data.toString().split('embedding').length - 1
    if (begun >= 5) child.kill('SIGKILL')
  })
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGKILL')

  const second = await opened()
  const stored = await second.store.load(names)
  const versions = stored.map(({ version, passages }) => {
    const expected = version === 1 ? 'before' : 'after'
    expect(passages).toHaveLength(60)
    expect(passages.every((passage) => passage.text.endsWith(`of ${expected}.`))).toBe(true)
    return version
  })
  expect(versions).toHaveLength(ARTICLES)
  expect(new Set(versions)).toEqual(new Set([1, 2]))

  const report = await ingest([articles], { store: second.store, embeddings: createLocalEmbeddings() })
  expect(report.changed).toBe(versions.filter((version) => version === 1).length)
  expect((await second.store.articles()).every(({ version }) => version === 2)).toBe(true)
  await second.close()
  await rm(folder, { recursive: true })
})
