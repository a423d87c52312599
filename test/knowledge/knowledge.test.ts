import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { embedArticles } from '../../knowledge/embed-articles.ts'
import { createLocalEmbeddings, type NamedEmbeddings, nameEmbeddings } from '../../knowledge/embeddings.ts'
import { buildHnswIndex } from '../../knowledge/hnsw-index.ts'
import { createKnowledge } from '../../knowledge/knowledge.ts'
import type { Article } from '../../knowledge/passage.ts'
import type { PassageStore } from '../../knowledge/passage-store.ts'
import { openSqliteStore } from './store.ts'

const local = createLocalEmbeddings()
let store: PassageStore
let close: () => Promise<void>

beforeEach(async () => {
  ;({ store, close } = await openSqliteStore())
})
afterEach(() => close())

async function put(id: string, fields: Partial<Article> = {}, embeddings: NamedEmbeddings = local) {
  const article: Article = {
    id,
    scope: 'shared',
    title: id,
    language: 'en',
    aliases: [],
    questions: [],
    text: `About ${id}.`,
    source: `${id}.md`,
    ...fields,
  }
  for await (const { embedded } of embedArticles([{ article, contentHash: JSON.stringify(article) }], embeddings)) {
    await store.replaceArticle(embedded)
  }
}

async function putShop() {
  await put('double-charge', { scope: 'billing', title: 'Charged twice for one order', text: 'We refund the second.' })
  await put('return-window', { scope: 'returns', title: 'How long you can return goods', text: 'Thirty days.' })
  await put('router-reset', {
    scope: 'tech-support',
    title: 'Reset the router',
    aliases: ['internet box'],
    questions: ['my wifi is gone, what now'],
    text: '# Reset the router\n\nHold the button.\n\n## Lights\n\nA red light means no signal from the street.',
  })
}

describe('searching the knowledge', () => {
  it('finds an article by a question in its front matter and gives what a reply cites', async () => {
    await putShop()
    const [best] = await createKnowledge({ store, embeddings: local }).search('the wifi is gone')
    expect(best).toMatchObject({
      articleId: 'router-reset',
      version: 1,
      scope: 'tech-support',
      title: 'Reset the router',
      language: 'en',
    })
    expect(best?.id).toBe(`router-reset#${best?.ordinal}`)
  })

  it('prefers the section that the question is about', async () => {
    await putShop()
    const [best] = await createKnowledge({ store, embeddings: local }).search('why is the light red on the router')
    expect(best).toMatchObject({ id: 'router-reset#1', headings: ['Lights'] })
  })

  it('understands typing errors and everyday synonyms', async () => {
    await putShop()
    const knowledge = createKnowledge({ store, embeddings: local })
    const first = async (query: string) => (await knowledge.search(query))[0]?.articleId
    expect(await first('reset ruoter')).toBe('router-reset')
    expect(await first('you billed me twice')).toBe('double-charge')
    expect(await first('until when may I send it back')).toBe('return-window')
  })

  it('does not take a word without its apostrophe for a slip', async () => {
    await put('cart', { title: 'The cart', text: 'What is in the cart stays in the cart. A cart is kept.' })
    await put('sign-in', { title: 'Signing in', text: 'If the page refuses you, sign in again.' })
    const found = await createKnowledge({ store, embeddings: local }).search('cant sign in')
    expect(found[0]?.articleId).toBe('sign-in')
    expect(found.find(({ articleId }) => articleId === 'cart')?.support ?? 0).toBeLessThan(0.3)
  })

  it('looks only into the scopes it is told', async () => {
    await putShop()
    const knowledge = createKnowledge({ store, embeddings: local })
    const found = await knowledge.search('reset the router', { scopes: ['billing', 'returns'] })
    expect(found.every(({ scope }) => scope !== 'tech-support')).toBe(true)
    expect(await knowledge.search('reset the router', { scopes: ['nowhere'] })).toEqual([])
  })

  it('gives no more than the limit, best first, scores from 0 to 1', async () => {
    await putShop()
    const found = await createKnowledge({ store, embeddings: local }).search('router light order', { limit: 3 })
    expect(found).toHaveLength(3)
    const scores = found.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    expect(scores.every((score) => score > 0 && score <= 1)).toBe(true)
  })

  it('gives only what is valid on the day, both ends included', async () => {
    await put('fee-before', { title: 'Return fee', text: 'Free.', validTo: '2026-06-30' })
    await put('fee-now', { title: 'Return fee', text: 'Two euros.', validFrom: '2026-07-01' })
    const knowledge = createKnowledge({ store, embeddings: local, now: () => new Date('2026-07-01T08:00:00Z') })
    const on = async (asOf?: string) => (await knowledge.search('return fee', { asOf })).map((found) => found.articleId)
    expect(await on()).toEqual(['fee-now'])
    expect(await on('2026-06-30')).toEqual(['fee-before'])
  })

  it('finds the valid one behind many that are out of date', async () => {
    for (let year = 0; year < 90; year += 1) {
      await put(`fee-${year}`, { title: 'Return fee', text: 'Return fee.', validTo: '2020-01-01' })
    }
    await put('other', { title: 'Sending things back costs', text: 'A fee of two euros for a return.' })
    const found = await createKnowledge({ store, embeddings: local }).search('return fee')
    expect(found.map(({ articleId }) => articleId)).toEqual(['other'])
  })

  it('supports an answered question more than one that nothing answers', async () => {
    await putShop()
    const knowledge = createKnowledge({ store, embeddings: local })
    const support = async (query: string) => (await knowledge.search(query))[0]?.support ?? 0
    expect(await support('how do I reset the router')).toBeGreaterThan(0.7)
    expect(await support('who won the chess championship')).toBeLessThan(0.3)
    expect(await support('qwertz uiop')).toBeLessThan(0.3)
  })

  it('answers nothing to nothing', async () => {
    const knowledge = createKnowledge({ store, embeddings: local })
    expect(await knowledge.search('anything')).toEqual([])
    await putShop()
    await knowledge.refresh()
    expect(await knowledge.search('  ')).toEqual([])
    expect(await knowledge.search('router', { limit: 0 })).toEqual([])
    await expect(knowledge.search('¿?!… 🙂')).resolves.toBeInstanceOf(Array)
  })
})

