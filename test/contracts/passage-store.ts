import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EmbeddedArticle, PassageStore } from '../../knowledge/passage-store.ts'

const FIRST = '2026-01-01T12:00:00.000Z'
const SECOND = '2026-02-01T12:00:00.000Z'
const THIRD = '2026-03-01T12:00:00.000Z'

/** What every store of passages must do. `openStore` answers an empty one. */
export function passageStoreContract(
  name: string,
  openStore: () => Promise<{ store: PassageStore; clock: { now: string }; close(): Promise<void> }>,
): void {
  describe(`the passage store on ${name}`, () => {
    let store: PassageStore
    let clock: { now: string }
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ store, clock, close } = await openStore())
    })
    afterEach(() => close())

    it('starts empty at revision 0', async () => {
      expect(await store.revision()).toBe(0)
      expect(await store.articles()).toEqual([])
      expect(await store.load([])).toEqual([])
      expect(await store.load(['nobody'])).toEqual([])
    })

    it('gives back all that it was given, vectors to the bit', async () => {
      const article = articleNamed('billing/refunds')
      await store.replaceArticle(article)
      expect(await store.load(['billing/refunds'])).toEqual([{ ...article, version: 1, revision: 1, changedAt: FIRST }])
      expect(await store.articles()).toEqual([
        {
          id: 'billing/refunds',
          scope: 'billing',
          title: 'Refunds',
          source: 'articles/billing/refunds.md',
          version: 1,
          revision: 1,
          contentHash: 'hash-1',
          embedding: 'test-3',
          reviewed: '2026-01-01',
          reviewBy: '2026-12-31',
        },
      ])
    })

    it('gives back an article that is for everybody', async () => {
      const article = articleNamed('billing/refunds')
      const { regions, plans, reviewed, reviewBy, ...rest } = article.article
      await store.replaceArticle({ ...article, article: rest })
      expect((await store.load(['billing/refunds']))[0]?.article).toEqual(rest)
    })

    it('says what changed since a revision, the last of each article, a page at a time', async () => {
      for (const id of ['a', 'b', 'c']) await store.replaceArticle(articleNamed(id))
      await store.replaceArticle(articleNamed('a'))
      await store.removeArticle('b')
      const change = (id: string, revision: number, removed = false) => ({
        id,
        revision,
        contentHash: 'hash-1',
        removed,
      })
      const all = [change('c', 3), change('a', 4), change('b', 5, true)]
      expect(await store.changes(0, 10)).toEqual(all)
      expect(await store.changes(0, 2)).toEqual(all.slice(0, 2))
      expect(await store.changes(4, 10)).toEqual(all.slice(2))
      expect(await store.changes(5, 10)).toEqual([])
    })

    it('keeps the text of each version, also of an article that is gone', async () => {
      const article = articleNamed('billing/refunds')
      const text = (passages: string) => [{ ordinal: 0, headings: ['Cards'], text: passages }]
      const put = (contentHash: string, passages: string) =>
        store.replaceArticle({
          ...article,
          contentHash,
          passages: text(passages).map((passage) => ({ ...passage, vector: new Float32Array(3) })),
        })
      await put('hash-1', 'They take five days.')
      clock.now = SECOND
      await put('hash-2', 'They take ten days.')
      clock.now = THIRD
      await store.removeArticle('billing/refunds')
      const { aliases, questions, text: _text, reviewed, reviewBy, ...kept } = article.article
      expect(await store.version('billing/refunds', 1)).toEqual({
        article: kept,
        version: 1,
        changedAt: FIRST,
        supersededAt: SECOND,
        passages: text('They take five days.'),
      })
      expect(await store.version('billing/refunds', 2)).toMatchObject({
        changedAt: SECOND,
        supersededAt: THIRD,
        passages: text('They take ten days.'),
      })
      await put('hash-3', 'They take three days.')
      const present = await store.version('billing/refunds', 3)
      expect(present).toMatchObject({ changedAt: THIRD, passages: text('They take three days.') })
      expect(present?.supersededAt).toBeUndefined()
      expect(await store.version('billing/refunds', 4)).toBeUndefined()
      expect(await store.version('nobody', 1)).toBeUndefined()
    })

    it('dates a version by its content, not by new vectors', async () => {
      const article = articleNamed('billing/refunds')
      await store.replaceArticle(article)
      clock.now = SECOND
      await store.replaceArticle({ ...article, embedding: 'other' })
      expect((await store.load(['billing/refunds']))[0]?.changedAt).toBe(FIRST)
      await store.replaceArticle({ ...article, contentHash: 'hash-2' })
      expect((await store.load(['billing/refunds']))[0]?.changedAt).toBe(SECOND)
    })

    it('grows the version with the content and the revision with every write', async () => {
      const article = articleNamed('billing/refunds')
      expect(await store.replaceArticle(article)).toBe(1)
      expect(await store.replaceArticle({ ...article, embedding: 'other' })).toBe(1)
      expect(await store.replaceArticle({ ...article, contentHash: 'hash-2' })).toBe(2)
      expect(await store.revision()).toBe(3)
      expect((await store.articles()).map(({ version, revision }) => ({ version, revision }))).toEqual([
        { version: 2, revision: 3 },
      ])
    })

    it('replaces the passages of the version before', async () => {
      const article = articleNamed('billing/refunds')
      await store.replaceArticle(article)
      await store.replaceArticle({ ...article, contentHash: 'hash-2', passages: article.passages.slice(0, 1) })
      expect((await store.load(['billing/refunds']))[0]?.passages).toHaveLength(1)
    })

    it('leaves everything as it was when a write fails half-way', async () => {
      const article = articleNamed('billing/refunds')
      await store.replaceArticle(article)
      const [first] = article.passages
      const twice = { ...article, contentHash: 'hash-2', passages: first ? [first, first] : [] }
      await expect(store.replaceArticle(twice)).rejects.toThrow()
      expect(await store.load(['billing/refunds'])).toEqual([{ ...article, version: 1, revision: 1, changedAt: FIRST }])
      expect(await store.version('billing/refunds', 2)).toBeUndefined()
      expect(await store.revision()).toBe(1)
    })

    it('forgets a removed article, once', async () => {
      await store.replaceArticle(articleNamed('billing/refunds'))
      expect(await store.removeArticle('billing/refunds')).toBe(true)
      expect(await store.removeArticle('billing/refunds')).toBe(false)
      expect(await store.articles()).toEqual([])
      expect(await store.load(['billing/refunds'])).toEqual([])
      expect(await store.revision()).toBeGreaterThan(1)
    })

    it('never gives one version to two contents, even when an article comes back', async () => {
      const article = articleNamed('billing/refunds')
      await store.replaceArticle(article)
      await store.removeArticle('billing/refunds')
      expect(await store.replaceArticle({ ...article, contentHash: 'hash-2' })).toBe(2)
    })

    it('counts each of several writes at once', async () => {
      const ids = ['a', 'b', 'c', 'd', 'e', 'f']
      await Promise.all(ids.map((id) => store.replaceArticle(articleNamed(id))))
      expect(await store.revision()).toBe(ids.length)
      expect((await store.articles()).map(({ revision }) => revision).sort()).toEqual([1, 2, 3, 4, 5, 6])
    })

    it('keeps an article of many passages in order', async () => {
      const passages = Array.from({ length: 450 }, (_, ordinal) => ({
        ordinal,
        headings: [],
        text: `Passage ${ordinal}`,
        vector: new Float32Array(3),
      }))
      await store.replaceArticle({ ...articleNamed('long'), passages })
      const [loaded] = await store.load(['long'])
      expect(loaded?.passages.map(({ ordinal }) => ordinal)).toEqual(passages.map(({ ordinal }) => ordinal))
    })
  })
}

function articleNamed(id: string): EmbeddedArticle {
  return {
    article: {
      id,
      scope: 'billing',
      title: 'Refunds',
      language: 'en',
      aliases: ['money back'],
      questions: ['Where is my “refund”?'],
      validFrom: '2026-01-01',
      validTo: undefined,
      regions: ['eu', 'ch'],
      plans: ['plus'],
      reviewed: '2026-01-01',
      reviewBy: '2026-12-31',
      text: '# Refunds\n\nThey take five days.',
      source: `articles/${id}.md`,
    },
    contentHash: 'hash-1',
    embedding: 'test-3',
    labels: [{ text: 'Refunds', vector: new Float32Array([0.1, -0.2, 1 / 3]) }],
    passages: [
      { ordinal: 0, headings: [], text: 'They take five days.', vector: new Float32Array([1, 0, 0]) },
      { ordinal: 1, headings: ['Cards', 'Abroad'], text: 'Or ten.', vector: new Float32Array([0, 1e-20, 1]) },
    ],
  }
}
