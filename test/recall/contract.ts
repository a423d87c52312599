import { describe, expect, test } from 'vitest'
import { eventually, queueOf, threadOf, turnOf } from '../conversations/small-shop.ts'
import { createRecallShop, TWICE, ZIP } from './shop.ts'

const CHANGED = 'A subscription charged twice by mistake is refunded within 10 business days. You need not cancel it.'
const OLD_SENTENCE = 'A subscription charged twice by mistake is refunded within 5 business days.'

/** What answer recall promises. @param create an empty database's address; undefined: one of the test's own */
export function recallContract(name: string, create: () => Promise<string | undefined>): void {
  const open = async () => createRecallShop(await create())

  describe(`answer recall on ${name}`, () => {
    test('when an article changes, the conversations that were told the old text are listed with what they were told', async () => {
      const shop = await open()
      const told = await shop.ask(TWICE)
      await shop.ask(ZIP)
      expect(await shop.recall()).toMatchObject({ version: 1, state: 'current', total: 0, conversations: [] })

      await shop.retell(CHANGED)
      const recall = await shop.recall()
      expect(recall).toMatchObject({ articleId: 'billing/charged-twice', version: 2, state: 'current', total: 1 })
      expect(recall.conversations).toMatchObject([
        {
          conversationId: told.conversationId,
          status: 'open',
          told: [
            {
              messageId: told.reply?.id,
              reply: told.reply?.text,
              author: { kind: 'specialist', name: 'billing' },
              quote: OLD_SENTENCE,
              version: 1,
              stands: false,
            },
          ],
          newToldAt: null,
          correction: null,
        },
      ])
      expect(await shop.recalls()).toMatchObject([
        { articleId: 'billing/charged-twice', conversations: 1, corrected: 0 },
      ])
    })

    test('a sentence that still stands word for word is listed only on demand', async () => {
      const shop = await open()
      await shop.ask(TWICE)
      await shop.retell(`${OLD_SENTENCE} We are sorry for it.`)
      expect(await shop.recall()).toMatchObject({ version: 2, total: 0 })
      const all = await shop.recall('?all=true')
      const [told] = all.conversations[0]?.told.filter(({ quote }) => quote === OLD_SENTENCE) ?? []
      expect(told).toMatchObject({ stands: true })
      // One that goes on where it ended says something else.
      await shop.retell(`${OLD_SENTENCE.slice(0, -1)} if you ask for it.`)
      expect(await shop.recall()).toMatchObject({ version: 3, total: 1 })
    })

    test('an article that is gone, or whose validity has ended, is recalled like one that changed', async () => {
      const shop = await open()
      const twice = await shop.ask(TWICE)
      const zip = await shop.ask(ZIP)
      await shop.retell(`${OLD_SENTENCE} You need not cancel it.`, { validTo: '2026-01-31' })
      expect(await shop.recall()).toMatchObject({
        state: 'ended',
        conversations: [{ conversationId: twice.conversationId, told: [{ stands: false }] }],
      })
      await shop.remove('returns/broken-zip')
      const { body } = await shop.request('GET', '/recalls/returns%2Fbroken-zip')
      expect(body).toMatchObject({ state: 'removed', conversations: [{ conversationId: zip.conversationId }] })
      expect(await shop.recalls()).toHaveLength(2)
    })

    test('who was told the new text since is marked', async () => {
      const shop = await open()
      const told = await shop.ask(TWICE)
      await shop.retell(CHANGED)
      const again = await told.say('Once more please: I was charged twice for my subscription this month')
      expect(again.reply?.citations).toMatchObject([{ version: 2 }])
      const [conversation] = (await shop.recall()).conversations
      expect(Date.parse(conversation?.newToldAt ?? '')).toBeGreaterThanOrEqual(
        Date.parse(conversation?.lastToldAt ?? ''),
      )
    })

    test('closed conversations are left out after a while, and a number of days narrows all of them', async () => {
      const shop = await open()
      const { conversationId } = await shop.ask(TWICE)
      await shop.ask(TWICE)
      await shop.retell(CHANGED)
      const days = (n: number) => Date.now() - n * 86_400_000
      await shop.app.db
        .updateTable('told')
        .set({ at: days(40) })
        .where('conversation_id', '=', conversationId)
        .execute()
      expect(await shop.recall()).toMatchObject({ total: 2 })
      await turnOf(shop.app.desk.post(conversationId, 'take-over', { agent: 'Mara' }))
      await turnOf(shop.app.desk.post(conversationId, 'close', { agent: 'Mara' }))
      expect(await shop.recall()).toMatchObject({ total: 1 })
      expect(await shop.recall('?sinceDays=60')).toMatchObject({ total: 2 })
      expect(await shop.recall('?sinceDays=60&limit=1&offset=1')).toMatchObject({
        total: 2,
        conversations: [{ conversationId, status: 'closed' }],
      })
    })

    test('a correction goes out once, and the AI has the conversation again', async () => {
      const shop = await open()
      const told = await shop.ask(TWICE)
      const other = await shop.ask(ZIP)
      await shop.retell(CHANGED)
      const conversationIds = [told.conversationId, other.conversationId]
      const correct = (agent: string) => shop.correct(agent, 'It takes 10 business days now, not 5.', conversationIds)
      const results = await Promise.all([correct('Mara'), correct('Jon')])
      expect(results.map(([first]) => first).sort()).toEqual(['accepted', 'corrected'])
      expect(results.map(([, second]) => second)).toEqual(['not_told', 'not_told'])
      expect(await correct('Ada')).toEqual(['corrected', 'not_told'])

      const listed = await eventually(async () => {
        const [first] = (await shop.recall()).conversations
        return first?.correction?.sent ? first : undefined
      })
      expect(listed.correction).toMatchObject({ sent: true, agent: expect.stringMatching(/^(Mara|Jon)$/) })
      await eventually(async () => (await threadOf(told.customer, told.conversationId)).status === 'open')
      const thread = await threadOf(told.customer, told.conversationId)
      const sent = thread.messages.filter(({ text }) => text.includes('10 business days now'))
      expect(sent).toMatchObject([{ role: 'agent', author: { name: listed.correction?.agent } }])
      expect(await queueOf(shop.app)).toEqual([])
      expect(await shop.recalls()).toMatchObject([{ conversations: 1, corrected: 1 }])
      expect(await told.say(ZIP)).toMatchObject({ status: 'answered', reply: { author: { name: 'returns' } } })

      // Another change is another reason to write.
      await shop.retell('A subscription charged twice by mistake is refunded within 7 business days.')
      expect((await shop.recall()).conversations[0]?.correction).toBeNull()
      expect(await correct('Ada')).toEqual(['accepted', 'not_told'])
    })

    test('a correction leaves a waiting conversation in the queue, and a person’s with the person', async () => {
      const shop = await open()
      const waiting = await shop.ask(TWICE)
      await waiting.say('let me talk to a human')
      const taken = await shop.ask(TWICE)
      await turnOf(shop.app.desk.post(taken.conversationId, 'take-over', { agent: 'Mara' }))
      await shop.retell(CHANGED)
      const conversationIds = [waiting.conversationId, taken.conversationId]
      await shop.correct('Jon', 'It takes 10 business days.', conversationIds)
      await eventually(async () => (await shop.recall()).conversations.every(({ correction }) => correction?.sent))
      const queue = await queueOf(shop.app)
      const of = (id: string) => queue.find(({ conversationId }) => conversationId === id)
      expect(of(waiting.conversationId)).toMatchObject({ status: 'open', agent: null })
      expect(of(taken.conversationId)).toMatchObject({ status: 'claimed', agent: 'Mara' })
    })

    test('an unknown article and a request that is not as it must be are refused', async () => {
      const shop = await open()
      expect(await shop.request('GET', '/recalls/nothing')).toMatchObject({
        status: 404,
        body: { error: { code: 'recalls.not_found' } },
      })
      expect((await shop.request('GET', '/recalls/nothing?sinceDays=x')).status).toBe(400)
      const path = '/recalls/billing%2Fcharged-twice/correct'
      expect((await shop.request('POST', path, { agent: 'Mara', text: 'x', conversationIds: [] })).status).toBe(400)
      const open401 = await shop.app.server.request('/v1/desk/recalls')
      expect(open401.status).toBe(401)
    })
  })
}
