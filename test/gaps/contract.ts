import { describe, expect, test } from 'vitest'
import { turnOf } from '../conversations/small-shop.ts'
import { createRecallShop, TWICE } from '../recall/shop.ts'

/** What knowledge gaps promise. @param create an empty database's address; undefined: one of the test's own */
export function gapsContract(name: string, create: () => Promise<string | undefined>): void {
  const open = async () => createRecallShop(await create())

  describe(`knowledge gaps on ${name}`, () => {
    test('questions without an answer are put together, with personal data masked', async () => {
      const shop = await open()
      await shop.ask(TWICE)
      const first = await shop.ask('Is there a student discount?')
      await shop.ask('do you offer a discount for students')
      await shop.ask('student discount code for order #20931, I am anna@example.com')
      await shop.ask('Can I trade in my old tablet?')
      await first.say('thank you')
      const { gaps, total, questions } = await shop.gaps()
      expect({ total, questions }).toEqual({ total: 2, questions: 4 })
      expect(gaps).toMatchObject([
        {
          state: 'open',
          question: 'Is there a student discount?',
          count: 3,
          customers: 3,
          reasons: { no_passage: 3, missing_knowledge: 0, answered_by_agent: 0 },
          specialist: 'billing',
          nearest: { articleId: expect.any(String), support: expect.any(Number) },
          draft: null,
          article: null,
        },
        { question: 'Can I trade in my old tablet?', count: 1, specialist: 'returns' },
      ])
      expect(gaps[0]?.examples.map(({ text }) => text)).toEqual([
        'student discount code for order [number], I am [e-mail]',
        'do you offer a discount for students',
        'Is there a student discount?',
      ])
      const stored = await shop.app.db.selectFrom('unanswered_questions').select('text').execute()
      expect(JSON.stringify(stored)).not.toContain('anna@example.com')
      expect((await shop.gaps('?state=closed')).gaps).toEqual([])
      expect((await shop.gaps('?limit=1')).gaps).toHaveLength(1)
    })

    test('a person who was asked because knowledge was missing answers the question that is listed', async () => {
      const shop = await open()
      const asked = await shop.ask('Is there a student discount?')
      const again = await asked.say('So what is the discount for students?')
      expect(again.escalation?.reason).toBe('missing_knowledge')
      await turnOf(shop.app.desk.post(asked.conversationId, 'reply', { agent: 'Mara', text: 'One moment.' }))
      await turnOf(
        shop.app.desk.post(asked.conversationId, 'reply', {
          agent: 'Mara',
          text: 'Students get 10 %.',
        }),
      )
      const [gap] = (await shop.gaps()).gaps
      expect(gap).toMatchObject({ count: 2, customers: 1, reasons: { no_passage: 1, missing_knowledge: 1 } })
      const { body } = await shop.request('GET', `/conversations/${asked.conversationId}`)
      const { messages } = body as { messages: { id: string; text: string }[] }
      const answer = messages.find(({ text }) => text === 'Students get 10 %.')
      expect(gap?.examples.map(({ answerMessageId }) => answerMessageId)).toEqual([answer?.id, null])
    })

    test('what a customer asks a person is a question that the articles did not answer', async () => {
      const shop = await open()
      const { conversationId, say } = await shop.ask('let me talk to a human')
      const reply = (text: string) => turnOf(shop.app.desk.post(conversationId, 'reply', { agent: 'Mara', text }))
      await reply('Hello, I am Mara.')
      await say('are you there?')
      await reply('Yes, go ahead.')
      await say('Do you engrave names on bottles?')
      await reply('We do, for EUR 5.')
      const { gaps } = await shop.gaps()
      expect(gaps).toMatchObject([
        {
          question: 'Do you engrave names on bottles?',
          reasons: { no_passage: 0, missing_knowledge: 0, answered_by_agent: 1 },
          specialist: null,
        },
      ])
    })

    test('logs from before anything was noted are read at the start, once', async () => {
      const shop = await open()
      const told = await shop.ask(TWICE)
      await shop.ask('Is there a student discount?')
      const { app } = shop
      const before = [await shop.gaps(), await app.db.selectFrom('told').selectAll().execute()]
      for (const table of ['told', 'told_quotes', 'unanswered_questions', 'settings'] as const)
        await app.db.deleteFrom(table).execute()
      await app.start()
      expect([await shop.gaps(), await app.db.selectFrom('told').selectAll().execute()]).toEqual(before)
      await shop.retell('A subscription charged twice by mistake is refunded within 10 business days.')
      expect(await shop.recall()).toMatchObject({ conversations: [{ conversationId: told.conversationId }] })
    })
  })
}