describe('refreshing the knowledge', () => {
  it('follows what another process wrote, changed and removed', async () => {
    await putShop()
    const knowledge = createKnowledge({ store, embeddings: local })
    await knowledge.refresh()
    await put('gift-cards', { title: 'Gift cards' })
    await put('router-reset', { scope: 'billing', title: 'Reset the router', text: 'Pull the plug.' })
    await store.removeArticle('double-charge')
    expect(await knowledge.refresh()).toBe(true)
    expect((await knowledge.search('gift cards'))[0]?.articleId).toBe('gift-cards')
    expect((await knowledge.search('reset router', { scopes: ['billing'] }))[0]).toMatchObject({
      version: 2,
      text: 'Pull the plug.',
    })
    expect(await knowledge.search('reset router', { scopes: ['tech-support'] })).toEqual([])
    expect(await knowledge.article('double-charge')).toBeUndefined()
    expect(await knowledge.article('router-reset')).toMatchObject({ version: 2, title: 'Reset the router' })
    expect(knowledge.size()).toMatchObject({ articles: 3, withoutVectors: 0, revision: await store.revision() })
  })

  it('costs one question to the store when nothing changed', async () => {
    await putShop()
    const asked: string[] = []
    const watched: PassageStore = {
      ...store,
      async revision() {
        asked.push('revision')
        return store.revision()
      },
      async changes(since, limit) {
        asked.push('changes')
        return store.changes(since, limit)
      },
    }
    const knowledge = createKnowledge({ store: watched, embeddings: local })
    await knowledge.refresh()
    asked.length = 0
    expect(await knowledge.refresh()).toBe(false)
    expect(asked).toEqual(['revision'])
  })

  it('reads only the articles that changed', async () => {
    await putShop()
    const loaded: string[][] = []
    const watched: PassageStore = {
      ...store,
      async load(ids) {
        loaded.push(ids)
        return store.load(ids)
      },
    }
    const knowledge = createKnowledge({ store: watched, embeddings: local })
    await knowledge.refresh()
    await put('gift-cards')
    await knowledge.refresh()
    expect(loaded.at(-1)).toEqual(['gift-cards'])
  })

  it('serves the indexes before while it rebuilds, and sees a change made during a rebuild', async () => {
    await putShop()
    let open = () => {}
    let gate: Promise<void> | undefined
    const slow: PassageStore = {
      ...store,
      async changes(since, limit) {
        const rows = await store.changes(since, limit)
        await gate
        return rows
      },
    }
    const knowledge = createKnowledge({ store: slow, embeddings: local })
    await knowledge.refresh()
    gate = new Promise((resolve) => {
      open = resolve
    })
    await put('gift-cards', { title: 'Gift cards' })
    const rebuilding = knowledge.refresh()
    expect((await knowledge.search('reset the router'))[0]?.articleId).toBe('router-reset')
    await put('loyalty-points', { title: 'Loyalty points' })
    const again = knowledge.refresh()
    open()
    await Promise.all([rebuilding, again])
    expect((await knowledge.search('loyalty points'))[0]?.articleId).toBe('loyalty-points')
  })

  it('recovers from a store that failed once', async () => {
    await putShop()
    let fails = true
    const flaky: PassageStore = {
      ...store,
      changes: (since, limit) => (fails ? Promise.reject(new Error('gone')) : store.changes(since, limit)),
    }
    const knowledge = createKnowledge({ store: flaky, embeddings: local })
    await expect(knowledge.search('router')).rejects.toThrow('gone')
    fails = false
    expect(await knowledge.search('router')).not.toEqual([])
  })
})

