import { mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embedArticles } from '../../knowledge/embed-articles.ts'
import { createLocalEmbeddings, type NamedEmbeddings } from '../../knowledge/embeddings.ts'
import { createKnowledge, type KnowledgeParts, type SearchableKnowledge } from '../../knowledge/knowledge.ts'
import type { Article } from '../../knowledge/passage.ts'
import type { PassageStore } from '../../knowledge/passage-store.ts'
import { openSqliteStore } from './store.ts'

const local = createLocalEmbeddings({ dimensions: 64 })
const THINGS = [
  'kettle',
  'lantern',
  'compass',
  'blanket',
  'hammock',
  'whistle',
  'thermos',
  'paddle',
  'mirror',
  'shovel',
]
const PLACES = ['Lisbon', 'Vienna', 'Dublin', 'Warsaw', 'Athens']

let store: PassageStore
let close: () => Promise<void>
let folder: string
let opened: SearchableKnowledge[]

beforeEach(async () => {
  ;({ store, close } = await openSqliteStore())
  folder = await mkdtemp(join(tmpdir(), 'baton-built-'))
  opened = []
})
afterEach(async () => {
  for (const knowledge of opened) await knowledge.close()
  await close()
  await rm(folder, { recursive: true, force: true })
})

async function put(id: string, fields: Partial<Article> = {}, embeddings: NamedEmbeddings = local) {
  const text = `About ${id}.`
  const base = { scope: 'shared', title: id, language: 'en', aliases: [], questions: [], text, source: `${id}.md` }
  const article: Article = { id, ...base, ...fields }
  for await (const { embedded } of embedArticles([{ article, contentHash: JSON.stringify(article) }], embeddings))
    await store.replaceArticle(embedded)
}

/** Fifty articles, each of a thing in a place; a tenth of them for the workshop. */
async function putMany() {
  for (const thing of THINGS)
    for (const place of PLACES)
      await put(`${thing}-${place}`.toLowerCase(), {
        scope: thing === 'kettle' ? 'workshop' : 'shared',
        title: `The ${thing} of ${place}`,
        text: `In ${place} a ${thing} is mended on the day it is brought.`,
      })
}

function openKnowledge(parts: Partial<KnowledgeParts> = {}): SearchableKnowledge {
  const knowledge = createKnowledge({ store, embeddings: local, folder, inThisThread: 10, ...parts })
  opened.push(knowledge)
  return knowledge
}

async function first(knowledge: SearchableKnowledge, query: string, scopes?: string[]) {
  return (await knowledge.search(query, scopes && { scopes }))[0]?.articleId
}

/** The store, with the ids that were loaded from it. */
function watched(): { store: PassageStore; loaded: string[] } {
  const loaded: string[] = []
  return {
    loaded,
    store: {
      ...store,
      async load(ids) {
        loaded.push(...ids)
        return store.load(ids)
      },
    },
  }
}

async function built(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('built-'))
}

