import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadSpecialists } from '../../graphs/specialists.ts'
import type { Overrides } from '../../src/app.ts'
import { gapList } from '../../src/http/gaps.ts'
import { correctionResults, recall, recallList } from '../../src/http/recalls.ts'
import { createTestApp, scratch, testConfig } from '../app.ts'
import { turnOf } from '../conversations/small-shop.ts'

/** Questions about the articles below. */
export const TWICE = 'I was charged twice for my subscription this month'
export const ZIP = 'The zipper came broken, can I send it back?'

const TWICE_ARTICLE = {
  title: 'Charged twice for a subscription',
  questions: ['Why was I charged twice for my subscription this month?'],
}
const TWICE_TEXT = 'A subscription charged twice by mistake is refunded within 5 business days. You need not cancel it.'

type FrontMatter = { title: string; questions?: string[]; validTo?: string }

/** The real application on a folder of articles that the test may write to. */
export async function createRecallShop(databaseUrl?: string, overrides: Overrides = {}) {
  const articles = join(scratch(), 'articles')
  const write = (id: string, front: FrontMatter, text: string) => {
    const path = join(articles, `${id}.md`)
    mkdirSync(dirname(path), { recursive: true })
    const [scope] = id.split('/')
    writeFileSync(path, `---\n${JSON.stringify({ scope, ...front })}\n---\n${text}\n`)
  }
  write('billing/charged-twice', TWICE_ARTICLE, TWICE_TEXT)
  write(
    'returns/broken-zip',
    { title: 'Broken zip', questions: [ZIP] },
    'A bag that arrives with a broken zip can be sent back free of charge within 30 days.',
  )
  const specialists = (await loadSpecialists()).map(({ tools: _, ...specialist }) => specialist)
  const config = testConfig({ ARTICLES_DIR: articles, ...(databaseUrl && { DATABASE_URL: databaseUrl }) })
  const app = await createTestApp({ specialists, ...overrides }, config)
  const headers = { Authorization: `Bearer ${app.deskToken}`, 'Content-Type': 'application/json' }
  const request = async (method: string, path: string, body?: unknown) => {
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) }
    const response = await app.server.request(`/v1/desk${path}`, init)
    return { status: response.status, body: await response.json() }
  }
  return {
    app,
    config,
    articles,
    /** A request at the desk. */
    request,
    /** Asks in a conversation of its own. */
    async ask(text: string) {
      const customer = app.customer()
      const turn = await turnOf(customer.say(text))
      return {
        ...turn,
        customer,
        say: (more: string) => turnOf(customer.say({ conversationId: turn.conversationId, text: more })),
      }
    },
    /** Puts another text into an article, and ingests it. */
    async rewrite(id: string, front: FrontMatter, text: string) {
      write(id, front, text)
      await app.ingest([articles])
    },
    /** The same article with another text. */
    async retell(text: string, more: Partial<FrontMatter> = {}) {
      write('billing/charged-twice', { ...TWICE_ARTICLE, ...more }, text)
      await app.ingest([articles])
    },
    async remove(id: string) {
      rmSync(join(articles, `${id}.md`))
      await app.ingest([articles])
    },
    /** Who was told the old text of the article about double charges. */
    recall: async (query = '') => recall.parse((await request('GET', `/recalls/billing%2Fcharged-twice${query}`)).body),
    /** Articles that have changed since somebody was told from them. */
    recalls: async () => recallList.parse((await request('GET', '/recalls')).body).recalls,
    /** What nobody could answer. */
    gaps: async (query = '') => gapList.parse((await request('GET', `/gaps${query}`)).body),
    /** Sends a correction of the article about double charges. */
    async correct(agent: string, text: string, conversationIds: string[]) {
      const { body } = await request('POST', '/recalls/billing%2Fcharged-twice/correct', {
        agent,
        text,
        conversationIds,
      })
      return correctionResults.parse(body).results.map(({ result }) => result)
    },
  }
}
