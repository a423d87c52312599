import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordTold } from '../src/conversations/told.ts'
import { openDatabase } from '../src/database/database.ts'
import { createRecalls } from '../src/desk/recalls.ts'
import { createLog } from '../src/log.ts'

/** Replies in the log, in conversations of ten; each cites one of an article's sentences. */
const MESSAGES = 100_000
const A_CONVERSATION = 10
const ARTICLES = 200
const SENTENCES = 5

/** How long a recall takes with many replies in the log, and how much noting a reply's citations adds to its turn. */
const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'))
const url = process.env.DATABASE_URL ?? `file:${join(folder, 'recall.db')}`
const database = await openDatabase(url, createLog('warn'))
const { db } = database
const clock = { now: () => Date.now(), sleep: async () => {} }

const sentence = (article: number, n: number) =>
  `Sentence ${n} of article ${article} says what a customer wants to know.`
const noted: number[] = []
for (let c = 0; c < MESSAGES / A_CONVERSATION; c += 1) {
  const id = `conversation-${c}`
  const events = Array.from({ length: A_CONVERSATION }, (_, i) => {
    const article = (c * 7 + i * 13) % ARTICLES
    const cited = [0, 1].map((n) => ({
      articleId: `billing/${article}`,
      title: `Article ${article}`,
      version: 1,
      quote: sentence(article, (c + i + n) % SENTENCES),
    }))
    const text = cited.map(({ quote }) => quote).join(' ')
    const data = { id: `${id}-${i}`, text, author: { kind: 'specialist', name: 'billing' }, citations: cited }
    return { seq: i + 1, at: Date.now() - c, type: 'message-sent', actor: 'billing', data }
  })
  await db.transaction().execute(async (trx) => {
    const row = { id, customer_id: `customer-${c % 3_000}`, channel: 'web', status: 'open' as const, specialist: null }
    await trx
      .insertInto('conversations')
      .values({ ...row, epoch: 0, event_seq: 10, event_hash: '', created_at: 0, updated_at: 0 })
      .execute()
    const logged = events.map(({ data, ...event }) => ({ ...event, conversation_id: id, data: JSON.stringify(data) }))
    await trx
      .insertInto('events')
      .values(logged.map((event) => ({ ...event, data_hash: '', hash: '' })))
      .execute()
    const before = performance.now()
    await recordTold(trx, id, events)
    noted.push((performance.now() - before) / A_CONVERSATION)
  })
}
const articles = Array.from({ length: ARTICLES }, (_, n) => ({
  id: `billing/${n}`,
  version: 2,
  revision: 1,
  removed: 0,
  scope: 'billing',
  title: `Article ${n}`,
  language: 'en',
  aliases: '[]',
  questions: '[]',
  valid_from: null,
  valid_to: null,
  body: [0, 1].map((i) => sentence(n, i)).join(' '),
  source: '',
  content_hash: '',
  embedding: '',
  labels: '[]',
}))
await db.insertInto('articles').values(articles).execute()

const recalls = createRecalls({ db, clock })
const { total } = await recalls.find('billing/7')
const one = await median(50, (n) => recalls.find(`billing/${n}`))
const page = await median(20, (n) => recalls.find(`billing/${n}`, { limit: 50 }))
const list = await median(5, () => recalls.list())
const scan = await median(3, async () => {
  const rows = await db
    .selectFrom('events')
    .select('data')
    .where('type', '=', 'message-sent')
    .where('data', 'like', '%"billing/7"%')
    .execute()
  return rows.length
})
const figures = {
  database: url.split(':')[0],
  messages: MESSAGES,
  conversationsOfOneArticle: total,
  noteAReplyMs: round(noted.toSorted((a, b) => a - b)[noted.length >> 1] ?? 0),
  recall200Ms: one,
  recall50Ms: page,
  listOf200ArticlesMs: list,
  readTheLogInsteadMs: scan,
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
await database.close()
rmSync(folder, { recursive: true })

async function median(times: number, work: (n: number) => Promise<unknown>): Promise<number> {
  const took: number[] = []
  for (let n = 0; n < times; n += 1) {
    const before = performance.now()
    await work(n)
    took.push(performance.now() - before)
  }
  return round(took.sort((a, b) => a - b)[times >> 1] ?? 0)
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