describe('an index that is built in a thread of its own', () => {
  it('finds, narrows to a scope and gives texts like one in this thread', { timeout: 60_000 }, async () => {
    await putMany()
    const large = openKnowledge()
    const small = openKnowledge({ inThisThread: 1_000 })
    expect(await large.refresh()).toBe(true)
    expect(large.size()).toEqual({ articles: 50, passages: 50, withoutVectors: 0, revision: 50 })
    expect(await built()).toHaveLength(1)
    for (const query of ['lantern in Vienna', 'wher is the hamock of Athens', 'mended in Dublin', 'kettles']) {
      for (const options of [
        {},
        { scopes: ['workshop'] },
        { scopes: ['shared'] },
        { scopes: ['shared', 'workshop'] },
      ]) {
        const [found, expected] = [await large.search(query, options), await small.search(query, options)]
        expect(found.map(({ id, text }) => ({ id, text }))).toEqual(expected.map(({ id, text }) => ({ id, text })))
        for (const [place, { support }] of found.entries())
          expect(support).toBeCloseTo(expected[place]?.support ?? 0, 2)
      }
    }
    expect(await large.search('kettle', { scopes: ['nowhere'] })).toEqual([])
    expect(await first(large, 'the kettle', ['workshop'])).toMatch(/^kettle-/)
  })

  it('is opened by the next process without reading an article', { timeout: 60_000 }, async () => {
    await putMany()
    await openKnowledge().refresh()
    const second = watched()
    const knowledge = openKnowledge({ store: second.store })
    await knowledge.refresh()
    expect(await first(knowledge, 'compass in Warsaw')).toBe('compass-warsaw')
    expect(second.loaded).toEqual([])
  })

  it('shows what changed since, beside it and then built into it', { timeout: 60_000 }, async () => {
    await putMany()
    const { store: seen, loaded } = watched()
    const knowledge = openKnowledge({ store: seen })
    await knowledge.refresh()
    const [before] = await built()
    loaded.length = 0

    await put('mirror-athens', { title: 'The mirror of Athens', text: 'It is polished with a cloth.' })
    await put('anchor-lisbon', { title: 'The anchor of Lisbon' })
    await store.removeArticle('whistle-dublin')
    await knowledge.refresh()
    expect(loaded.sort()).toEqual(['anchor-lisbon', 'mirror-athens'])
    expect(await built()).toEqual([before])
    const shown = async (from: SearchableKnowledge) => {
      const [mirror] = await from.search('the mirror of Athens')
      expect(mirror).toMatchObject({ version: 2, text: 'It is polished with a cloth.' })
      expect(await first(from, 'anchor')).toBe('anchor-lisbon')
      const whistles = (await from.search('whistle of Dublin', { limit: 20 })).map(({ articleId }) => articleId)
      expect(whistles).toContain('whistle-vienna')
      expect(whistles).not.toContain('whistle-dublin')
      expect(from.size()).toMatchObject({ articles: 50, withoutVectors: 0 })
    }
    await shown(knowledge)
    await shown(openKnowledge())

    for (const place of PLACES)
      await put(`rope-${place}`.toLowerCase(), { title: `The rope of ${place}`, scope: 'deck' })
    for (const place of PLACES)
      await put(`sail-${place}`.toLowerCase(), { title: `The sail of ${place}`, scope: 'workshop' })
    await knowledge.refresh()
    const after = await built()
    expect(after).toHaveLength(1)
    expect(after).not.toEqual([before])
    for (const one of [knowledge, openKnowledge()]) {
      await one.refresh()
      expect(await first(one, 'rope of Athens', ['deck'])).toBe('rope-athens')
      expect(await first(one, 'sail of Vienna', ['workshop'])).toBe('sail-vienna')
      expect(await first(one, 'lantern of Vienna')).toBe('lantern-vienna')
      const [mirror] = await one.search('the mirror of Athens')
      expect(mirror).toMatchObject({ version: 2, text: 'It is polished with a cloth.' })
      expect(one.size()).toMatchObject({ articles: 60, passages: 60, withoutVectors: 0 })
    }
  })

  it('is served while the next one is built', { timeout: 60_000 }, async () => {
    await putMany()
    let slowly: Promise<void> | undefined
    let goOn = () => {}
    const slow: PassageStore = {
      ...store,
      async load(ids) {
        await slowly
        return store.load(ids)
      },
    }
    const knowledge = openKnowledge({ store: slow })
    await knowledge.refresh()
    slowly = new Promise((resolve) => {
      goOn = resolve
    })
    for (let number = 0; number < 30; number += 1) await put(`rope-${number}`, { title: `Rope number ${number}` })
    const building = knowledge.refresh()
    expect(await first(knowledge, 'lantern of Vienna')).toBe('lantern-vienna')
    expect(await first(knowledge, 'rope number')).not.toMatch(/^rope/)
    goOn()
    await building
    expect(await first(knowledge, 'rope number 7')).toMatch(/^rope/)
  })

  it('is served on when building the next one fails, and is built at the next try', { timeout: 60_000 }, async () => {
    await putMany()
    let fails = false
    const flaky: PassageStore = {
      ...store,
      load: (ids) => (fails && ids.includes('rope-29') ? Promise.reject(new Error('gone')) : store.load(ids)),
    }
    const knowledge = openKnowledge({ store: flaky })
    await knowledge.refresh()
    for (let number = 0; number < 30; number += 1) await put(`rope-${number}`, { title: `Rope number ${number}` })
    fails = true
    await expect(knowledge.refresh()).rejects.toThrow('gone')
    expect(await first(knowledge, 'lantern of Vienna')).toBe('lantern-vienna')
    expect(await built()).toHaveLength(1)
    fails = false
    await knowledge.refresh()
    expect(await first(knowledge, 'rope number 7')).toMatch(/^rope/)
  })

  it('is not used when it is not complete', { timeout: 60_000 }, async () => {
    await putMany()
    await openKnowledge().refresh()
    const [name = ''] = await built()
    await rm(join(folder, name, 'manifest.json'))
    const damaged: unknown[] = []
    const second = watched()
    const knowledge = openKnowledge({ store: second.store, onDamaged: (error) => damaged.push(error) })
    expect(await first(knowledge, 'compass in Warsaw')).toBe('compass-warsaw')
    expect(second.loaded).toContain('compass-warsaw')
    expect(damaged).toHaveLength(1)
  })

  it('is made anew when a file of it is cut short or a byte of it differs', { timeout: 120_000 }, async () => {
    await putMany()
    await openKnowledge().refresh()
    for (const [place, file] of ['texts.json', 'articles.jsonl', 'vectors-0.hnsw', 'postings.counts'].entries()) {
      const [current = ''] = await built()
      const path = join(folder, current, file)
      if (place % 2 === 0) await truncate(path, Math.floor((await readFile(path)).length / 2))
      else await flipByte(path)
      const damaged: unknown[] = []
      const knowledge = openKnowledge({ onDamaged: (error) => damaged.push(error) })
      expect(await first(knowledge, 'compass in Warsaw')).toBe('compass-warsaw')
      expect(damaged, file).toHaveLength(1)
      expect(await built()).toHaveLength(1)
    }
  })

  it('gives way to the rows when they are not those that it was built from', { timeout: 60_000 }, async () => {
    await putMany()
    await openKnowledge().refresh()
    await close()
    ;({ store, close } = await openSqliteStore())
    await putMany()
    await store.removeArticle('lantern-athens')
    await put('kettle-lisbon', { title: 'The kettle of Lisbon', text: 'It is sold out.' })
    const knowledge = openKnowledge()
    const [kettle] = await knowledge.search('kettle of Lisbon')
    expect(kettle).toMatchObject({ text: 'It is sold out.' })
    const lanterns = (await knowledge.search('lantern', { limit: 20 })).map(({ articleId }) => articleId)
    expect(lanterns).toContain('lantern-dublin')
    expect(lanterns).not.toContain('lantern-athens')
  })

  it('is not used for other embeddings', { timeout: 60_000 }, async () => {
    await putMany()
    await openKnowledge().refresh()
    const other = createLocalEmbeddings({ dimensions: 32 })
    const knowledge = openKnowledge({ embeddings: other })
    await knowledge.refresh()
    expect(knowledge.size()).toMatchObject({ passages: 50, withoutVectors: 50 })
    expect(await first(knowledge, 'compass in Warsaw')).toBe('compass-warsaw')
  })

  it('leaves nothing behind of what a process that died was writing', { timeout: 60_000 }, async () => {
    await putMany()
    const left = await mkdtemp(join(folder, 'building-'))
    await writeFile(join(left, 'texts.json'), 'half')
    const handle = await open(left)
    await handle.utimes(new Date(0), new Date(0))
    await handle.close()
    await openKnowledge().refresh()
    expect(await readdir(folder)).toEqual(await built())
  })

  it('needs no folder', { timeout: 60_000 }, async () => {
    await putMany()
    const knowledge = openKnowledge({ folder: undefined })
    expect(await first(knowledge, 'compass in Warsaw')).toBe('compass-warsaw')
  })
})

async function flipByte(path: string): Promise<void> {
  const bytes = await readFile(path)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 255
  await writeFile(path, bytes)
}
