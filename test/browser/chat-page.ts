import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { buildPagesIfStale } from '../../src/web/build.js'
import { openBrowser, openPage } from './browser.ts'
import { type DemoCustomer, type FakeServer, startFakeServer } from './fake-server.ts'

/** The sources of an answer about a double charge. */
export const citations = [
  {
    articleId: 'double-charges',
    title: 'Why you may see two charges',
    quote: 'A second charge is a hold.',
    version: '4',
  },
  { articleId: 'refunds', title: 'When refunds arrive', quote: 'Refunds arrive within 5 working days.', version: '2' },
]

/** Two customers of the demo shop. */
export const demoCustomers: DemoCustomer[] = [
  {
    id: 'cus_noa',
    name: 'Noa Berg',
    email: 'noa.berg@example.com',
    situation: 'Was charged twice for Larkfield Plus this month',
    examples: ['Why do I see two charges for Plus?', 'Please refund the second one'],
  },
  {
    id: 'cus_tom',
    name: 'Tomás Ó Briain',
    email: 'tomas@example.com',
    situation: 'His router drops the wifi every evening',
  },
]

/** What a reply carries that asks for a yes to one refund. */
export function confirm(more: Record<string, unknown> = {}) {
  return {
    kind: 'confirm',
    items: [
      {
        key: 'refund-1',
        tool: 'refund_charge',
        summary: 'refund the second charge to your Visa ending in 4242',
        amount: { minor: 790, currency: 'EUR' },
        approvals: 0,
        ...more,
      },
    ],
  }
}

/**
 * A browser for the file, a server for each test. After each test no page may have met a script error, a violation of
 * the policy, a dialog, or asked anything of another server.
 */
export function useChatPage() {
  let browser: Browser
  let server: FakeServer
  let opened: Awaited<ReturnType<typeof openPage>>[] = []

  beforeAll(async () => {
    await buildPagesIfStale()
    browser = await openBrowser()
  }, 60_000)
  afterAll(() => browser?.close())
  beforeEach(async () => {
    opened = []
    server = await startFakeServer()
  })
  afterEach(async () => {
    await Promise.all(opened.map(({ context }) => context.close()))
    await server.close()
    for (const { errors, outside } of opened) {
      expect(errors).toEqual([])
      expect(outside).toEqual([])
    }
  })

  return {
    server: () => server,
    async visit(options: Parameters<typeof openPage>[2] = {}) {
      const visited = await openPage(browser, server.url, options)
      opened.push(visited)
      return visited
    },
  }
}

/** Writes a message as a customer does. */
export async function write(page: Page, text: string) {
  await page.getByRole('textbox').fill(text)
  await page.keyboard.press('Enter')
}

/** Waits until the words stand where people see them, not only where screen readers hear them. */
export async function seen(page: Page, words: string | RegExp) {
  await page.locator('main, footer').getByText(words).first().waitFor({ timeout: 8000 })
}

/** What screen readers were told about the thread, the latest last. */
export async function announced(page: Page): Promise<string> {
  return (await page.locator('[aria-live=polite]').allTextContents()).join('')
}
