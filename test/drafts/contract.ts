import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DESK_CHAIN, readEvents, verifyEvents } from '../../src/conversations/event-log.ts'
import { createDraftArticles } from '../../src/desk/draft-articles.ts'
import { draftWithConflicts } from '../../src/http/drafts.ts'
import { turnOf } from '../conversations/small-shop.ts'
import { createRecallShop, TWICE } from '../recall/shop.ts'

const DISCOUNT = 'Is there a student discount?'
const ANSWER =
  'Students get a discount of 10 percent on every order. Write to verify@example.com with your student card.'

/** What draft articles promise. @param create an empty database's address; undefined: one of the test's own */
export function draftsContract(name: string, create: () => Promise<string | undefined>): void {
  async function open() {
    const shop = await createRecallShop(await create())
    const draft = async (method: string, path: string, body?: unknown) => {
      const { status, body: answer } = await shop.request(method, `/drafts${path}`, body)
      expect({ path, status, answer }).toMatchObject({ status: path === '' ? 201 : 200 })
      return draftWithConflicts.parse(answer)
    }
    const refused = async (method: string, path: string, body: unknown) => {
      const { status, body: answer } = await shop.request(method, `/drafts${path}`, body)
      return { status, code: (answer as { error: { code: string } }).error.code }
    }
    return { ...shop, draft, refused }
  }
  type Shop = Awaited<ReturnType<typeof open>>

  /** A question that an agent answered. @returns the message with which */
  async function answered({ ask, app, request }: Pick<Shop, 'ask' | 'app' | 'request'>): Promise<string> {
    const { conversationId } = await ask(DISCOUNT)
    await turnOf(app.desk.post(conversationId, 'reply', { agent: 'Mara', text: ANSWER }))
    const { body } = await request('GET', `/conversations/${conversationId}`)
    return (body as { messages: { id: string }[] }).messages.at(-1)?.id ?? ''
  }

  describe(`draft articles on ${name}`, () => {
    test('an agent’s reply becomes an article that the next customer gets cited, and the gap is closed', async () => {
      const shop = await open()
      const messageId = await answered(shop)
      await shop.ask('do you offer a discount for students')
      const [gap] = (await shop.gaps()).gaps
      const begun = await shop.draft('POST', '', { agent: 'Mara', title: 'Student discount', messageId })
      expect(begun).toMatchObject({
        state: 'draft',
        scope: 'billing',
        text: 'Students get a discount of 10 percent on every order. Write to [e-mail] with your student card.',
        questions: expect.arrayContaining([DISCOUNT]),
        gapId: gap?.id,
        messageId,
        conflicts: [],
      })
      expect((await shop.gaps()).gaps).toMatchObject([{ state: 'open', draft: { id: begun.id, state: 'draft' } }])

      const text = 'Students get a discount of 10 percent on every order. Show your student card once.'
      const edited = await shop.draft('PUT', `/${begun.id}`, { agent: 'Mara', text, revision: 1 })
      expect(edited).toMatchObject({ revision: 2, text, title: 'Student discount' })
      const stale = { agent: 'Jon', revision: 1 }
      expect(await shop.refused('POST', `/${begun.id}/approve`, stale)).toEqual({ status: 409, code: 'drafts.changed' })
      const published = await shop.draft('POST', `/${begun.id}/approve`, { agent: 'Jon', revision: 2 })
      expect(published).toMatchObject({ state: 'published', decidedBy: 'Jon', articleId: 'billing/student-discount' })
      expect(readFileSync(join(shop.articles, 'billing/student-discount.md'), 'utf8')).toContain(text)

      const next = await shop.ask(DISCOUNT)
      expect(next.reply?.citations).toMatchObject([{ articleId: 'billing/student-discount', version: 1 }])
      expect((await shop.gaps()).gaps).toMatchObject([
        {
          state: 'closed',
          count: 2,
          draft: { id: begun.id, state: 'published' },
          article: { articleId: 'billing/student-discount', title: 'Student discount' },
        },
      ])
      const again = await shop.refused('POST', `/${begun.id}/approve`, { agent: 'Jon' })
      expect(again).toEqual({ status: 409, code: 'drafts.decided' })

      const events = await readEvents(shop.app.db, DESK_CHAIN)
      expect(events.map(({ type, actor }) => `${type} by ${actor}`)).toEqual([
        'draft-created by Mara',
        'draft-edited by Mara',
        'draft-approved by Jon',
        'article-published by baton',
      ])
      expect(await verifyEvents(shop.app.db, DESK_CHAIN)).toBeNull()
      await shop.app.db.updateTable('events').set({ actor: 'Eve' }).where('type', '=', 'draft-approved').execute()
      expect(await verifyEvents(shop.app.db, DESK_CHAIN)).toBe(3)
    })

    test('a draft from a gap that nobody answered needs words of its own, and is rejected with a reason', async () => {
      const shop = await open()
      await shop.ask('Can I trade in my old tablet?')
      const [gap] = (await shop.gaps()).gaps
      const wanted = { agent: 'Mara', title: 'Trade-in', gapId: gap?.id }
      expect(await shop.refused('POST', '', wanted)).toEqual({ status: 400, code: 'drafts.text_missing' })
      const begun = await shop.draft('POST', '', { ...wanted, text: 'We take no old tablets.' })
      expect(begun).toMatchObject({ scope: 'returns', questions: ['Can I trade in my old tablet?'] })
      const rejected = await shop.draft('POST', `/${begun.id}/reject`, { agent: 'Jon', reason: 'We will soon.' })
      expect(rejected).toMatchObject({ state: 'rejected', decidedBy: 'Jon', reason: 'We will soon.' })
      for (const action of ['approve', 'reject'])
        expect(await shop.refused('POST', `/${begun.id}/${action}`, { agent: 'Jon', reason: 'x' })).toMatchObject({
          status: action === 'reject' ? 409 : 400,
        })
      const { body } = await shop.request('GET', '/drafts?state=rejected')
      expect(body).toMatchObject({ drafts: [{ id: begun.id }] })
      expect((await shop.gaps()).gaps).toMatchObject([{ state: 'open', draft: { state: 'rejected' } }])
    })

    test('an article with the same title or question is reported first, and no file is ever written over', async () => {
      const shop = await open()
      const messageId = await answered(shop)
      const title = 'charged twice for a subscription!'
      const begun = await shop.draft('POST', '', { agent: 'Mara', title, messageId, questions: [TWICE] })
      expect(begun.conflicts).toMatchObject([{ articleId: 'billing/charged-twice', because: 'title' }])
      const refused = await shop.request('POST', `/drafts/${begun.id}/approve`, { agent: 'Jon' })
      expect(refused).toMatchObject({ status: 409, body: { error: { code: 'drafts.conflict' } } })
      expect(JSON.stringify(refused.body)).toContain('billing/charged-twice')
      const path = join(shop.articles, 'billing', 'charged-twice-for-a-subscription.md')
      writeFileSync(path, 'Not an article of ours.\n')
      const published = await shop.draft('POST', `/${begun.id}/approve`, { agent: 'Jon', despiteConflicts: true })
      expect(published.articleId).toBe('billing/charged-twice-for-a-subscription-2')
      expect(readFileSync(path, 'utf8')).toBe('Not an article of ours.\n')
      expect(readdirSync(join(shop.articles, 'billing')).filter((file) => file.startsWith('.'))).toEqual([])
    })

    test('what was approved when a process stopped is published at the next start, once', async () => {
      const shop = await open()
      const messageId = await answered(shop)
      const begun = await shop.draft('POST', '', { agent: 'Mara', title: 'Student discount', messageId })
      const { db } = shop.app
      await db
        .updateTable('draft_articles')
        .set({ state: 'approved', decided_by: 'Jon' })
        .where('id', '=', begun.id)
        .execute()
      await shop.app.start()
      await shop.app.start()
      expect(await shop.draft('GET', `/${begun.id}`)).toMatchObject({ state: 'published', decidedBy: 'Jon' })
      const files = readdirSync(join(shop.articles, 'billing'))
      expect(files.sort()).toEqual(['charged-twice.md', 'student-discount.md'])
      const next = await shop.ask(DISCOUNT)
      expect(next.reply?.citations).toMatchObject([{ articleId: 'billing/student-discount' }])
    })

    test('what cannot become an article is refused', async () => {
      const shop = await open()
      const messageId = await answered(shop)
      const told = await shop.ask(TWICE)
      const begin = (more: object) => shop.refused('POST', '', { agent: 'Mara', title: 'T', messageId, ...more })
      expect(await begin({ scope: '../..' })).toEqual({ status: 400, code: 'drafts.scope_unknown' })
      expect(await begin({ text: '# Only a heading\n' })).toEqual({ status: 400, code: 'drafts.empty' })
      expect(await begin({ title: 'two\nlines' })).toMatchObject({ status: 400 })
      expect(await begin({ messageId: told.reply?.id })).toEqual({ status: 404, code: 'drafts.no_message' })
      expect(await begin({ messageId: undefined })).toEqual({ status: 400, code: 'drafts.source_missing' })
      expect(await begin({ gapId: crypto.randomUUID() })).toEqual({ status: 404, code: 'drafts.no_gap' })
      const climbing = await shop.draft('POST', '', { agent: 'Mara', title: '../../../../etc/passwd', messageId })
      const { articleId } = await shop.draft('POST', `/${climbing.id}/approve`, { agent: 'Mara' })
      expect(articleId).toBe('billing/etc-passwd')
      expect((await shop.app.server.request('/v1/desk/drafts')).status).toBe(401)
    })

    test('where agents sign in as themselves, nobody agrees to their own words', async () => {
      const shop = await open()
      const messageId = await answered(shop)
      const begun = await shop.draft('POST', '', { agent: 'Mara', title: 'Student discount', messageId })
      const { db } = shop.app
      const drafts = createDraftArticles({
        db,
        clock: { now: () => Date.now(), sleep: async () => {} },
        gaps: { find: async () => undefined, questionIds: async () => [] },
        scopes: ['billing'],
        write: async () => ({ path: '', articleId: 'billing/student-discount' }),
        ingest: async () => undefined,
        knowsAgents: async () => true,
      })
      await drafts.edit(begun.id, { agent: 'Jon', title: 'Discounts for students' })
      for (const agent of ['Mara', 'jon '])
        await expect(drafts.approve(begun.id, { agent })).rejects.toMatchObject({ code: 'drafts.own' })
      expect(await drafts.approve(begun.id, { agent: 'Ada' })).toMatchObject({ state: 'published', decidedBy: 'Ada' })
    })
  })
}