describe('knowledge without good vectors', () => {
  it('answers by words and tells why when the query cannot be embedded', async () => {
    await putShop()
    const errors: unknown[] = []
    const down: NamedEmbeddings = { ...local, embedQuery: () => Promise.reject(new Error('down')) }
    const knowledge = createKnowledge({ store, embeddings: down, onDegraded: (error) => errors.push(error) })
    const [best] = await knowledge.search('how do I reset the router')
    expect(best?.articleId).toBe('router-reset')
    expect(best?.support).toBeGreaterThan(0.7)
    expect(errors).toHaveLength(1)
  })

  it('finds rows of other embeddings by words and never compares their vectors', async () => {
    await putShop()
    const other = nameEmbeddings('other', createLocalEmbeddings({ dimensions: 32 }))
    await put('gift-cards', { title: 'Gift cards' }, other)
    const knowledge = createKnowledge({ store, embeddings: local })
    expect((await knowledge.search('gift cards'))[0]?.articleId).toBe('gift-cards')
    expect(knowledge.size().withoutVectors).toBe(1)
  })

  it('searches by words when the model answers with vectors of another length', async () => {
    await putShop()
    const changed: NamedEmbeddings = { ...local, embedQuery: async () => [1, 0, 0] }
    const [best] = await createKnowledge({ store, embeddings: changed }).search('reset the router')
    expect(best?.articleId).toBe('router-reset')
  })
})

describe('the hnswlib index', () => {
  it('finds the true neighbours and gives no more than there are', async () => {
    const entries = Array.from({ length: 300 }, (_, index) => ({
      id: String(index),
      vector: Float32Array.from([Math.cos(index / 100), Math.sin(index / 100)]),
    }))
    const index = await buildHnswIndex(entries)
    const found = await index.search([Math.cos(1.5), Math.sin(1.5)], 3)
    expect(found.map(({ id }) => id).sort()).toEqual(['149', '150', '151'])
    expect(found[0]?.similarity).toBeCloseTo(1, 5)
    expect(await index.search([1, 0], 1000)).toHaveLength(300)
  })

  it('refuses a vector of another length instead of going wrong later', async () => {
    const entries = [
      { id: 'a', vector: new Float32Array([1, 0]) },
      { id: 'b', vector: new Float32Array([1, 0, 0]) },
    ]
    await expect(buildHnswIndex(entries)).rejects.toThrow('The vector of b has 3 dimensions, others have 2.')
  })

  it('is empty without entries', async () => {
    expect(await (await buildHnswIndex([])).search([1, 0], 5)).toEqual([])
  })
})
